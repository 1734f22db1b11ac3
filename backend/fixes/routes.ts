import { z } from 'zod'
import { FixBatch, Ingested } from '../contract/fixes.ts'
import { PersonId } from '../contract/terms.ts'
import { route, subjectOf, type Route, type Viewer } from '../core/http/route.ts'

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
      query: z.object({ personId: PersonId.optional() }), // whose they are, from a program
      input: FixBatch,
      reply: Ingested,
      allow: self,
      key: { scope: 'fixes:write' },
      run: async ({ viewer, query, input }) => {
        const personId = subjectOf(viewer, query.personId)
        await limit(`${viewer.sessionHash} ${personId}`, input.fixes.length)
        return report({ orgId: viewer.orgId, personId }, input)
      },
    }),
  ]
}
