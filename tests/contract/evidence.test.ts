import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreEvidence, type EvidenceFacts } from '../../backend/checkins/evidence.ts'
import { CODES, worded } from '../../backend/checkins/evidenceWords.ts'
import { CHEATS, claimsOf } from '../../fixtures/claims.ts'
import type { TrackFix } from '../../geo/index.ts'
import { factsOf, REVIEW_BELOW, scoreCheats } from '../bench/truthEvidence.ts'

const MINUTE = 60_000
const DEGREE = 111_320
const HERE = { lng: 114.05, lat: 22.54 }
const AT = Date.parse('2026-11-23T06:00:00Z')

/** Fixes each so many seconds from the check-in, and so many metres north of it. */
const track = (...at: [seconds: number, north: number][]): TrackFix[] =>
  at.map(([seconds, north], i) => ({
    id: String(i),
    at: AT + seconds * 1000,
    lng: HERE.lng + i * 1e-7,
    lat: HERE.lat + north / DEGREE,
    accuracy: 10,
  }))

const honest: EvidenceFacts = {
  at: AT,
  position: { ...HERE, accuracy: 18 },
  ...{ where: 'inside', metres: 46, chance: 0.97, radius: 80 },
  ...{ fixAgeMs: 4000, mock: false, source: 'wecom', offsetMs: 900, movedMs: 0, lateMs: 900 },
  ...{ offDuty: false, settled: true, replay: null, sameSpotDays: 0 },
  track: track([-70, 20], [-40, 5], [-10, 0], [20, 3], [50, 8]),
  proof: { metres: 4000, ms: 32 * MINUTE },
  device: { usual: true, others: 0 },
  photos: [{ readable: true, seen: null, daysAgo: 0 }],
  photoNeeded: false,
  ...{ givesPlace: false, customer: null, questions: [] },
  wifi: { known: true, matches: true },
}
const score = (change: Partial<EvidenceFacts>) => scoreEvidence({ ...honest, ...change }).score
const codes = (change: Partial<EvidenceFacts>) =>
  scoreEvidence({ ...honest, ...change }).signals.map(({ code }) => code)

