import type { AnnouncementInput, SentAnnouncement } from '../contract/announcements.ts'
import { Fault, found } from '../core/errors.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import type { Press } from '../core/notify.ts'
import { beforeOf } from '../core/pages.ts'
import { subtreeOf } from '../people/index.ts'
import {
  insertAnnouncement,
  listSent,
  listTold,
  noteRead,
  withdrawAnnouncement,
} from './queries.ts'
import { announcementOf, keyOf, READ } from './tell.ts'

type Means = Pick<Kit, 'db' | 'clock' | 'notify'>

/**
 * Writes an announcement down; those it is for are told soon after. Again with the same id nothing changes.
 * @throws Fault `bad_input` for departments that the viewer does not lead
 */
export async function publish(
  kit: Means,
  viewer: Viewer,
  input: AnnouncementInput,
): Promise<SentAnnouncement> {
  const { orgId, id: by } = viewer
  refuseForeign(viewer, input.departmentIds)
  const receivers = input.departmentIds.length === 0 ? null : await subtreeOf(kit.db, orgId, input.departmentIds) // prettier-ignore
  if (receivers?.length === 0) throw departmentFault('there is no such department')
  await kit.db.transact((tx) =>
    insertAnnouncement(tx, { ...input, orgId, by, receivers, at: kit.clock.now() }),
  )
  return sentOf(kit, viewer, input.id)
}

/** Who leads departments writes to those; to everybody who sees everybody. */
function refuseForeign({ departments }: Viewer, wanted: readonly string[]) {
  if (departments === 'all') return
  if (wanted.length === 0) throw departmentFault('must name departments that you lead')
  if (wanted.some((id) => !departments.includes(id)))
    throw departmentFault('must be departments that you lead')
}

const departmentFault = (rule: string) =>
  new Fault('bad_input', `departmentIds: ${rule}`, [{ field: 'departmentIds', rule }])

/** Of whose announcements somebody sees who has read them: of his own, or of all. */
export const followedBy = ({ id, departments }: Viewer) => (departments === 'all' ? null : id)

/** @throws Fault `not_found`, also for what is another's */
export async function sentOf({ db }: Pick<Kit, 'db'>, viewer: Viewer, id: string) {
  const wanted = {
    by: followedBy(viewer),
    id,
    before: beforeOf(undefined, Number.MAX_SAFE_INTEGER / 1000),
    limit: 1,
  }
  const [sent] = await listSent(db, viewer.orgId, wanted)
  return found(sent, 'this announcement')
}

/** Takes it back: nobody sees it any more, cards leave the chat or say so. @throws Fault `not_found` */
export async function withdraw(kit: Means, viewer: Viewer, id: string) {
  await sentOf(kit, viewer, id)
  const { orgId } = viewer
  const at = kit.clock.now()
  await kit.db.transact(async (tx) => {
    await withdrawAnnouncement(tx, orgId, id, at)
    for (const { personId } of await listTold(tx, orgId, id))
      for (const again of [false, true])
        await kit.notify.close(tx, { orgId, personId, key: keyOf(id, again), text: '已撤回 Withdrawn', recall: true, at }) // prettier-ignore
  })
  return sentOf(kit, viewer, id)
}

/** Somebody has read it; his cards say so. @returns false when there is nothing of his to read */
export async function read(kit: Means, who: { orgId: string; personId: string }, id: string) {
  const at = kit.clock.now()
  return kit.db.transact(async (tx) => {
    const isHis = await noteRead(tx, who.orgId, { personId: who.personId, id, at })
    if (isHis)
      for (const again of [false, true])
        await kit.notify.close(tx, { ...who, key: keyOf(id, again), text: '已读 Read', at })
    return isHis
  })
}

/** The button of a card. */
export async function pressed(kit: Means, { key, button, ...who }: Press): Promise<string | null> {
  const id = announcementOf(key)
  if (id === null || button !== READ) return null
  return (await read(kit, who, id)) ? '已读 Read' : '已撤回 Withdrawn'
}
