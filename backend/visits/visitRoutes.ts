import {
  Share,
  StepInput,
  StepPath,
  VisitEntry,
  VisitPage,
  VisitPath,
  Visits,
  VisitsQuery,
} from '../contract/visits.ts'
import { isSupervisor, route } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { mayVisit, personFor } from './policy.ts'
import { listKept, listReps } from './queries.ts'
import { refreshVisits, type Means } from './refresh.ts'
import { share } from './shares.ts'
import { endStep, planStep, readVisit, tellVisit } from './visitPage.ts'

const MOST = 2000

export const visitRoutes = (kit: Kit, means: Means) => [
  visitsRoute(kit, means),
  visitRoute(means),
  tellRoute(means),
  stepRoute(means),
  stepDoneRoute(means),
  shareRoute(kit, means),
]

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

function visitRoute(means: Means) {
  return route({
    method: 'GET',
    path: '/api/v1/visits/:id',
    summary: 'One visit with everything that was said of it',
    params: VisitPath,
    reply: VisitPage,
    allow: mayVisit,
    run: ({ viewer, params }) => readVisit(means, viewer, params.id),
  })
}

function tellRoute(means: Means) {
  return route({
    method: 'POST',
    path: '/api/v1/visits/:id/entries',
    summary: 'Say something of my visit: confirm it, a note, its goal, photos, a form',
    params: VisitPath,
    input: VisitEntry,
    reply: VisitPage,
    allow: mayVisit,
    run: async ({ viewer, params, input }) => {
      await tellVisit(means, viewer, params.id, input)
      return readVisit(means, viewer, params.id)
    },
  })
}

function stepRoute(means: Means) {
  return route({
    method: 'POST',
    path: '/api/v1/visits/:id/steps',
    summary: 'What I mean to do next here; I am reminded when its time has come',
    params: VisitPath,
    input: StepInput,
    reply: VisitPage,
    allow: mayVisit,
    run: async ({ viewer, params, input }) => {
      await planStep(means, viewer, params.id, input)
      return readVisit(means, viewer, params.id)
    },
  })
}

function stepDoneRoute(means: Means) {
  return route({
    method: 'POST',
    path: '/api/v1/visits/:id/steps/:stepId/done',
    summary: 'It is done',
    params: StepPath,
    reply: VisitPage,
    allow: mayVisit,
    run: async ({ viewer, params }) => {
      await endStep(means, viewer, params)
      return readVisit(means, viewer, params.id)
    },
  })
}

function shareRoute(kit: Kit, means: Means) {
  return route({
    method: 'POST',
    path: '/api/v1/visits/:id/shares',
    summary: 'A link and QR code with which the customer confirms and rates my visit',
    params: VisitPath,
    reply: Share,
    allow: mayVisit,
    run: ({ viewer, params }) => share(kit, means, viewer, params.id),
  })
}
