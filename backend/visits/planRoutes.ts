import {
  HoursChange,
  HoursPath,
  PlanDays,
  PlanDay,
  PlanInput,
  PlanRules,
  PlansQuery,
} from '../contract/plans.ts'
import { found } from '../core/errors.ts'
import { isAdmin, isSupervisor, route, signedIn, type Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { customerExists } from '../customers/index.ts'
import { v7 as uuid } from 'uuid'
import { deleteHours, insertRules, upsertHours } from './planQueries.ts'
import { rulesOf, savePlan, showPlans } from './plans.ts'
import { mayVisit, personFor } from './policy.ts'
import { listReps } from './queries.ts'
import type { Means } from './refresh.ts'

export const planRoutes = (kit: Kit, means: Means) => [
  plansRoute(kit, means),
  savePlanRoute(kit, means),
  rulesRoute(kit),
  saveRulesRoute(kit),
  saveHoursRoute(kit),
]

function plansRoute(kit: Kit, means: Means) {
  return route({
    method: 'GET',
    path: '/api/v1/plans',
    summary: 'Plans and what came of them: mine, one person’s, or those of everybody in my scope',
    query: PlansQuery,
    reply: PlanDays,
    allow: mayVisit,
    run: async ({ viewer, query }) => {
      const people = await peopleFor(kit, viewer, query)
      const { from, to } = query
      return {
        days: await showPlans(means, { orgId: viewer.orgId, people, from, to }),
      }
    },
  })
}

/** Oneself or the person named; a supervisor who names nobody asks for all his reps. */
async function peopleFor(
  kit: Kit,
  viewer: Viewer,
  { personId, departmentId }: { personId?: string | undefined; departmentId?: string | undefined },
) {
  if (personId !== undefined || !isSupervisor(viewer))
    return [await personFor(kit.db, viewer, personId)]
  return listReps(kit.db, viewer, departmentId ?? null)
}

function savePlanRoute(kit: Kit, means: Means) {
  return route({
    method: 'POST',
    path: '/api/v1/plans',
    summary: 'Say a plan of a date, mine or that of somebody I lead, whole',
    input: PlanInput,
    reply: PlanDay,
    allow: mayVisit,
    run: async ({ viewer, input }) => {
      await savePlan(kit, viewer, input)
      const person = await personFor(kit.db, viewer, input.personId)
      const range = { from: input.date, to: input.date }
      const asked = { orgId: viewer.orgId, people: [person], ...range }
      const [day] = await showPlans(means, asked)
      return found(day, 'this plan')
    },
  })
}

function rulesRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/plans/rules',
    summary: 'How often each tier is visited, and what else plans follow',
    reply: PlanRules,
    allow: signedIn,
    run: ({ viewer }) => rulesOf(kit.db, viewer.orgId),
  })
}

function saveRulesRoute(kit: Kit) {
  return route({
    method: 'PUT',
    path: '/api/v1/plans/rules',
    summary: 'Change how often each tier is visited',
    input: PlanRules,
    reply: PlanRules,
    allow: isAdmin,
    run: async ({ viewer, input }) => {
      const at = kit.clock.now()
      await insertRules(kit.db, {
        orgId: viewer.orgId,
        id: uuid(),
        at,
        by: viewer.id,
        rules: input,
      })
      return input
    },
  })
}

function saveHoursRoute(kit: Kit) {
  return route({
    method: 'PUT',
    path: '/api/v1/customers/:id/hours',
    summary: 'Say when a customer can be visited',
    params: HoursPath,
    input: HoursChange,
    reply: HoursChange,
    allow: mayVisit,
    run: async ({ viewer, params, input: { hours } }) => {
      const { orgId } = viewer
      found(await customerExists(kit.db, orgId, params.id), 'this customer')
      const said = {
        orgId,
        customerId: params.id,
        at: kit.clock.now(),
        by: viewer.id,
      }
      if (hours) await upsertHours(kit.db, { ...said, hours })
      else await deleteHours(kit.db, orgId, params.id)
      return { hours }
    },
  })
}
