import { v5 as named } from 'uuid'
import type { Db } from '../core/db.ts'
import { listKept, type PeopleDays } from './queries.ts'
import { insertEntry } from './visitQueries.ts'

const MOST = 2000

/**
 * People say of their stays without a check-in that they were visits: for demonstrations.
 * @param word `isTold`: of which visits, by their id
 */
export async function confirmSeen(
  db: Db,
  { orgId, personIds, from, to }: PeopleDays,
  word: { isTold: (visitId: string) => boolean; at: number },
): Promise<void> {
  const wanted = { personIds, from, to, status: 'unlogged' as const, limit: MOST }
  const visits = await listKept(db, { orgId, departments: 'all' }, wanted)
  for (const { id, personId, customerId, date, from: at } of visits.filter((visit) =>
    word.isTold(visit.id),
  ))
    // prettier-ignore
    await insertEntry(db, {
      ...{ orgId, personId, visitId: id, customerId, date, at },
      madeAt: word.at,
      madeBy: personId,
      entry: { id: named(`confirm ${id}`, named.URL), kind: 'confirm' },
    })
}
