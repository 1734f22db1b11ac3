import { v7 as uuid } from 'uuid'
import { ReportWish, type MadeReportShare } from '../contract/reports.ts'
import { Fault } from '../core/errors.ts'
import { linkHashOf, newLink } from '../core/http/links.ts'
import type { RawAsked, RawReply, Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { viewerOf } from '../people/index.ts'
import type { Ask } from './ask.ts'
import { gonePage, reportPage } from './page.ts'
import { deleteEnded, findShare, insertLook, insertShare } from './queries.ts'
import { written } from './written.ts'

const HOUR_MS = 3_600_000
const FORGOTTEN_MS = 180 * 24 * HOUR_MS // after a link's end, who opened it is forgotten

export interface Means {
  kit: Kit
  ask: Ask
}

/**
 * A link to a report that its maker may see himself. Only a hash of it is kept: nobody can find it again, but
 * another can be made.
 * @throws Fault as the report's own endpoints
 */
export async function makeShare(
  { kit, ask }: Means,
  viewer: Viewer,
  { wish, hours }: { wish: ReportWish; hours: number },
): Promise<MadeReportShare> {
  await written(ask, viewer, wish)
  const { orgId, id: personId } = viewer
  const { token, tokenHash } = newLink()
  const madeAt = kit.clock.now()
  const made = { id: uuid(), madeAt, expiresAt: madeAt + hours * HOUR_MS }
  await insertShare(kit.db, { orgId, personId }, { ...made, wish, tokenHash })
  await deleteEnded(kit.db, orgId, madeAt - FORGOTTEN_MS)
  return { id: made.id, url: `${kit.config.publicUrl}/r/${token}`, expiresAt: made.expiresAt }
}

/**
 * What somebody with a link sees: the report as its maker would see it now. A maker who has left or lost his right
 * shows no more, and a link that is wrong, ended or revoked looks the same.
 */
export async function openShare(
  { kit, ask }: Means,
  orgId: string,
  asked: RawAsked,
): Promise<RawReply> {
  const now = kit.clock.now()
  const tokenHash = linkHashOf(asked)
  const share = tokenHash && (await findShare(kit.db, orgId, tokenHash, now))
  const viewer = share && (await viewerOf(kit.db, orgId, share.personId))
  if (!share || !viewer) return gonePage()
  const content = await written(ask, viewer, ReportWish.parse(share.wish)).catch(refusedIsNull)
  if (content === null) return gonePage()
  const look = { id: uuid(), shareId: share.id, at: now, address: asked.ip }
  await insertLook(kit.db, { orgId, personId: share.personId }, look)
  return reportPage(content, { by: viewer.name, expiresAt: share.expiresAt, now })
}

/** The report for the paper of who is signed in. @throws Fault as its endpoints */
export async function printed({ kit, ask }: Means, asked: RawAsked): Promise<RawReply> {
  if (!asked.viewer) throw new Fault('not_signed_in', 'sign in to print a report')
  const wish = ReportWish.safeParse(Object.fromEntries(asked.query))
  if (!wish.success) throw new Fault('bad_input', 'the address names no report')
  const content = await written(ask, asked.viewer, wish.data)
  return reportPage(content, { by: asked.viewer.name, expiresAt: null, now: kit.clock.now() })
}

function refusedIsNull(error: unknown): null {
  if (error instanceof Fault && error.code !== 'internal') return null
  throw error
}
