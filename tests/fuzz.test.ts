import { expect, test } from 'vitest'
import { parseOsmandJson } from '../backend/fixes/clients/osmand.ts'
import { idFor } from '../backend/fixes/clients/reading.ts'
import { judge } from '../backend/fixes/judge.ts'
import { attempt } from './fuzz/attempt.ts'
import { inputOf, PARSERS } from './fuzz/parsers.ts'

const INPUTS = 300

test.each(Object.keys(PARSERS))(
  '%s: whatever comes is taken or refused, never a crash',
  async (name) => {
    const outcomes: Record<string, number> = {}
    for (let index = 0; index < INPUTS; index++) {
      const { outcome, error } = await attempt(name, 'unit', index)
      expect(error, `${name} unit ${index}`).toBeUndefined()
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
    expect(outcomes['taken'], 'mutations reach beyond the first check').toBeGreaterThan(0)
    expect(outcomes['refused']).toBeGreaterThan(0)
  },
)

test('the same seed makes the same inputs', async () => {
  for (const name of Object.keys(PARSERS)) {
    const [one, again, other] = [await inputOf(name, 'a', 1), await inputOf(name, 'a', 1), await inputOf(name, 'b', 1)] // prettier-ignore
    expect(Buffer.from(one).equals(again), name).toBe(true)
    expect(Buffer.from(one).equals(other), name).toBe(false)
  }
})

test('a tracker whose name has half a surrogate pair is heard; ids of other names are as they were', () => {
  const location = { timestamp: 1_764_000_000, coords: { latitude: 22.54, longitude: 114.06 } }
  expect(parseOsmandJson({ device_id: '\ud800', location }, 0).fixes).toHaveLength(1)
  expect(idFor('手机', 1_764_000_000_000, 114.06, 22.54)).toBe(
    'a216e8a6-702c-5ac0-afd1-2c85aa6aff59',
  )
})

test('a fix whose degrees are no numbers costs the batch nothing but itself', () => {
  const gate = { duty: [{ from: 0, to: 9e12, date: '2026-11-24', zone: 'Asia/Shanghai' }], consentAt: 0, countries: ['CN'] } // prettier-ignore
  const good = { id: '0199e0b2-0000-7000-8000-000000000001', at: 1_764_000_000_000, lng: 114.06, lat: 22.54 } // prettier-ignore
  const bad = { ...good, lng: { toString: 1 } }
  const judged = judge({ fixes: [bad, good] }, gate, { receivedAt: good.at, ageMs: 1e9 })
  expect(judged.rejected).toMatchObject([{ index: 0, code: 'bad_position' }])
  expect(judged.fixes).toHaveLength(1)
})
