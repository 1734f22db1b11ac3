import type { Visit } from '../contract/visits.ts'
import type { Db } from '../core/db.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Feature, Kit } from '../core/kit.ts'
import type { Scope } from '../people/index.ts'
import { listClaims } from './claims.ts'
import { createKeeper } from './keeper.ts'
import { coverageRoutes } from './coverageRoutes.ts'
import { hearHandovers } from './handovers.ts'
import { planRoutes } from './planRoutes.ts'
import { planningRoutes } from './planningRoutes.ts'
import { listKept, type WantedVisits } from './queries.ts'
import { refreshVisits, type Means } from './refresh.ts'
import { shareRoutes } from './shares.ts'
import { stepChore } from './steps.ts'
import { ownVisit } from './visitPage.ts'
import { visitRoutes } from './visitRoutes.ts'

export { confirmSeen } from './confirmSeen.ts'
export { insertPlan } from './planQueries.ts'
export { isProven, MATCH_RULES, matchVisits } from './match.ts'
export { mayVisit, scopeOf } from './policy.ts'
export { listPlans } from './queries.ts'
export type { ListClaims } from './refresh.ts'

export interface VisitsDoor extends Feature {
  /** Visits of people, newest first, as everything known now tells them. */
  listVisits(
    db: Db,
    scope: Scope,
    wanted: WantedVisits & { personIds: readonly string[] },
  ): Promise<Visit[]>
  /** A visit of the viewer's own. @throws Fault `not_found`, `not_allowed` */
  ownVisit(viewer: Viewer, id: string): Promise<Visit>
}

/** Plans, what came of them, and what is said of a visit. @param claims check-ins that count */
export function createVisits(kit: Kit, orgId: string, claims = listClaims): VisitsDoor {
  const { db, clock, facts } = kit
  const means: Means = { db, clock, facts, claims }
  const keeper = createKeeper(kit, means)
  hearHandovers(kit)
  return {
    routes: [
      ...planRoutes(kit, means),
      ...planningRoutes(kit),
      ...visitRoutes(kit, means),
      ...coverageRoutes(kit),
      ...shareRoutes(kit, orgId),
    ],
    chores: [...keeper.chores, stepChore(kit)],
    close: keeper.close,
    ownVisit: (viewer, id) => ownVisit(means, viewer, id),
    async listVisits(on, scope, wanted) {
      const { personIds, from, to } = wanted
      await refreshVisits({ ...means, db: on }, { orgId: scope.orgId, personIds, from, to })
      return listKept(on, scope, wanted)
    },
  }
}
