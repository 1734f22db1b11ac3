import { z } from 'zod'
import { CustomerDetails, Transfer, TransferInput, Transfers } from '../contract/customers.ts'
import type { Kit } from '../core/kit.ts'
import { route, signedIn, type Route } from '../core/http/route.ts'
import { accessOf, disposes } from './access.ts'
import { readCustomer } from './details.ts'
import {
  claimCustomer,
  listTransfers,
  releaseCustomer,
  transferCustomers,
  undoTransfer,
} from './owners.ts'
import { OneCustomer } from './routes.ts'

/** Who looks after customers: taking from the pool, giving back, handing on together. */
export const ownerRoutes = (kit: Kit): Route[] => [
  transferRoute(kit),
  undoRoute(kit),
  transfersRoute(kit),
  poolRoute(kit, 'claim'),
  poolRoute(kit, 'release'),
]

function transferRoute(kit: Kit) {
  return route({
    method: 'POST',
    path: '/api/v1/customers/transfers',
    summary: 'Hands somebody’s customers on, all or some; `dryRun` tells which and changes nothing',
    input: TransferInput,
    reply: Transfer,
    allow: disposes,
    run: async ({ viewer, input }) => {
      const access = await accessOf(kit.db, viewer)
      const now = kit.clock.now()
      const done = await kit.db.transact((tx) => transferCustomers(tx, access, input, now))
      if (done.id) kit.facts.publish('customersChanged', { orgId: viewer.orgId })
      return done
    },
  })
}

function undoRoute(kit: Kit) {
  return route({
    method: 'POST',
    path: '/api/v1/customers/transfers/:id/undo',
    summary: 'Gives back what a transfer handed on, as far as the new owner still has it',
    params: z.object({ id: z.uuid() }),
    reply: z.object({ customers: z.number() }),
    allow: disposes,
    run: async ({ viewer, params }) => {
      const access = await accessOf(kit.db, viewer)
      const given = { id: params.id, now: kit.clock.now() }
      const customers = await kit.db.transact((tx) => undoTransfer(tx, access, given))
      kit.facts.publish('customersChanged', { orgId: viewer.orgId })
      return { customers }
    },
  })
}

function transfersRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers/transfers',
    summary: 'The newest transfers: mine, for an admin all',
    reply: Transfers,
    allow: disposes,
    run: async ({ viewer }) => ({
      transfers: await listTransfers(kit.db, await accessOf(kit.db, viewer)),
    }),
  })
}

function poolRoute(kit: Kit, verb: 'claim' | 'release') {
  const act = verb === 'claim' ? claimCustomer : releaseCustomer
  return route({
    method: 'POST',
    path: `/api/v1/customers/:id/${verb}`,
    summary:
      verb === 'claim'
        ? 'Takes a customer out of the pool'
        : 'Gives a customer of mine back into the pool',
    params: OneCustomer,
    reply: CustomerDetails,
    allow: signedIn,
    run: async ({ viewer, params }) => {
      const access = await accessOf(kit.db, viewer)
      const now = kit.clock.now()
      await kit.db.transact((tx) => act(tx, access, params.id, now))
      kit.facts.publish('customersChanged', { orgId: viewer.orgId })
      return readCustomer(kit.db, access, params.id, now)
    },
  })
}
