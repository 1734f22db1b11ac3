import type { Kit } from './kit.ts'
import { rawRoute, type RawRoute } from './http/route.ts'
import { sql } from './sql.ts'

/** `/healthz` the process lives · `/readyz` it can work · `/metrics` for Prometheus. */
export function healthRoutes(kit: Kit, pending: () => Promise<string[]>): RawRoute[] {
  return [
    rawRoute({
      method: 'GET',
      path: '/healthz',
      summary: 'The process is alive',
      raw: async () => ({ status: 200, body: { ok: true } }),
    }),
    rawRoute({
      method: 'GET',
      path: '/readyz',
      summary: 'Database, migrations and jobs are ready',
      raw: async () => {
        const checks = await ready(kit, pending)
        const ok = Object.values(checks).every((check) => check === 'ok')
        return { status: ok ? 200 : 503, body: { ok, checks } }
      },
    }),
    rawRoute({
      method: 'GET',
      path: '/metrics',
      summary: 'Prometheus text',
      raw: async () => ({
        status: 200,
        headers: { 'content-type': kit.metrics.registry.contentType },
        body: await kit.metrics.registry.metrics(),
      }),
    }),
  ]
}

async function ready(kit: Kit, pending: () => Promise<string[]>) {
  const database = await kit.db.run(sql`select 1`).then(
    () => 'ok',
    () => 'the database does not answer',
  )
  if (database !== 'ok') return { database }
  const waiting = await pending()
  const migrations = waiting.length === 0 ? 'ok' : `not applied: ${waiting.join(', ')}`
  return { database, migrations }
}
