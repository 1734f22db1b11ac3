import { z } from 'zod'
import { stateOf } from '../contract/presence.ts'
import {
  Customers,
  CustomersQuery,
  Nearby,
  NearbyQuery,
  PeopleNear,
  PeopleNearQuery,
} from '../contract/customers.ts'
import { found } from '../core/errors.ts'
import type { Feature, Kit } from '../core/kit.ts'
import { isSupervisor, route, signedIn } from '../core/http/route.ts'
import { nearby } from './nearby.ts'
import { workplaceRoutes } from './workplaces.ts'
import { customerExists, listCustomers, listCustomersIn, listPeopleNear } from './queries.ts'

export { insertCustomers } from './insert.ts'
export { noteVisited } from './visited.ts'
export { findWorkplace, listWorkplaces } from './workplaces.ts'
export { loadSites } from './sites.ts'
export { customerExists } from './queries.ts'
export type { Box } from './queries.ts'

/** Customers on the map, which are near me, and who is near one of them. */
export function createCustomers(kit: Kit): Feature {
  return {
    routes: [customersRoute(kit), nearbyRoute(kit), peopleNearRoute(kit), ...workplaceRoutes(kit)],
  }
}

/** Positions of people are for supervisors alone. */
const seesPeople = isSupervisor

function customersRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers',
    summary: 'Customers, of the whole company or inside of a box',
    query: CustomersQuery,
    reply: Customers,
    allow: signedIn,
    run: async ({ viewer, query: { bbox, limit } }) => ({
      customers: bbox
        ? await listCustomersIn(kit.db, viewer.orgId, { box: bbox, limit })
        : await listCustomers(kit.db, viewer.orgId, limit),
    }),
  })
}

function nearbyRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers/nearby',
    summary: 'Customers near a position, nearest first',
    query: NearbyQuery,
    reply: Nearby,
    allow: signedIn,
    run: async ({ viewer, query }) => ({ customers: await nearby(kit.db, viewer.orgId, query) }),
  })
}

function peopleNearRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:id/people',
    summary: 'Who of my people is near this customer now',
    params: z.object({ id: z.uuid() }),
    query: PeopleNearQuery,
    reply: PeopleNear,
    allow: seesPeople,
    run: async ({ viewer, params, query }) => {
      const now = kit.clock.now()
      found(await customerExists(kit.db, viewer.orgId, params.id), 'this customer')
      const near = { customerId: params.id, radius: query.radius, now }
      const rows = await listPeopleNear(kit.db, viewer, near)
      const people = rows.map(({ stillSince, customerId, ...person }) => ({
        ...person,
        state: stateOf({ onDuty: true, at: person.at, stillSince, customerId }, now).state,
      }))
      return { now, people }
    },
  })
}
