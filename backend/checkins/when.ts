import { CHECKIN_RULES } from '../contract/checkins.ts'

/** What a phone says of the moment of a check-in; see `CheckinInput`. */
export interface Reported {
  readonly at: number
  readonly sentAt?: number | undefined
  readonly ageMs?: number | undefined
  readonly notBefore?: number | undefined
}

/** When it was, as honestly as can be told. */
export interface Timing {
  readonly at: number // epoch ms, server's clock
  readonly offsetMs: number // that the phone's clock was behind on sending; 0 when not told
  readonly movedMs: number // that the phone's clock was moved by between the press and the sending; 0: it was not
  readonly late: boolean // captured without a network
}

/** What slow lines and coarse timers explain: only more than this is a moved clock. */
const MOVED_MS = 90_000

/**
 * The time of a check-in by the server's clock. The phone's clock says when; its offset on sending
 * corrects it beyond a minute. Two bounds that no setting of the phone's clock can move hold it: the
 * press was `ageMs` (monotonic) before the arrival or longer ago, because a monotonic clock may rest
 * while the phone sleeps but never runs ahead; and it was not before `notBefore`, the server's own
 * time that the page knew then. A time outside of the bounds is brought inside, and how far it was
 * off is told.
 */
export function honestTime(reported: Reported, receivedAt: number): Timing {
  const offsetMs = reported.sentAt === undefined ? 0 : receivedAt - reported.sentAt
  const isOff = Math.abs(offsetMs) > CHECKIN_RULES.clockOffsetMs
  const claimed = reported.at + (isOff ? offsetMs : 0)
  const latest = receivedAt - (reported.ageMs ?? 0)
  const earliest = Math.min(reported.notBefore ?? -Infinity, latest)
  const at = Math.round(Math.min(latest, Math.max(earliest, claimed)))
  const off = claimed - at
  return {
    at,
    offsetMs: Math.round(offsetMs),
    movedMs: Math.abs(off) > MOVED_MS ? Math.round(off) : 0,
    late: receivedAt - at > CHECKIN_RULES.lateMs,
  }
}

/** Why a time can not be taken at all. */
export function wrongTime(
  reported: Reported,
  timing: Timing,
  receivedAt: number,
): 'in_future' | 'too_old' | null {
  const isBound = reported.sentAt !== undefined || reported.ageMs !== undefined
  if (!isBound && reported.at > receivedAt + CHECKIN_RULES.futureMs) return 'in_future'
  return timing.at < receivedAt - CHECKIN_RULES.ageMs ? 'too_old' : null
}
