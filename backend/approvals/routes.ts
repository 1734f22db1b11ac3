import { z } from 'zod'
import {
  BatchDecision,
  BatchReply,
  Decision,
  NewCorrection,
  NewLeave,
  NewOuting,
  NewOvertime,
  NewTrip,
  Preview,
  PreviewInput,
  RequestPage,
  Requests,
  RequestsQuery,
  TakeBack,
  Waiting,
  type RequestDetails,
} from '../contract/approvals.ts'
import { Fault } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { route, signedIn, type Route, type Viewer } from '../core/http/route.ts'
import { decide, revoke, withdraw } from './decide.ts'
import { fileRequest } from './file.ts'
import { previewOf } from './preview.ts'
import { countWaiting, listRequests, seerOf } from './list.ts'
import { readPage } from './page.ts'
import { hasScope } from './policy.ts'
import type { RequestRules } from './rules.ts'

const Id = z.object({ id: z.uuid() })

export function requestRoutes(kit: Kit, rules: RequestRules): Route[] {
  return [...filingRoutes(kit, rules), ...readingRoutes(kit), ...ownRoutes(kit, rules)]
}

const pageFor = async (kit: Kit, viewer: Viewer, id: string) =>
  readPage(kit.db, await seerOf(kit.db, viewer, kit.clock.now()), id)

interface Filing {
  id: string
  reason: string
  photoIds: string[]
}

/** The five ways to ask for something: the same route, with other details. */
function filingRoutes(kit: Kit, rules: RequestRules): Route[] {
  const filing = <I extends Filing>(
    spec: { path: string; summary: string; input: z.ZodType<I> },
    detailsOf: (input: I) => RequestDetails,
  ) =>
    route({
      ...{ method: 'POST', path: `/api/v1/${spec.path}`, summary: spec.summary },
      ...{ input: spec.input, reply: RequestPage, allow: signedIn },
      run: async ({ viewer, input }) => {
        const { id, reason, photoIds } = input
        await fileRequest(kit, rules, viewer, { id, reason, photoIds, details: detailsOf(input) })
        return pageFor(kit, viewer, id)
      },
    })
  return [
    filing(
      { path: 'corrections', summary: 'Ask to correct a due punch of mine', input: NewCorrection },
      ({ date, due, at }) => ({ kind: 'correction', date, due, at }),
    ),
    filing(
      { path: 'leaves', summary: 'Ask for leave', input: NewLeave },
      ({ leaveKind, span }) => ({ kind: 'leave', leaveKind, span }),
    ),
    filing(
      { path: 'outings', summary: 'Ask to work elsewhere for some hours', input: NewOuting },
      ({ span, place }) => ({ kind: 'outing', span, place }),
    ),
    filing(
      { path: 'trips', summary: 'Ask for a business trip', input: NewTrip },
      ({ span, place }) => ({ kind: 'trip', span, place }),
    ),
    filing(
      { path: 'overtime', summary: 'Ask to work overtime', input: NewOvertime },
      ({ span, as }) => ({ kind: 'overtime', span, as }),
    ),
  ]
}

function readingRoutes(kit: Kit): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/requests',
      summary: 'Requests: mine, those that wait for me, those I decided, my team’s, or all for HR',
      query: RequestsQuery,
      reply: Requests,
      allow: signedIn,
      run: async ({ viewer, query }) => {
        if (!hasScope(viewer, query.scope))
          throw new Fault('not_allowed', 'query.scope: your role has no such list')
        return listRequests(kit.db, await seerOf(kit.db, viewer, kit.clock.now()), query)
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/requests/waiting',
      summary: 'How many requests wait for my decision',
      reply: Waiting,
      allow: signedIn,
      run: async ({ viewer }) => ({
        count: await countWaiting(kit.db, await seerOf(kit.db, viewer, kit.clock.now())),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/requests/:id',
      summary: 'One request with its steps and its history',
      params: Id,
      reply: RequestPage,
      allow: signedIn,
      run: ({ viewer, params }) => pageFor(kit, viewer, params.id),
    }),
  ]
}

const previewRoute = (kit: Kit, rules: RequestRules): Route =>
  route({
    ...{ method: 'POST', path: '/api/v1/requests/preview', input: PreviewInput, reply: Preview },
    ...{ summary: 'What a request of mine would take and who would decide it', allow: signedIn },
    run: ({ viewer, input }) => previewOf(kit, rules, viewer, input),
  })

function ownRoutes(kit: Kit, rules: RequestRules): Route[] {
  const taking = (what: 'withdraw' | 'revoke', summary: string) =>
    route({
      ...{ method: 'POST', path: `/api/v1/requests/:id/${what}`, summary, params: Id },
      ...{ input: TakeBack, reply: RequestPage, allow: signedIn },
      run: async ({ viewer, params, input }) => {
        const asked = { id: params.id, note: input.note }
        if (what === 'withdraw') await withdraw(kit, viewer, asked)
        else await revoke(kit, rules, viewer, asked)
        return pageFor(kit, viewer, params.id)
      },
    })
  const deciding = (decision: 'approve' | 'reject', summary: string) =>
    route({
      ...{ method: 'POST', path: `/api/v1/approvals/:id/${decision}`, summary, params: Id },
      ...{ input: Decision, reply: RequestPage, allow: signedIn },
      run: async ({ viewer, params, input }) => {
        await decide(kit, rules, viewer, { ...input, id: params.id, decision })
        return pageFor(kit, viewer, params.id)
      },
    })
  return [
    taking('withdraw', 'Take my request back while it waits'),
    taking('revoke', 'Ask to take an approved request back'),
    deciding('approve', 'Agree to a request that waits for me'),
    deciding('reject', 'Refuse a request that waits for me'),
    batchRoute(kit, rules),
    previewRoute(kit, rules),
  ]
}

function batchRoute(kit: Kit, rules: RequestRules): Route {
  return route({
    method: 'POST',
    path: '/api/v1/approvals',
    summary: 'Decide many requests at once, each by itself',
    input: BatchDecision,
    reply: BatchReply,
    allow: signedIn,
    run: async ({ viewer, input: { items, decision, note } }) => {
      const done: z.infer<typeof BatchReply>['items'] = []
      for (const { id, round } of items)
        done.push(
          await oneOfMany(() => decide(kit, rules, viewer, { id, round, decision, note }), id),
        )
      return { items: done }
    },
  })
}

async function oneOfMany(decideIt: () => ReturnType<typeof decide>, id: string) {
  try {
    return { id, code: null, state: (await decideIt()).state }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { id, code: error.code, state: null }
  }
}
