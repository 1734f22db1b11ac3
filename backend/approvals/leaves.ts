import type { LeaveKind } from '../contract/approvalSettings.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import { balancesOf } from './ledger.ts'
import type { Examined } from './prepare.ts'
import { listOverlaps } from './queries.ts'

/** Which kinds may not share a minute with which. Overtime may lie in an outing or a trip. */
const AGAINST: Record<string, readonly string[]> = {
  leave: ['leave', 'outing', 'trip', 'overtime'],
  outing: ['leave', 'outing', 'trip'],
  trip: ['leave', 'outing', 'trip'],
  overtime: ['leave', 'overtime'],
}

/** Throws Fault `overlaps`, whose details name the other request. */
export async function refuseOverlap(tx: Db, { who, asking, bounds }: Examined): Promise<void> {
  const kinds = AGAINST[asking.details.kind] ?? []
  const [other] = await listOverlaps(tx, who, { ...bounds, kinds })
  if (!other) return
  const { id, kind, state, from, to } = other
  throw new Fault('overlaps', `span: ${kind} ${id} has ${from} to ${to} already`, {
    ...{ id, kind, state, from, to },
  })
}

/** Throws Fault `bad_input`, `not_enough`. */
export async function refuseLeave(tx: Db, examined: Examined, kind: LeaveKind): Promise<void> {
  refuseAmount(examined, kind)
  if (kind.balance !== 'none') await refuseOverdraft(tx, examined, kind)
}

function refuseAmount({ minutes, leave, asking }: Examined, kind: LeaveKind) {
  const days = minutes / leave.minutesPerDay
  const { maxDays, photoAfterDays } = kind
  if (minutes === 0) throw new Fault('bad_input', 'span: there is no working time in it')
  if (maxDays !== null && days > maxDays)
    throw new Fault('bad_input', `span: at most ${maxDays} days at once`)
  if (photoAfterDays !== null && days > photoAfterDays && asking.photoIds.length === 0)
    throw new Fault('bad_input', `photoIds: over ${photoAfterDays} days this leave needs a photo`)
}

async function refuseOverdraft(
  tx: Db,
  { who, from, minutes, leave }: Examined,
  { key }: LeaveKind,
): Promise<void> {
  const asked = { orgId: who.orgId, personIds: [who.personId] }
  const balances = (await balancesOf(tx, asked, { leave, date: from })).get(who.personId) ?? []
  const left = balances.find((each) => each.leaveKind === key)?.left ?? 0
  if (left < minutes)
    throw new Fault('not_enough', `span: takes ${minutes} minutes, ${left} are left`, {
      minutes,
      left,
    })
}
