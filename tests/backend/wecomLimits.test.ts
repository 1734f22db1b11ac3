import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CLOSED, entering, failed, succeeded } from '../../backend/wecom/api/breaker.ts'
import {
  counting,
  createLimits,
  quotasOf,
  waitFor,
  type Counted,
} from '../../backend/wecom/api/limits.ts'

const MINUTE = 60_000

/** Calls whenever it may, for a while; answers the instants of the calls. */
function callsOf(quota: { calls: number; ms: number }, gaps: readonly number[]): number[] {
  let counted: Counted = new Map()
  let now = 1_700_000_000_000
  const made: number[] = []
  for (const gap of gaps) {
    now += gap
    if (waitFor(quota, counted, now) > 0) continue
    counted = counting(quota, counted, now)
    made.push(now)
  }
  return made
}

test('no window of any beginning holds more calls than the quota', () => {
  const quota = fc.record({ calls: fc.integer({ min: 1, max: 40 }), ms: fc.constant(MINUTE) })
  fc.assert(
    fc.property(
      quota,
      fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 400 }),
      (q, gaps) => {
        const made = callsOf(q, gaps)
        for (const from of made)
          expect(made.filter((at) => at >= from && at < from + q.ms).length).toBeLessThanOrEqual(
            q.calls,
          )
      },
    ),
  )
})

test('who waits as long as he is told may call then', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 100 }),
      (gaps) => {
        const quota = { calls: 10, ms: MINUTE }
        let counted: Counted = new Map()
        let now = 1_700_000_000_000
        for (const gap of gaps) {
          now += gap
          now += waitFor(quota, counted, now)
          expect(waitFor(quota, counted, now)).toBe(0)
          counted = counting(quota, counted, now)
        }
      },
    ),
  )
})

test('nine tenths of a quota can be used', () => {
  expect(callsOf({ calls: 100, ms: MINUTE }, Array<number>(200).fill(10))).toHaveLength(90)
})

test('the tickets have a quota of an hour, each API its own count, visitors none', async () => {
  const limits = createLimits()
  const now = 1_700_000_000_000
  for (let i = 0; i < 90; i++) expect(await limits.take('/cgi-bin/ticket/get', now)).toBe(0)
  const wait = await limits.take('/cgi-bin/ticket/get', now)
  expect(wait).toBeGreaterThan(59 * MINUTE)
  expect(await limits.take('/cgi-bin/ticket/get', now + wait)).toBe(0)
  expect(await limits.take('/cgi-bin/get_jsapi_ticket', now)).toBe(0)
  expect(quotasOf('/cgi-bin/auth/getuserinfo')).toEqual([])
})

test('five failures in a row open the circuit, each failed trial doubles the time', () => {
  let circuit = CLOSED
  for (let i = 0; i < 4; i++) circuit = failed(circuit, 0)
  expect(entering(circuit, 0).waitMs).toBe(0)
  circuit = failed(circuit, 0)
  expect(entering(circuit, 1_000).waitMs).toBe(4_000)
  const trial = entering(circuit, 5_000)
  expect(trial.waitMs).toBe(0)
  expect(entering(trial.circuit, 5_001).waitMs).toBeGreaterThan(0) // one tries, the others wait
  circuit = failed(trial.circuit, 6_000)
  expect(entering(circuit, 6_000).waitMs).toBe(10_000)
  for (let i = 0; i < 20; i++) circuit = failed(circuit, 0)
  expect(entering(circuit, 0).waitMs).toBe(120_000)
  expect(entering(succeeded(), 0).waitMs).toBe(0)
})
