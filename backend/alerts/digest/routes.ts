import { AlertDigest } from '../../contract/alerts.ts'
import type { Kit } from '../../core/kit.ts'
import { route, type Route } from '../../core/http/route.ts'
import { canSeeAlerts } from '../policy.ts'
import { loadDigest, saveDigest } from './queries.ts'

export const digestRoutes = (kit: Kit): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/alerts/digest/me',
    summary: 'Of which alerts I hear together, and when',
    reply: AlertDigest,
    allow: canSeeAlerts,
    run: ({ viewer: { orgId, id: personId } }) => loadDigest(kit.db, { orgId, personId }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/alerts/digest/me',
    summary: 'Hear of some alerts together at hours of my day; what waits keeps its hour',
    input: AlertDigest,
    reply: AlertDigest,
    allow: canSeeAlerts,
    run: async ({ viewer: { orgId, id: personId }, input }) => {
      await saveDigest(kit.db, { orgId, personId }, { ...input, at: kit.clock.now() })
      return input
    },
  }),
]
