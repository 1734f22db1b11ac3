import { listCheckins, type ListedCheckin } from '../checkins/index.ts'
import type { Claim } from './match.ts'
import type { ListClaims } from './refresh.ts'

const DAY_MS = 86_400_000

/** What check-ins claim; those that were refused claim nothing. */
export const listClaims: ListClaims = async (db, { orgId, personIds, from, to }) => {
  const span = { from: Date.parse(from) - 2 * DAY_MS, to: Date.parse(to) + 3 * DAY_MS } // zones and nights
  const checkins = await listCheckins(db, { orgId, personIds, ...span })
  const dated = checkins.filter(({ date }) => from <= date && date <= to)
  return claimsOf(dated)
}

type Said = Pick<ListedCheckin, 'id' | 'personId' | 'kind' | 'at' | 'date' | 'customerId' | 'standing'> // prettier-ignore

/**
 * Each check-in at a customer until its person's next check-out there, if nothing came between.
 * @param checkins by person and time
 */
export function claimsOf(
  checkins: readonly Said[],
): (Claim & { personId: string; date: string })[] {
  const counting = checkins.filter((each) => each.standing !== 'refused' && each.kind !== 'punch')
  return counting.flatMap((each, index) => {
    if (each.kind !== 'in' || each.customerId === null) return []
    const { id, personId, date, customerId, at } = each
    const next = counting[index + 1]
    const isItsOut =
      next?.kind === 'out' && next.personId === personId && next.customerId === customerId
    return [{ id, personId, date, customerId, from: at, to: isItsOut ? next.at : at }]
  })
}
