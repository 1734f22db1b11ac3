/** At most `calls` in any `ms`. */
export interface Quota {
  readonly calls: number
  readonly ms: number
}

const MINUTE = 60_000
const HOUR = 3_600_000

/**
 * What WeCom allows one corp to ask of one API (developer.work.weixin.qq.com/document/path/90312,
 * and the page of each check-in API). Reading a visitor by a code is not counted.
 */
const EVERY_API: readonly Quota[] = [
  { calls: 10_000, ms: MINUTE },
  { calls: 150_000, ms: HOUR },
]
const OF_API: Record<string, readonly Quota[]> = {
  '/cgi-bin/gettoken': [{ calls: 60, ms: MINUTE }], // not published; a client that asks oftener is broken
  '/cgi-bin/get_jsapi_ticket': [{ calls: 100, ms: HOUR }],
  '/cgi-bin/ticket/get': [{ calls: 100, ms: HOUR }],
  '/cgi-bin/auth/getuserinfo': [],
  '/cgi-bin/checkin/getcheckindata': [{ calls: 600, ms: MINUTE }],
  '/cgi-bin/checkin/getcheckin_daydata': [{ calls: 100, ms: MINUTE }],
  '/cgi-bin/checkin/getcheckin_monthdata': [{ calls: 60, ms: MINUTE }],
  '/cgi-bin/checkin/getcorpcheckinoption': [{ calls: 60, ms: MINUTE }],
  '/cgi-bin/checkin/setcheckinschedulist': [{ calls: 60, ms: MINUTE }],
  '/cgi-bin/checkin/punch_correction': [{ calls: 600, ms: MINUTE }],
}

export const quotasOf = (api: string): readonly Quota[] => OF_API[api] ?? EVERY_API

const SLOTS = 60 // a window is counted in sixtieths
const HANDFULS = 40 // in a quota: so little of it a busy process may leave unused
const KEPT_BACK = 0.1 // of each quota, for other programs of the same corp

const allowedBy = (quota: Quota) => Math.max(1, Math.floor(quota.calls * (1 - KEPT_BACK)))

/** Calls of one window, by the number of the slot they fell into. */
export type Counted = ReadonlyMap<number, number>

/**
 * Whether a call may be made now under one quota. Slots that touch the window count whole, so the
 * quota holds in every window, wherever WeCom begins its own.
 * @param now epoch ms
 * @returns 0, or how many ms to wait.
 */
export function waitFor(quota: Quota, counted: Counted, now: number): number {
  const slotMs = quota.ms / SLOTS
  const allowed = allowedBy(quota)
  const slots = recent(quota, counted, now)
  let sum = slots.reduce((total, [, calls]) => total + calls, 0)
  for (const [slot, calls] of slots) {
    if (sum < allowed) return 0
    sum -= calls
    if (sum < allowed) return Math.max(1, (slot + SLOTS + 1) * slotMs - now)
  }
  return 0
}

/** How many calls may be made now under one quota. */
export function roomIn(quota: Quota, counted: Counted, now: number): number {
  const made = recent(quota, counted, now).reduce((total, [, calls]) => total + calls, 0)
  return Math.max(0, allowedBy(quota) - made)
}

/** What is counted when calls are made now; slots that left the window are dropped. */
export function counting(quota: Quota, counted: Counted, now: number, calls = 1): Counted {
  const slot = Math.floor(now / (quota.ms / SLOTS))
  const next = new Map(recent(quota, counted, now))
  return next.set(slot, (next.get(slot) ?? 0) + calls)
}

function recent(quota: Quota, counted: Counted, now: number): [number, number][] {
  const slot = Math.floor(now / (quota.ms / SLOTS))
  return [...counted].filter(([each]) => each >= slot - SLOTS).sort(([a], [b]) => a - b)
}

/** Calls of one API under each of its quotas, by the length of the window. */
export type Windows = ReadonlyMap<number, Counted>

export interface Taken {
  calls: number // as many as were wanted, or as there is room for
  waitMs: number // 0 unless there is room for none
  windows: Windows // after it
}

const NONE: Counted = new Map()

/** Takes calls out of all quotas of an API. Pure: who keeps the windows keeps the limits. */
export function taking(api: string, windows: Windows, now: number, wanted: number): Taken {
  const quotas = quotasOf(api)
  const of = (quota: Quota) => windows.get(quota.ms) ?? NONE
  const calls = Math.min(wanted, ...quotas.map((quota) => roomIn(quota, of(quota), now)))
  const waitMs = Math.max(0, ...quotas.map((quota) => waitFor(quota, of(quota), now)))
  if (calls === 0) return { calls, waitMs, windows }
  const next = quotas.map((quota) => [quota.ms, counting(quota, of(quota), now, calls)] as const)
  return { calls, waitMs: 0, windows: new Map(next) }
}

/** Until when calls taken now may be made: the end of the shortest slot. */
export function slotEnd(api: string, now: number): number {
  const slotMs = Math.min(...quotasOf(api).map(({ ms }) => ms / SLOTS))
  return (Math.floor(now / slotMs) + 1) * slotMs
}

/** The most that one process takes at once. */
export const handfulOf = (api: string): number =>
  Math.max(1, Math.floor(Math.min(...quotasOf(api).map(allowedBy)) / HANDFULS))

/** Who counts the calls: this process alone, or all that share a database. */
export interface Limits {
  /** Counts a call if all quotas of its API allow it; otherwise the ms to wait. */
  take(api: string, now: number): Promise<number>
}

/** Counts the calls of every API of this process. */
export function createLimits(): Limits {
  const counted = new Map<string, Windows>()
  return {
    take(api, now) {
      const taken = taking(api, counted.get(api) ?? new Map<number, Counted>(), now, 1)
      counted.set(api, taken.windows)
      return Promise.resolve(taken.waitMs)
    },
  }
}