describe('the evidence score', () => {
  it('is 100 for a visit that everything speaks for, and the sum of its signals', () => {
    const { score: whole, signals } = scoreEvidence(honest)
    expect(whole).toBe(100)
    expect(signals.reduce((sum, { points }) => sum + points, 0)).toBe(100)
  })

  it('falls below the review line for each lie alone, however good the rest is', () => {
    const far = [-70, -40, -10, 20, 50].map((s): [number, number] => [s, 8000])
    const lies: [string, Partial<EvidenceFacts>][] = [
      ['mock', { mock: true }],
      ['pin', { source: 'wecom_message', fixAgeMs: null, photos: [], track: [] }],
      ['track_disagrees_before', { track: track(...far) }],
      ['track_disagrees_after', { track: track([-40, 5], [-10, 0], [20, 9000], [50, 9000]) }],
      ['impossible_travel', { proof: { metres: 40_000, ms: 5 * MINUTE } }],
      ['replayed', { replay: { daysAgo: 3 } }],
      ['device_shared', { device: { usual: true, others: 2 } }],
      ['photo_of_other', { photos: [{ readable: true, seen: 'other', daysAgo: 2 }] }],
      ['photo_again', { photos: [{ readable: true, seen: 'self', daysAgo: 9 }] }],
      ['clock_moved', { movedMs: -40 * MINUTE }],
      ['same_spot', { sameSpotDays: 2, wifi: null }],
      [
        'fix_old',
        { fixAgeMs: 40 * MINUTE, where: 'cannot_tell', chance: 0.4, wifi: null, photos: [] },
      ],
    ]
    for (const [code, change] of lies) {
      expect(codes(change), code).toContain(code)
      expect(score(change), code).toBeLessThan(REVIEW_BELOW)
    }
  })

  it('knows a phone that repeats one point for long, and spares one that rests for minutes', () => {
    const pinned = (count: number, speed: number): TrackFix[] =>
      Array.from({ length: count }, (_, i) => ({ id: String(i), at: AT - (count - i) * MINUTE, ...HERE, accuracy: 10, speed })) // prettier-ignore
    expect(codes({ track: pinned(30, 0) })).toContain('frozen')
    expect(codes({ track: pinned(30, 1.4) })).toContain('frozen_moving')
    expect(codes({ track: pinned(6, 0) })).not.toContain('frozen')
  })

  it('accuses nobody for what can not be known', () => {
    const nothing = { track: [], proof: null, device: null, photos: [], wifi: null, fixAgeMs: null }
    expect(score(nothing)).toBeGreaterThanOrEqual(REVIEW_BELOW)
    expect(score({ ...nothing, where: 'cannot_tell', chance: 0.3 })).toBeGreaterThanOrEqual(
      REVIEW_BELOW,
    )
    expect(score({ track: [], lateMs: 5 * 60 * MINUTE, offsetMs: 74_000 })).toBeGreaterThan(80)
  })

  it('forgives one wild fix beside a check-in', () => {
    expect(score({ track: track([-70, 20], [-40, 5], [-10, 6000], [20, 3]) })).toBeGreaterThan(80)
  })

  it('asks about a visit in the middle of a silence that begins and ends at rest elsewhere, and about none that left fixes of its own', () => {
    type Seen = [seconds: number, north: number]
    const rest: Seen[] = [[-500, 1700], [-470, 1702], [-440, 1701]] // prettier-ignore
    const back: Seen[] = [[700, 1698], [730, 1700], [760, 1703]] // prettier-ignore
    const silent = track(...rest, ...back)
    expect(codes({ track: silent })).toContain('track_excursion')
    expect(score({ track: silent })).toBeLessThan(60)
    const seen = track(...rest, [-20, 4], [10, 6], [40, 2], ...back)
    expect(score({ track: seen })).toBeGreaterThanOrEqual(60)
    const later = back.map(([seconds, north]): Seen => [seconds + 1400, north])
    expect(codes({ track: track(...rest, ...later) })).not.toContain('track_excursion')
  })

  it('does not depend on the order of the fixes, and stays within 0 and 100', () => {
    const fixes = fc.array(fc.tuple(fc.integer({ min: -5000, max: 2000 }), fc.integer({ min: -9000, max: 9000 })), { maxLength: 25 }) // prettier-ignore
    fc.assert(
      fc.property(fixes, fc.boolean(), (at, mock) => {
        const around = track(...at)
        const result = scoreEvidence({ ...honest, mock, track: around })
        expect(scoreEvidence({ ...honest, mock, track: around.toReversed() })).toEqual(result)
        expect(result.score).toBeGreaterThanOrEqual(0)
        expect(result.score).toBeLessThanOrEqual(100)
      }),
    )
  })

  it('has a sentence in Chinese and English for every signal, with nothing left to fill in', () => {
    const seen = new Set<string>()
    for (const cheat of [...CHEATS, 'none'] as const)
      for (const claim of claimsOf('words', 1, cheat))
        for (const { code, text, textEn } of worded(scoreEvidence(factsOf(claim))).signals) {
          seen.add(code)
          expect(CODES).toContain(code)
          expect(`${text}${textEn}`).not.toMatch(/[{}]|undefined|NaN/)
        }
    expect(seen.size).toBeGreaterThan(15)
  })

  it('finds 95 % of the cheats and accuses less than 1 % of the honest, also at 60 m noise', () => {
    const { evidenceRecall, evidenceFalseAlarm } = scoreCheats('unit', 8)
    expect(evidenceRecall).toBeGreaterThanOrEqual(0.95)
    expect(evidenceFalseAlarm).toBeLessThanOrEqual(0.01)
  }, 60_000)
})
