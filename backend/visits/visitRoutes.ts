import { Visits, VisitsQuery } from '../contract/visits.ts'
import { isSupervisor, route } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { mayVisit, personFor } from './policy.ts'
import { listKept, listReps } from './queries.ts'
import { refreshVisits, type Means } from './refresh.ts'

const MOST = 2000

export const visitRoutes = (kit: Kit, means: Means) => [visitsRoute(kit, means)]

function visitsRoute(kit: Kit, means: Means) {
  return route({
    method: 'GET',
    path: '/api/v1/visits',
    summary: 'Visits: mine, one person’s, or those of everybody in my scope, newest first',
    query: VisitsQuery,
    reply: Visits,
    allow: mayVisit,
    run: async ({ viewer, query }) => {
      const { personId, from, to } = query
      const all = personId === undefined && isSupervisor(viewer)
      const people = all
        ? await listReps(kit.db, viewer, null)
        : [await personFor(kit.db, viewer, personId)]
      const personIds = people.map((person) => person.id)
      await refreshVisits(means, { orgId: viewer.orgId, personIds, from, to })
      const scope = { orgId: viewer.orgId, departments: 'all' } as const
      return {
        visits: await listKept(kit.db, scope, {
          ...query,
          personIds,
          limit: MOST,
        }),
      }
    },
  })
}
