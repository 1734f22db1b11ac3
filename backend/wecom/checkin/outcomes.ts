import { told } from '../api/verdict.ts'

/** What follows from a try to write. */
export type Outcome =
  | { state: 'written' }
  | { state: 'refused'; errcode: number }
  | { state: 'given_up'; errcode: number | null }
  | { state: 'waiting'; nextAt: number; errcode: number | null }
  | { state: 'doubtful'; nextAt: number; errcode: number | null; most: number }

export interface Try {
  count: number // records of the call
  attempts: number // this one included
  now: number
}

const MOST_ATTEMPTS = 10
const SETTINGS_MS = 5 * 60_000
const BUSY_MS = 60_000
const SEEN_AFTER_MS = 2 * 60_000 // by then WeCom shows what it took
const LOOK_AGAIN_MS = 15 * 60_000
const NOTHING_SENT = 'left alone after failures'
const TOKEN = '/cgi-bin/gettoken' // asked first: without it nothing is sent

/**
 * What a failure means for the records, or the correction, of one call. WeCom takes the same record twice, and a
 * correction sent again would overwrite what came after it, so nothing is sent
 * again unless it is certain that nothing was written, or WeCom was asked and does not have it.
 */
export function outcomeOfWriting(error: unknown, each: Try): Outcome {
  const held = heldBack(error, each)
  if (held) return held
  const errcode = told(error)?.errcode ?? null
  if (errcode !== null && told(error)?.verdict === 'refused')
    return each.count === 1
      ? { state: 'refused', errcode }
      : { state: 'doubtful', nextAt: each.now, errcode, most: Math.ceil(each.count / 2) }
  return { state: 'doubtful', nextAt: each.now + SEEN_AFTER_MS, errcode: null, most: each.count }
}

/** Failures that prove that nothing was written; null for all others. */
function heldBack(error: unknown, each: Try): Outcome | null {
  const failure = told(error)
  if (!failure) throw error
  const { verdict, errcode = null, retryAt } = failure
  if (isUnsent(failure)) return again(null, { ...each, attempts: 0 }, BUSY_MS)
  if (verdict === 'throttled')
    return { state: 'waiting', nextAt: Math.max(retryAt ?? 0, each.now + BUSY_MS), errcode }
  if (verdict === 'configuration' || verdict === 'stale_token')
    return { state: 'waiting', nextAt: each.now + SETTINGS_MS, errcode }
  return errcode === -1 ? again(errcode, each, BUSY_MS) : null
}

const isUnsent = ({ reason, api }: { reason?: string | undefined; api: string }) =>
  reason === NOTHING_SENT || (reason !== undefined && api === TOKEN)

function again(errcode: number | null, { attempts, now }: Try, ms: number): Outcome {
  if (attempts >= MOST_ATTEMPTS) return { state: 'given_up', errcode }
  return { state: 'waiting', nextAt: now + ms, errcode }
}

/** A record or correction in doubt: how it came to that, and how often WeCom was asked for it. */
export interface Doubt {
  errcode: number | null // of a refusal; null: nobody knows
  looks: number // this one included
  attempts: number
  most: number
}

/**
 * What a look at WeCom's records means for what is in doubt. After a refusal one look is enough; after a lost
 * answer it must be missing twice, a quarter of an hour apart, before it is sent again.
 */
export function outcomeOfLook(found: boolean, doubt: Doubt, now: number): Outcome {
  if (found) return { state: 'written' }
  const { errcode, looks, attempts, most } = doubt
  if (errcode === null && looks < 2)
    return { state: 'doubtful', nextAt: now + LOOK_AGAIN_MS, errcode, most }
  return again(errcode, { count: 1, attempts, now }, 0)
}
