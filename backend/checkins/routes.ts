import { CheckinInput, CheckinPath, CheckinReply, Checkins, MyCheckinsQuery } from '../contract/checkins.ts' // prettier-ignore
import {
  CheckinDetail,
  CheckinSettings,
  Desk,
  FormInput,
  PolicyInput,
  Queue,
  QueueQuery,
  ReviewInput,
} from '../contract/reviews.ts'
import type { Kit } from '../core/kit.ts'
import { isAdmin, isSupervisor, route, signedIn, subjectOf, type Route, type Viewer } from '../core/http/route.ts' // prettier-ignore
import { createLimit } from '../fixes/index.ts'
import { changePolicy, deskOf, saveForm, settingsOf } from './desk.ts'
import { checkinsOf } from './mine.ts'
import type { createRecord } from './record.ts'
import { detailOf, queueOf, review } from './reviews.ts'

export interface Means {
  kit: Kit
  record: ReturnType<typeof createRecord>
}

const LIMITS = { requestsPer10s: 60, fixesPerMinute: 600 }

export const checkinRoutes = (means: Means): Route[] => [
  recordRoute(means),
  mineRoute(means),
  deskRoute(means),
  ...reviewRoutes(means),
  ...settingsRoutes(means),
]

function recordRoute({ record }: Means) {
  const limit = createLimit(LIMITS)
  return route({
    method: 'POST',
    path: '/api/v1/checkins',
    summary: 'Check in, check out or punch; answered after commit',
    input: CheckinInput,
    reply: CheckinReply,
    allow: signedIn,
    run: async ({ viewer, input }) => {
      await limit(viewer.sessionHash, 1)
      return record({ orgId: viewer.orgId, personId: viewer.id }, input)
    },
  })
}

const mineRoute = ({ kit }: Means) =>
  route({
    method: 'GET',
    path: '/api/v1/checkins',
    summary:
      'My check-ins of these work dates, or to a program those of the person it names, with the check-outs that nobody pressed',
    query: MyCheckinsQuery,
    reply: Checkins,
    allow: signedIn,
    key: { scope: 'checkins:read', reads: ({ query }) => (query.personId ? [query.personId] : []) },
    run: async ({ viewer, query }) => {
      const who = { orgId: viewer.orgId, personId: subjectOf(viewer, query.personId) }
      return { checkins: await checkinsOf(kit, who, query) }
    },
  })

const deskRoute = ({ kit }: Means) =>
  route({
    method: 'GET',
    path: '/api/v1/checkins/desk',
    summary: 'What I need to check in: policy, forms, workplaces, and where I am checked in',
    reply: Desk,
    allow: signedIn,
    run: ({ viewer }) => deskOf(kit, viewer),
  })

const reviewRoutes = ({ kit }: Means): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/checkins/queue',
    summary: 'Check-ins of my people that wait for a review, or were decided',
    query: QueueQuery,
    reply: Queue,
    allow: isSupervisor,
    run: ({ viewer, query }) => queueOf(kit, viewer, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/people/:personId/checkins/:id',
    summary: 'A check-in with map, track before and after, photos and signals',
    params: CheckinPath,
    reply: CheckinDetail,
    allow: signedIn,
    run: ({ viewer, params }) => detailOf(kit, viewer, params),
  }),
  route({
    method: 'POST',
    path: '/api/v1/people/:personId/checkins/:id/reviews',
    summary: 'Accept or reject a check-in with a reason, or answer about my own',
    params: CheckinPath,
    input: ReviewInput,
    reply: CheckinDetail,
    allow: (viewer) => signedIn(viewer) && viewer.role !== 'hr' && viewer.role !== 'admin',
    run: ({ viewer, params, input }) => review(kit, viewer, params, input),
  }),
]

/** Who decides about the rules of check-ins. */
const keepsRules = (viewer: Viewer) => isAdmin(viewer)

const settingsRoutes = ({ kit }: Means): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/checkins/settings',
    summary: 'Policies by department and the forms of check-ins',
    reply: CheckinSettings,
    allow: keepsRules,
    run: ({ viewer }) => settingsOf(kit, viewer.orgId),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/checkins/policies',
    summary: 'Set the policy of a department, or of the company; null takes it back',
    input: PolicyInput,
    reply: CheckinSettings,
    allow: keepsRules,
    run: ({ viewer, input }) => changePolicy(kit, viewer, input),
  }),
  route({
    method: 'POST',
    path: '/api/v1/checkins/forms',
    summary: 'Add a form or a new version of one; what was filled in keeps its version',
    input: FormInput,
    reply: CheckinSettings,
    allow: keepsRules,
    run: ({ viewer, input }) => saveForm(kit, viewer, input),
  }),
]
