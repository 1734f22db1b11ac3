import {
  Colleagues,
  DatePath,
  Handover,
  HandoverAnswer,
  HandoverInput,
  Handovers,
  HoursPath,
  Optimised,
  OptimiseInput,
  Proposals,
  ProposalsQuery,
} from '../contract/plans.ts'
import { found } from '../core/errors.ts'
import { route, signedIn, type Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { dateAt } from '../people/index.ts'
import { findHandover, listColleagues, listHandovers } from './handoverQueries.ts'
import { answer, offer } from './handovers.ts'
import { optimise, proposals } from './planning.ts'
import { mayVisit } from './policy.ts'

export const planningRoutes = (kit: Kit) => [
  optimiseRoute(kit),
  proposalsRoute(kit),
  colleaguesRoute(kit),
  offerRoute(kit),
  answerRoute(kit),
  handoversRoute(kit),
]

/** Who goes himself. */
const isRep = (viewer: Viewer) => signedIn(viewer) && viewer.role === 'rep'

function optimiseRoute(kit: Kit) {
  return route({
    method: 'POST',
    path: '/api/v1/plans/:date/optimise',
    summary: 'The best order of a date’s stops, by opening hours, appointments and my own speeds',
    params: DatePath,
    input: OptimiseInput,
    reply: Optimised,
    allow: mayVisit,
    run: ({ viewer, params, input }) => optimise(kit, viewer, { ...input, date: params.date }),
  })
}

function proposalsRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/plans/proposals',
    summary: 'A week filled with customers that are due by their tier',
    query: ProposalsQuery,
    reply: Proposals,
    allow: mayVisit,
    run: ({ viewer, query }) => proposals(kit, viewer, query),
  })
}

function colleaguesRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/plans/colleagues',
    summary: 'Who can take a stop of mine over',
    reply: Colleagues,
    allow: isRep,
    run: async ({ viewer }) => ({
      colleagues: await listColleagues(kit.db, viewer.orgId, viewer.id),
    }),
  })
}

function offerRoute(kit: Kit) {
  return route({
    method: 'POST',
    path: '/api/v1/plans/:date/handovers',
    summary: 'Offer a stop of mine to a colleague',
    params: DatePath,
    input: HandoverInput,
    reply: Handover,
    allow: isRep,
    run: async ({ viewer, params, input }) => {
      await offer(kit, viewer, { ...input, date: params.date })
      const mine = { id: input.id, personId: viewer.id }
      return found(await findHandover(kit.db, viewer.orgId, mine), 'this offer')
    },
  })
}

function answerRoute(kit: Kit) {
  return route({
    method: 'POST',
    path: '/api/v1/handovers/:id/answer',
    summary: 'Take a stop over that a colleague offers, or decline',
    params: HoursPath,
    input: HandoverAnswer,
    reply: Handover,
    allow: isRep,
    run: ({ viewer, params, input }) =>
      answer(kit, { orgId: viewer.orgId, id: params.id, toId: viewer.id, accept: input.accept }),
  })
}

function handoversRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/handovers',
    summary: 'Stops offered to me and by me, from today on',
    reply: Handovers,
    allow: isRep,
    run: async ({ viewer }) => {
      const from = dateAt(kit.clock.now() - 86_400_000, 'UTC')
      const whose = { personId: viewer.id, from }
      return { handovers: await listHandovers(kit.db, viewer.orgId, whose) }
    },
  })
}
