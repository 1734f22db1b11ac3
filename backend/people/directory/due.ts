import { Temporal } from 'temporal-polyfill'
import type { SyncState } from '../../contract/contacts.ts'

/** What is known of the past when the next sync is planned; epoch ms. */
export interface Past {
  last: { state: SyncState; finishedAt: number } | null
  wantedAt: number | null // a change could not be followed by itself
}

const NIGHT_HOUR = 3 // on the company's clock
const AGAIN_MS = 10 * 60_000 // after a failure, and between two that changes ask for
const GATHER_MS = 60_000 // changes that come together

/**
 * When everything is to be read again: at once when it never was, every night, soon when something
 * could not be followed, and ten minutes after a failure. 0 is long ago.
 */
export function nextSyncAt({ last, wantedAt }: Past, zone: string): number {
  if (!last) return 0
  const again = last.finishedAt + AGAIN_MS
  if (last.state === 'failed') return again
  const night = nightAfter(last.finishedAt, zone)
  if (wantedAt === null) return night
  return Math.min(night, Math.max(again, wantedAt + GATHER_MS))
}

function nightAfter(at: number, zone: string): number {
  const then = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  const night = then.withPlainTime({ hour: NIGHT_HOUR })
  const next =
    night.epochMilliseconds > at ? night : then.add({ days: 1 }).withPlainTime({ hour: NIGHT_HOUR })
  return next.epochMilliseconds
}
