import { FixBatch, Ingested } from '../contract/fixes.ts'
import { route, type Route, type Viewer } from '../core/http/route.ts'

interface Ways {
  report: (who: { orgId: string; personId: string }, batch: FixBatch) => Promise<Ingested>
  limit: (session: string, count: number) => Promise<void>
}

/** Whoever is signed in reports for himself, by whatever kind of session. */
const self = (_viewer: Viewer) => true

export function fixesRoutes({ report, limit }: Ways): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/fixes',
      summary: 'Report my positions and silences; answered after commit',
      input: FixBatch,
      reply: Ingested,
      allow: self,
      run: async ({ viewer, input }) => {
        await limit(viewer.sessionHash, input.fixes.length)
        return report({ orgId: viewer.orgId, personId: viewer.id }, input)
      },
    }),
  ]
}
