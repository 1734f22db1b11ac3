import {
  MadeReportShare,
  ReportShareInput,
  ReportSharePath,
  ReportShares,
  RevokedReportShare,
} from '../contract/reports.ts'
import { found } from '../core/errors.ts'
import { createLinkGuard } from '../core/http/links.ts'
import { rawRoute, route, signedIn } from '../core/http/route.ts'
import type { Feature, Kit } from '../core/kit.ts'
import type { Ask } from './ask.ts'
import { listShares, revokeShare } from './queries.ts'
import { makeShare, openShare, printed, type Means } from './shares.ts'

export { askOf, type Ask } from './ask.ts'

const KEPT_MS = 90 * 86_400_000

/** Reports for paper, and links to them that end. @param ask the server's own answers */
export function createReports(kit: Kit, ask: Ask, orgId: string): Feature {
  const means = { kit, ask }
  return { routes: [makeRoute(means), listRoute(kit), revokeRoute(kit), ...pages(means, orgId)] }
}

const makeRoute = (means: Means) =>
  route({
    method: 'POST',
    path: '/api/v1/report-shares',
    summary: 'A link to a report, for somebody without a login; told once',
    input: ReportShareInput,
    reply: MadeReportShare,
    allow: signedIn,
    run: ({ viewer, input }) => makeShare(means, viewer, input),
  })

const listRoute = (kit: Kit) =>
  route({
    method: 'GET',
    path: '/api/v1/report-shares',
    summary: 'My links to reports of the last 90 days, and how often each was opened',
    reply: ReportShares,
    allow: signedIn,
    run: async ({ viewer }) => {
      const key = { orgId: viewer.orgId, personId: viewer.id }
      return { shares: await listShares(kit.db, key, kit.clock.now() - KEPT_MS) }
    },
  })

const revokeRoute = (kit: Kit) =>
  route({
    method: 'POST',
    path: '/api/v1/report-shares/:id/revoke',
    summary: 'My link shows nothing any more',
    params: ReportSharePath,
    reply: RevokedReportShare,
    allow: signedIn,
    run: async ({ viewer, params }) => {
      const revokedAt = kit.clock.now()
      const key = { orgId: viewer.orgId, personId: viewer.id }
      const some = await revokeShare(kit.db, key, params.id, revokedAt)
      found(some > 0 ? some : null, 'this link')
      return { revokedAt }
    },
  })

function pages(means: Means, orgId: string) {
  const guarded = createLinkGuard()
  return [
    rawRoute({
      method: 'GET',
      path: '/r/:token',
      summary: 'A report, by a link that was given',
      raw: guarded((asked) => openShare(means, orgId, asked)),
    }),
    rawRoute({
      method: 'GET',
      path: '/print',
      summary: 'A report for paper',
      raw: guarded((asked) => printed(means, asked)),
    }),
  ]
}
