import type { Chore } from '../kit.ts'
import type { Database } from '../db.ts'

const EVERY_MS = 10 * 60_000

/**
 * The embedded database has no autovacuum: without statistics its planner guesses, and rows that
 * are updated every second leave their old versions behind. A server does this by itself.
 */
export function upkeepChores(db: Database): Chore[] {
  if (db.kind === 'server') return []
  return [{ name: 'core.upkeep', everyMs: EVERY_MS, run: () => db.raw('vacuum analyze') }]
}
