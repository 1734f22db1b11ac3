import type { ListVisits } from './attendance/index.ts'
import { isProven, type VisitsDoor } from './visits/index.ts'

const MOST_VISITS = 100_000 // of the people and dates that attendance asks for at once

/** Visits that are outing time, where the rules count them so: with a stay and a claim or plan. */
export const provenVisits =
  (visits: Pick<VisitsDoor, 'listVisits'>): ListVisits =>
  async (db, { orgId, personIds, from, to }) => {
    const wanted = { personIds, from, to, limit: MOST_VISITS }
    const all = await visits.listVisits(db, { orgId, departments: 'all' }, wanted)
    return all.flatMap(
      ({ id, personId, status, from: begin, to: end }) =>
      begin !== null && end !== null && isProven(status) ? [{ id, personId, from: begin, to: end }] : [], // prettier-ignore
    )
  }
