import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import {
  Colleagues,
  Delegations,
  FlowReply,
  NewDelegation,
  NewFlow,
  PeopleQuery,
} from '../contract/approvalSettings.ts'
import type { Kit } from '../core/kit.ts'
import { route, signedIn, type Route, type Viewer } from '../core/http/route.ts'
import { delegate, endDelegation, listDelegations } from './delegations.ts'
import { namedOf } from './chart.ts'
import { listPeopleFrom } from './ledger.ts'
import { maySet } from './policy.ts'
import { loadFlow, saveFlow } from './settings.ts'
import { peopleNamed } from './queries.ts'

/** How requests go, who stands in for whom, and whom one can choose. */
export function settingRoutes(kit: Kit): Route[] {
  return [...flowRoutes(kit), ...delegationRoutes(kit), colleaguesRoute(kit)]
}

async function readFlow({ db }: Kit, { orgId }: Viewer) {
  const kept = await loadFlow(db, orgId)
  return { ...kept, people: await peopleNamed(db, orgId, namedOf(kept.flow)) }
}

function flowRoutes(kit: Kit): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/v1/approval-flow', reply: FlowReply, allow: maySet },
      summary: 'How requests go: rules with their steps',
      run: ({ viewer }) => readFlow(kit, viewer),
    }),
    route({
      ...{ method: 'PUT', path: '/api/v1/approval-flow', input: NewFlow },
      ...{ reply: FlowReply, allow: maySet },
      summary: 'Say how requests go from now on; those under way keep their steps',
      run: async ({ viewer, input }) => {
        await saveFlow(kit.db, viewer, input, kit.clock.now())
        return readFlow(kit, viewer)
      },
    }),
  ]
}

function delegationRoutes(kit: Kit): Route[] {
  const mine = async (viewer: Viewer) => ({
    delegations: await listDelegations(kit.db, viewer, kit.clock.now()),
  })
  return [
    route({
      ...{ method: 'GET', path: '/api/v1/delegations', reply: Delegations, allow: signedIn },
      summary: 'Who stands in for me, and for whom I do',
      run: ({ viewer }) => mine(viewer),
    }),
    route({
      ...{ method: 'POST', path: '/api/v1/delegations', input: NewDelegation },
      ...{ reply: Delegations, allow: signedIn },
      summary: 'Let a colleague decide in my place for a time',
      run: async ({ viewer, input }) => {
        await delegate(kit.db, viewer, input, kit.clock.now())
        return mine(viewer)
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/v1/delegations/:id/end', input: z.object({}) },
      ...{ params: z.object({ id: z.uuid() }), reply: Delegations, allow: signedIn },
      summary: 'End a delegation of mine now',
      run: async ({ viewer, params }) => {
        const ending = { id: params.id, endId: uuid(), now: kit.clock.now() }
        await endDelegation(kit.db, viewer, ending)
        return mine(viewer)
      },
    }),
  ]
}

/** Names and departments of colleagues are no secret inside of a company. */
function colleaguesRoute(kit: Kit): Route {
  return route({
    method: 'GET',
    path: '/api/v1/colleagues',
    summary: 'Colleagues by name, to choose one who stands in or is asked',
    query: PeopleQuery,
    reply: Colleagues,
    allow: signedIn,
    run: async ({ viewer, query }) => ({
      people: await listPeopleFrom(kit.db, viewer.orgId, query),
    }),
  })
}
