import { z } from 'zod'
import { Placed, PlaceInput, ProposalDecision, Proposals } from '../contract/customers.ts'
import type { Kit } from '../core/kit.ts'
import { route, signedIn, type Route } from '../core/http/route.ts'
import { accessOf, disposes } from './access.ts'
import { decideProposal, listProposals, takePlace } from './places.ts'
import { OneCustomer } from './routes.ts'

/** Where customers are: the first position, corrections, proposals. */
export const placeRoutes = (kit: Kit): Route[] => [
  proposalsRoute(kit),
  decideRoute(kit, 'accept'),
  decideRoute(kit, 'refuse'),
  placeRoute(kit),
]

function placeRoute(kit: Kit) {
  return route({
    method: 'POST',
    path: '/api/v1/customers/:id/position',
    summary: 'Sets where a customer is when nobody knew, or when I may decide; else proposes it',
    params: OneCustomer,
    input: PlaceInput,
    reply: Placed,
    allow: signedIn,
    run: async ({ viewer, params, input }) => {
      const access = await accessOf(kit.db, viewer)
      const given = { customerId: params.id, input, now: kit.clock.now() }
      const outcome = await takePlace(kit.db, access, given)
      if (outcome === 'placed') kit.facts.publish('customersChanged', { orgId: viewer.orgId })
      return { outcome }
    },
  })
}

function proposalsRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers/proposals',
    summary: 'Positions that were proposed for customers I decide about, oldest first',
    reply: Proposals,
    allow: disposes,
    run: async ({ viewer }) => ({
      proposals: await listProposals(kit.db, await accessOf(kit.db, viewer)),
    }),
  })
}

const SAID = { accept: '采用了你提的位置', refuse: '没有采用你提的位置' }

function decideRoute(kit: Kit, verb: 'accept' | 'refuse') {
  return route({
    method: 'POST',
    path: `/api/v1/customers/proposals/:id/${verb}`,
    summary:
      verb === 'accept'
        ? 'Takes a proposed position for the customer’s'
        : 'Leaves the customer where it is',
    params: z.object({ id: z.uuid() }),
    input: ProposalDecision,
    reply: z.object({ customerId: z.uuid() }),
    allow: disposes,
    run: async ({ viewer, params, input }) => {
      const access = await accessOf(kit.db, viewer)
      const now = kit.clock.now()
      const decision = { id: params.id, accept: verb === 'accept', reason: input.reason, now }
      const about = await kit.db.transact(async (tx) => {
        const open = await decideProposal(tx, access, decision)
        await kit.notify.tell(tx, {
          orgId: viewer.orgId,
          personId: open.proposedBy,
          key: `place:${params.id}`,
          topic: 'notice',
          title: open.customer,
          text: [`${viewer.name}${SAID[verb]}`, input.reason].filter(Boolean).join('：'),
          path: `/customers/${open.customerId}`,
          at: now,
        })
        return open
      })
      if (verb === 'accept') kit.facts.publish('customersChanged', { orgId: viewer.orgId })
      return { customerId: about.customerId }
    },
  })
}
