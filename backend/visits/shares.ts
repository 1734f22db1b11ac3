import qrcode from 'qrcode'
import { v7 as uuid } from 'uuid'
import { noteAnswer } from '../checkins/index.ts'
import { ShareAnswer, type Share } from '../contract/visits.ts'
import { Fault } from '../core/errors.ts'
import { createLinkGuard, linkHashOf, newLink } from '../core/http/links.ts'
import { rawRoute, type RawAsked, type RawReply, type Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { rulesOf } from './plans.ts'
import type { Means } from './refresh.ts'
import { gonePage, sharePage } from './sharePage.ts'
import { ownVisit } from './visitPage.ts'
import { answerShare, findShare, insertShare } from './visitQueries.ts'

const HOUR_MS = 3_600_000

/**
 * A link for the customer of one's own visit, and its QR code. Only the hash is kept: nobody can
 * find the link again, but another can be made.
 * @throws Fault `bad_input` when nobody was there
 */
export async function share(
  kit: Pick<Kit, 'config'>,
  means: Means,
  viewer: Viewer,
  visitId: string,
): Promise<Share> {
  const { orgId, id: personId } = viewer
  const visit = await ownVisit(means, viewer, visitId)
  if (visit.from === null)
    throw new Fault('bad_input', 'id: nobody was there, so there is nothing to confirm', [
      { field: 'id', rule: 'a visit with a check-in or a stay' },
    ])
  const { token, tokenHash } = newLink()
  const madeAt = means.clock.now()
  const { shareHours } = await rulesOf(means.db, orgId)
  const expiresAt = madeAt + shareHours * HOUR_MS
  const key = { orgId, personId, visitId, id: uuid(), customerId: visit.customerId }
  await insertShare(means.db, { ...key, tokenHash, madeAt, expiresAt })
  const url = `${kit.config.publicUrl}/v/${token}`
  return { url, qr: await qrcode.toString(url, { type: 'svg', margin: 1 }), expiresAt }
}

/** The customer's page, without a session. What is wrong, expired or unknown looks the same. */
export function shareRoutes(kit: Kit, orgId: string) {
  const guarded = createLinkGuard()
  const summary = 'A customer confirms a visit by the link he was given'
  const path = '/v/:token'
  return [
    rawRoute({ method: 'GET', path, summary, raw: guarded((asked) => show(kit, orgId, asked)) }),
    rawRoute({ method: 'POST', path, summary, raw: guarded((asked) => take(kit, orgId, asked)) }),
  ]
}

async function show(kit: Kit, orgId: string, asked: RawAsked): Promise<RawReply> {
  const tokenHash = linkHashOf(asked)
  const found = tokenHash && (await findShare(kit.db, orgId, tokenHash, kit.clock.now()))
  return found ? sharePage(found, asked.viewer !== null) : gonePage()
}

/** Somebody who is signed in here is no customer: a rep can not answer for one in his own browser. */
async function take(kit: Kit, orgId: string, asked: RawAsked): Promise<RawReply> {
  const tokenHash = linkHashOf(asked)
  const at = kit.clock.now()
  const found = tokenHash && (await findShare(kit.db, orgId, tokenHash, at))
  if (!tokenHash || !found) return gonePage()
  if (asked.viewer !== null) return sharePage(found, true)
  const said = answerOf(new URLSearchParams(await asked.text()))
  await kit.db.transact(async (tx) => {
    if ((await answerShare(tx, orgId, { tokenHash, ...said, at })) === 0) return
    await noteAnswer(tx, { orgId, ...found, ...said, at })
    await kit.notify.tell(tx, {
      orgId,
      personId: found.personId,
      key: `share:${tokenHash}`,
      topic: 'notice',
      title: said.tookPlace
        ? `${found.customer} 确认了您的拜访`
        : `${found.customer} 说拜访没有发生`,
      text:
        [said.rating === null ? '' : `评分 ${said.rating} / 5`, said.comment].join(' ').trim() ||
        '没有留言',
      path: `/visits/${found.visitId}`,
      at,
    })
  })
  const answered = await findShare(kit.db, orgId, tokenHash, at)
  return answered ? sharePage(answered, false) : gonePage()
}

/** @throws Fault `bad_input` */
function answerOf(form: URLSearchParams) {
  const rating = form.get('rating')
  const parsed = ShareAnswer.safeParse({
    tookPlace: { yes: true, no: false }[form.get('tookPlace') ?? ''],
    rating: rating === null || rating === '' ? null : Number(rating),
    comment: form.get('comment') ?? '',
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Fault(
    'bad_input',
    `${issue?.path.join('.') ?? 'form'}: ${issue?.message ?? 'not valid'}`,
  )
}
