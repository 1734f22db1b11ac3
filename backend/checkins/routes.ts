import { CheckinInput, CheckinReply } from '../contract/checkins.ts'
import type { Kit } from '../core/kit.ts'
import { route, signedIn, type Route } from '../core/http/route.ts'
import { createLimit } from '../fixes/index.ts'
import type { createRecord } from './record.ts'

export interface Means {
  kit: Kit
  record: ReturnType<typeof createRecord>
}

const LIMITS = { requestsPer10s: 60, fixesPerMinute: 600 }

export const checkinRoutes = (means: Means): Route[] => [recordRoute(means)]

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
