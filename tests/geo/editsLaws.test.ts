import fc from 'fast-check'
import { expect, test } from 'vitest'
import { totalsOf, visitsOf } from '../../geo/day/day.ts'
import { editDay, type EditedPiece, type TrackEdit } from '../../geo/day/edits.ts'
import { at, DAY, PIECES } from './editedDay.ts'

const time = fc.oneof(
  fc.integer({ min: -20, max: 260 }).map(at),
  fc.constantFrom(...PIECES.map(({ to }) => to), NaN, Infinity, -Infinity, 0),
)
const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')
const words = fc.oneof(
  fc.record({ kind: fc.constant('split' as const), at: time }),
  fc.record({ kind: fc.constant('merge' as const), from: time, to: time }),
  fc.record(
    {
      kind: fc.constant('name' as const),
      at: time,
      name: fc.string(),
      customerId: fc.constantFrom('shop', 'other', null, undefined),
    },
    { requiredKeys: ['kind', 'at', 'name'] },
  ),
  fc.record({ kind: fc.constant('dispute' as const), at: time, note: fc.string() }),
  fc.record({ kind: fc.constant('withdraw' as const), editId: ids }),
)
/** Edits with ids of their own, as the key of the table makes them. */
const anyEdits: fc.Arbitrary<TrackEdit[]> = fc
  .uniqueArray(fc.tuple(ids, fc.integer({ min: 0, max: 3 }), words), { selector: ([id]) => id })
  .map((made) => made.map(([id, madeAt, said]) => ({ ...said, id, madeAt, madeBy: 'rep1' })))

const seconds = (segments: readonly EditedPiece[]) =>
  segments.reduce((sum, { from, to }) => sum + to - from, 0) / 1000

test('whatever is edited, the pieces tile the duty and the totals add up', () => {
  fc.assert(
    fc.property(anyEdits, (edits) => {
      const { segments, totals, visits } = editDay(DAY, edits)
      expect(segments[0]?.from).toBe(at(0))
      expect(segments.at(-1)?.to).toBe(at(240))
      for (const [index, { from, to }] of segments.entries()) {
        expect(to).toBeGreaterThan(from)
        if (index > 0) expect(segments[index - 1]?.to).toBe(from)
      }
      const told = totals.staySeconds + totals.moveSeconds + totals.silentSeconds
      expect(told).toBe(seconds(segments))
      expect(totals).toEqual(totalsOf(segments))
      expect(visits).toEqual(visitsOf(segments))
    }),
    { numRuns: 2000 },
  )
})

test('the order and the repetition of deliveries mean nothing', () => {
  const delivered = anyEdits.chain((edits) =>
    fc.record({
      edits: fc.constant(edits),
      shuffled: fc.shuffledSubarray(edits, { minLength: edits.length }),
      again: fc.subarray(edits),
    }),
  )
  fc.assert(
    fc.property(delivered, ({ edits, shuffled, again }) => {
      const expected = JSON.stringify(editDay(DAY, edits))
      expect(JSON.stringify(editDay(DAY, [...shuffled, ...again]))).toBe(expected)
    }),
    { numRuns: 1000 },
  )
})

test('what it is given stays as it was, and every edit is told with its effect', () => {
  const before = JSON.stringify(DAY)
  fc.assert(
    fc.property(anyEdits, (edits) => {
      const { edits: recorded = [], segments } = editDay(DAY, edits)
      expect(JSON.stringify(DAY)).toBe(before)
      expect(recorded.map(({ id }) => id).toSorted()).toEqual(edits.map(({ id }) => id).toSorted())
      const marks = new Set(segments.flatMap((each) => each.edits ?? []))
      const effective = recorded.filter(({ effect }) => effect === 'applied').map(({ id }) => id)
      for (const id of marks) expect(effective).toContain(id)
    }),
    { numRuns: 500 },
  )
})
