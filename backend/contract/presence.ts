import type { State } from './terms.ts'

/** What is known of a person when his state is asked for. Times are epoch ms. */
export interface Known {
  onDuty: boolean
  at: number | null // time of his newest fix
  stillSince: number | null // since when he has not moved, null while moving
  customerId: string | null // where he is still
}

/** Longer than this without a fix is silence: a page that is open reports every few seconds. */
export const SILENT_AFTER_MS = 5 * 60_000

/**
 * The state the live map shows, and since when. Used by the server for snapshots and by the page to
 * let a marker fall silent by itself.
 */
export function stateOf(known: Known, now: number): { state: State; since: number | null } {
  if (!known.onDuty) return { state: 'off_duty', since: null }
  if (known.at === null) return { state: 'silent', since: null }
  if (now - known.at > SILENT_AFTER_MS) return { state: 'silent', since: known.at }
  if (known.stillSince === null) return { state: 'moving', since: null }
  return { state: known.customerId ? 'at_customer' : 'still', since: known.stillSince }
}
