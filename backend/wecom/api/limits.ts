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
const KEPT_BACK = 0.1 // of each quota, for other programs of the same corp

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
  const allowed = Math.max(1, Math.floor(quota.calls * (1 - KEPT_BACK)))
  const slots = recent(quota, counted, now)
  let sum = slots.reduce((total, [, calls]) => total + calls, 0)
  for (const [slot, calls] of slots) {
    if (sum < allowed) return 0
    sum -= calls
    if (sum < allowed) return Math.max(1, (slot + SLOTS + 1) * slotMs - now)
  }
  return 0
}

/** What is counted when a call is made now; slots that left the window are dropped. */
export function counting(quota: Quota, counted: Counted, now: number): Counted {
  const slot = Math.floor(now / (quota.ms / SLOTS))
  const next = new Map(recent(quota, counted, now))
  return next.set(slot, (next.get(slot) ?? 0) + 1)
}

function recent(quota: Quota, counted: Counted, now: number): [number, number][] {
  const slot = Math.floor(now / (quota.ms / SLOTS))
  return [...counted].filter(([each]) => each >= slot - SLOTS).sort(([a], [b]) => a - b)
}

/** Counts the calls of every API of this process. */
export function createLimits() {
  const windows = new Map<string, Counted>()
  const keyOf = (api: string, quota: Quota) => `${api} ${quota.ms}`
  const none: Counted = new Map()
  return {
    /** Counts a call if all quotas of its API allow it; otherwise the ms to wait. */
    take(api: string, now: number): number {
      const quotas = quotasOf(api)
      const wait = Math.max(
        0,
        ...quotas.map((quota) => waitFor(quota, windows.get(keyOf(api, quota)) ?? none, now)),
      )
      if (wait === 0)
        for (const quota of quotas) {
          const key = keyOf(api, quota)
          windows.set(key, counting(quota, windows.get(key) ?? none, now))
        }
      return wait
    },
  }
}

export type Limits = ReturnType<typeof createLimits>
