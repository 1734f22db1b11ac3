import type { Visit } from '../contract/visits.ts'
import type { Db } from '../core/db.ts'
import type { Feature, Kit } from '../core/kit.ts'
import { createKeeper } from './keeper.ts'
import { planRoutes } from './planRoutes.ts'
import { listKept, type Scope, type WantedVisits } from './queries.ts'
import { refreshVisits, type ListClaims } from './refresh.ts'
import { visitRoutes } from './visitRoutes.ts'

export { isProven, MATCH_RULES, matchVisits } from './match.ts'
export { findVisit } from './queries.ts'
export type { ListClaims } from './refresh.ts'

export interface VisitsDoor extends Feature {
  /** Visits of people, newest first, as everything known now tells them. */
  listVisits(
    db: Db,
    scope: Scope,
    wanted: WantedVisits & { personIds: readonly string[] },
  ): Promise<Visit[]>
}

/** Plans, what came of them, and what is said of a visit. @param claims check-ins that count */
export function createVisits(kit: Kit, claims: ListClaims): VisitsDoor {
  const { db, clock, facts } = kit
  const means = { db, clock, facts, claims }
  const keeper = createKeeper(kit, means)
  return {
    routes: [...planRoutes(kit, means), ...visitRoutes(kit, means)],
    chores: keeper.chores,
    close: keeper.close,
    async listVisits(on, scope, wanted) {
      const { personIds, from, to } = wanted
      await refreshVisits({ ...means, db: on }, { orgId: scope.orgId, personIds, from, to })
      return listKept(on, scope, wanted)
    },
  }
}
