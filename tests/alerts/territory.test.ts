import { expect, test } from 'vitest'
import { excursionsOf } from '../../backend/alerts/territory.ts'
import { rulesFor } from '../../backend/alerts/settings.ts'
import { at, piece, rule } from './scene.ts'

const SQUARE = { polygons: [[[[114, 22.5], [114.1, 22.5], [114.1, 22.6], [114, 22.6]]]] } as const // prettier-ignore

const wayOf = (
  from: string,
  to: string,
  line: [number, number][],
  kind: 'move' | 'silent' = 'move',
) => ({
  ...piece(kind, from, to),
  line,
})

const stayAt = (lng: number, from: string, to: string) => ({
  ...piece('stay', from, to),
  place: { lng, lat: 22.55 },
})

test('an excursion lasts from beyond the border until the border', () => {
  const way = wayOf('10:00', '11:00', [[114.05, 22.55], [114.15, 22.55]]) // prettier-ignore
  const segments = [stayAt(114.05, '09:00', '10:00'), way, stayAt(114.15, '11:00', '12:00'), stayAt(114.05, '12:30', '13:00')] // prettier-ignore
  expect(excursionsOf(segments, SQUARE)).toEqual([{ from: at('11:00'), to: at('12:30') }])
})

test('within a move the times are those of its even pace', () => {
  const way = wayOf('10:00', '11:00', [[114.08, 22.55], [114.09, 22.55], [114.11, 22.55], [114.12, 22.55]]) // prettier-ignore
  const [first] = excursionsOf([way], SQUARE)
  expect((first?.from ?? 0) / 60_000).toBeCloseTo(at('10:45') / 60_000, 2)
  expect(first?.to).toBeNull()
})

test('a street along the border, and what a silence hides, is no excursion', () => {
  const along = wayOf('10:00', '11:00', [
    [114.1005, 22.52],
    [114.1005, 22.58],
  ]) // 50 m beyond; prettier-ignore
  const hidden = wayOf('11:00', '12:00', [[114.2, 22.5], [114.3, 22.5]], 'silent') // prettier-ignore
  expect(excursionsOf([along, hidden], SQUARE)).toEqual([])
})

test('of a kind the rule of the nearest department holds, else the company’s', () => {
  const rules = [
    rule('silent', { minutes: 60 }),
    rule('silent', { minutes: 30, departmentId: 'south' }),
    rule('silent', { minutes: 20, departmentId: 'shop' }),
    rule('late'),
  ]
  const minutesFor = (lineage: string[]) =>
    rulesFor(rules, lineage).map(({ kind, minutes }) => [kind, minutes])
  expect(minutesFor(['shop', 'south', 'root'])).toEqual([['silent', 20], ['late', 15]]) // prettier-ignore
  expect(minutesFor(['east', 'south', 'root'])).toEqual([['silent', 30], ['late', 15]]) // prettier-ignore
  expect(minutesFor(['north', 'root'])).toEqual([
    ['silent', 60],
    ['late', 15],
  ])
})
