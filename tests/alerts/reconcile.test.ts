import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Episode } from '../../backend/alerts/episodes.ts'
import { reconcile } from '../../backend/alerts/reconcile.ts'
import { afterChanges } from './kept.ts'

const NOW = 1000

const anEpisode = fc
  .record({
    kind: fc.constantFrom('silent', 'late', 'sos'),
    key: fc.constantFrom('in1', 'in2'),
    from: fc.integer({ min: 0, max: 900 }),
    length: fc.option(fc.integer({ min: 0, max: 300 })),
  })
  .map(({ kind, key, from, length }): Episode => ({
    kind,
    key: kind === 'silent' ? null : key,
    since: from,
    until: length === null ? null : Math.min(from + length, NOW),
    detail: {},
  }))

/** As `episodesOf` makes them: of one key one, and without a key none that touch. */
const manyEpisodes = fc.array(anEpisode, { maxLength: 8 }).map((all) => {
  const kept: Episode[] = []
  for (const each of all) {
    const meets = kept.some(
      ({ kind, key, since, until }) =>
        kind === each.kind &&
        key === each.key &&
        (key !== null || (since <= (each.until ?? NOW) && (until ?? NOW) >= each.since)),
    )
    if (!meets) kept.push(each)
  }
  return kept
})

test('applied once there is nothing left to do, whatever was told before', () => {
  fc.assert(
    fc.property(manyEpisodes, manyEpisodes, (before, after) => {
      const known = afterChanges([], reconcile([], before, NOW), { now: NOW, name: 'a' })
      const then = afterChanges(known, reconcile(known, after, NOW), { now: NOW, name: 'b' })
      const again = reconcile(then, after, NOW)
      expect(again).toEqual({ raise: [], change: [], withdraw: [] })
      const standing = then.filter(({ outcome }) => outcome !== 'withdrawn')
      expect(standing).toHaveLength(after.length) // each episode has one alert that stands
    }),
    { numRuns: 2000 },
  )
})

test('an episode whose times move is not told again', () => {
  const episode: Episode = { kind: 'silent', key: null, since: 100, until: null, detail: {} }
  const known = afterChanges([], reconcile([], [episode], NOW), { now: NOW, name: 'a' })
  const later = { ...episode, since: 300, until: 800 } // older positions came in, and new ones
  expect(reconcile(known, [later], NOW)).toEqual({
    raise: [],
    change: [{ id: 'a0', episode: later }],
    withdraw: [],
  })
})

test('what the facts do not bear out is taken back, and stands again when they do', () => {
  const episode: Episode = { kind: 'late', key: 'in1', since: 100, until: null, detail: {} }
  const known = afterChanges([], reconcile([], [episode], NOW), { now: NOW, name: 'a' })
  const withdrawn = afterChanges(known, reconcile(known, [], NOW), { now: NOW, name: 'b' })
  expect(withdrawn).toMatchObject([{ id: 'a0', outcome: 'withdrawn' }])
  expect(reconcile(withdrawn, [episode], NOW)).toMatchObject({ raise: [], change: [{ id: 'a0' }] })
})

test('of two silences that turn out to be one, the first stays', () => {
  const two: Episode[] = [
    { kind: 'silent', key: null, since: 100, until: 200, detail: {} },
    { kind: 'silent', key: null, since: 300, until: null, detail: {} },
  ]
  const known = afterChanges([], reconcile([], two, NOW), { now: NOW, name: 'a' })
  const one: Episode = { kind: 'silent', key: null, since: 100, until: null, detail: {} }
  const changes = reconcile(known, [one], NOW)
  expect(changes).toMatchObject({ raise: [], change: [{ id: 'a0' }], withdraw: ['a1'] })
})
