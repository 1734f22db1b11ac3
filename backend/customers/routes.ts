import { z } from 'zod'
import { Clusters, ClustersQuery } from '../contract/clusters.ts'
import {
  CustomerChange,
  CustomerDetails,
  CustomerNew,
  Customers,
  CustomersQuery,
  Duplicates,
  History,
  Nearby,
  NearbyQuery,
  PeopleNear,
  PeopleNearQuery,
} from '../contract/customers.ts'
import { stateOf } from '../contract/presence.ts'
import { Datum } from '../contract/terms.ts'
import { toWgs84 } from '../../geo/index.ts'
import { found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { isSupervisor, route, signedIn, type Route } from '../core/http/route.ts'
import { accessOf } from './access.ts'
import { createClusters } from './clusters.ts'
import { listHistory, readCustomer } from './details.ts'
import { findDuplicates } from './duplicates.ts'
import { pageOf } from './list.ts'
import { nearby } from './nearby.ts'
import { findSeen, listPeopleNear } from './queries.ts'
import { addCustomer, changeCustomer, setStatus } from './write.ts'

export const OneCustomer = z.object({ id: z.uuid() })

/** Routes over all customers. */
export const customerRoutes = (kit: Kit): Route[] => [
  listRoute(kit),
  nearbyRoute(kit),
  clustersRoute(kit),
  duplicatesRoute(kit),
  addRoute(kit),
]

/** Routes of one customer by its id. */
export const oneCustomerRoutes = (kit: Kit): Route[] => [
  peopleNearRoute(kit),
  detailsRoute(kit),
  historyRoute(kit),
  changeRoute(kit),
  statusRoute(kit, 'archive'),
  statusRoute(kit, 'restore'),
]

function listRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers',
    summary: 'Customers that I may see, filtered, by name, nearness or how overdue a visit is',
    query: CustomersQuery,
    reply: Customers,
    allow: signedIn,
    key: { scope: 'customers:read' },
    run: async ({ viewer, query }) =>
      pageOf(kit.db, await accessOf(kit.db, viewer), query, kit.clock.now()),
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
    key: { scope: 'customers:read' },
    run: async ({ viewer, query }) => ({
      customers: await nearby(kit.db, await accessOf(kit.db, viewer), query),
    }),
  })
}

function clustersRoute(kit: Kit) {
  const clustersOf = createClusters(kit)
  return route({
    method: 'GET',
    path: '/api/v1/customers/clusters',
    summary: 'Customers on a part of the map, those near each other as one with their number',
    query: ClustersQuery,
    reply: Clusters,
    allow: signedIn,
    run: async ({ viewer, query: { bbox, zoom, tag } }) =>
      clustersOf({ access: await accessOf(kit.db, viewer), tag }, bbox, zoom),
  })
}

const Suspect = z.object({
  name: z.string().min(1).max(100),
  lng: z.coerce.number().min(-180).max(180).optional(),
  lat: z.coerce.number().min(-90).max(90).optional(),
  datum: Datum.default('wgs84'),
  id: z.uuid().optional(), // itself, when it is kept already
})

function duplicatesRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers/duplicates',
    summary: 'Customers that may be the same as one of this name and place',
    query: Suspect,
    reply: Duplicates,
    allow: signedIn,
    run: async ({ viewer, query: { name, lng, lat, datum, id } }) => {
      const at = lng === undefined || lat === undefined ? null : toWgs84([lng, lat], datum)
      const access = await accessOf(kit.db, viewer)
      const suspect = { name, id, at: at && { lng: at[0], lat: at[1] } }
      return { duplicates: await findDuplicates(kit.db, access, suspect) }
    },
  })
}

function addRoute(kit: Kit) {
  return route({
    method: 'POST',
    path: '/api/v1/customers',
    summary: 'Adds a customer; the same id again changes nothing',
    input: CustomerNew,
    reply: CustomerDetails,
    allow: signedIn,
    key: { scope: 'customers:write' },
    run: async ({ viewer, input }) => {
      const access = await accessOf(kit.db, viewer)
      const now = kit.clock.now()
      const id = await addCustomer(kit.db, access, input, now)
      kit.facts.publish('customersChanged', { orgId: viewer.orgId })
      return readCustomer(kit.db, access, id, now)
    },
  })
}

function detailsRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:id',
    summary: 'One customer with all that is known of it',
    params: OneCustomer,
    reply: CustomerDetails,
    allow: signedIn,
    key: { scope: 'customers:read' },
    run: async ({ viewer, params }) =>
      readCustomer(kit.db, await accessOf(kit.db, viewer), params.id, kit.clock.now()),
  })
}

function historyRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:id/history',
    summary: 'Who changed what of a customer, newest first',
    params: OneCustomer,
    reply: History,
    allow: signedIn,
    run: async ({ viewer, params }) => {
      found(await findSeen(kit.db, await accessOf(kit.db, viewer), params.id), 'this customer')
      return { changes: await listHistory(kit.db, viewer.orgId, params.id) }
    },
  })
}

function changeRoute(kit: Kit) {
  return route({
    method: 'PUT',
    path: '/api/v1/customers/:id',
    summary: 'Changes what is known of a customer, but not its place, owner or state',
    params: OneCustomer,
    input: CustomerChange,
    reply: CustomerDetails,
    allow: signedIn,
    key: { scope: 'customers:write' },
    run: async ({ viewer, params, input }) => {
      const access = await accessOf(kit.db, viewer)
      const now = kit.clock.now()
      await kit.db.transact((tx) => changeCustomer(tx, access, params.id, { input, now }))
      kit.facts.publish('customersChanged', { orgId: viewer.orgId })
      return readCustomer(kit.db, access, params.id, now)
    },
  })
}

function statusRoute(kit: Kit, verb: 'archive' | 'restore') {
  const status = verb === 'archive' ? 'archived' : 'active'
  return route({
    method: 'POST',
    path: `/api/v1/customers/:id/${verb}`,
    summary:
      verb === 'archive'
        ? 'Takes a customer out of the lists; nothing is lost'
        : 'Takes a customer back into the lists',
    params: OneCustomer,
    reply: CustomerDetails,
    allow: signedIn,
    key: { scope: 'customers:write' },
    run: async ({ viewer, params }) => {
      const access = await accessOf(kit.db, viewer)
      const now = kit.clock.now()
      await kit.db.transact((tx) => setStatus(tx, access, params.id, { status, now }))
      kit.facts.publish('customersChanged', { orgId: viewer.orgId })
      return readCustomer(kit.db, access, params.id, now)
    },
  })
}

function peopleNearRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:id/people',
    summary: 'Who of my people is near this customer now',
    params: OneCustomer,
    query: PeopleNearQuery,
    reply: PeopleNear,
    allow: isSupervisor, // positions of people are for them alone
    run: async ({ viewer, params, query }) => {
      const now = kit.clock.now()
      found(await findSeen(kit.db, await accessOf(kit.db, viewer), params.id), 'this customer')
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
