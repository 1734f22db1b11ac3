import { setTimeout as sleep } from 'node:timers/promises'
import type { Kit } from './kit.ts'
import { rawRoute, type RawRoute } from './http/route.ts'
import { sql } from './sql.ts'

/** One thing the server stands on. */
export interface Check {
  name: string
  /** Without it requests shall go to another process; else it is only told. */
  needed: boolean
  /** In words for an operator, without secrets; null: nothing is wrong. */
  trouble: () => Promise<string | null>
}

const PATIENCE_MS = 3_000 // of one check; whoever asks gives up soon after

/** `/healthz` the process lives · `/readyz` it can work, and what is wrong · `/metrics` for Prometheus. */
export function healthRoutes(kit: Kit, checks: readonly Check[]): RawRoute[] {
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
      summary: 'Whether the process can work, and what is wrong in words',
      raw: async () => {
        const found = await lookAt([databaseCheck(kit), ...checks])
        const ok = found.every(({ needed, words }) => !needed || words === 'ok')
        const told = Object.fromEntries(found.map(({ name, words }) => [name, words]))
        return { status: ok ? 200 : 503, body: { ok, checks: told } }
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

const databaseCheck = ({ db }: Pick<Kit, 'db'>): Check => ({
  name: 'database',
  needed: true,
  trouble: () =>
    db.run(sql`select 1`).then(
      () => null,
      () => 'the database does not answer',
    ),
})

const lookAt = (checks: readonly Check[]) =>
  Promise.all(checks.map(async (check) => ({ ...check, words: (await wordsOf(check)) ?? 'ok' })))

/** A check that fails or hangs is trouble, too; its error may hold addresses, so it is not told. */
async function wordsOf({ trouble }: Check): Promise<string | null> {
  try {
    const late = sleep(PATIENCE_MS, `no answer within ${PATIENCE_MS / 1000} s`, { ref: false })
    return await Promise.race([trouble(), late])
  } catch {
    return 'could not be checked'
  }
}
