import type { Feature, Kit } from '../core/kit.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Credentials } from '../core/http/serve.ts'
import { clientRoutes } from './clients.ts'
import type { GateParts } from './gate.ts'
import { createIngest } from './ingest.ts'
import { createLimit, LIMITS, type Limits } from './limit.ts'
import { fixesRoutes } from './routes.ts'

export { countUpDay } from './changes.ts'
export { createLimit, type Limits } from './limit.ts'

/** What this room asks of those below: duty and consent by person, and who a token belongs to. */
export interface FixesParts extends GateParts {
  identify: (credentials: Credentials) => Promise<Viewer | null>
}

/** Fixes and silences: how they come in and are kept. The ways in beside the routes are for programs in this process. */
export function createFixes(kit: Kit, parts: FixesParts, limits: Limits = LIMITS) {
  const ways = createIngest(kit, parts)
  const limit = createLimit(limits)
  const feature: Feature = {
    routes: [
      ...fixesRoutes({ report: ways.report, limit }),
      ...clientRoutes({ kit, report: ways.report, limit, identify: parts.identify }),
    ],
    chores: [ways.partitions.chore],
    queues: [{ name: 'fixes', read: ways.waiting }],
    close: ways.drain,
  }
  const { report, weigh, ingest, importDay } = ways
  return { ...feature, report, weigh, ingest, importDay }
}
