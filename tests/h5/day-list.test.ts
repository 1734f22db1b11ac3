import { expect, test } from 'vitest'
import type { Segment } from '../../backend/contract/days.ts'
import { visitNumbers } from '../../h5/map/visitNumbers.ts'
import { customerTime, dayRows, daySpan, shiftedDate } from '../../h5/tracks/day/dayList.ts'

const NINE = Date.UTC(2026, 10, 23, 1)
const HOUR = 3_600_000

const segments: Segment[] = [
  { kind: 'stay', from: NINE, to: NINE + HOUR, place: { lng: 1, lat: 1, name: '办事处' } },
  { kind: 'move', from: NINE + HOUR, to: NINE + 2 * HOUR, metres: 1100 },
  { kind: 'stay', from: NINE + 2 * HOUR, to: NINE + 3 * HOUR, customerId: 'a' },
  { kind: 'inferred_stay', from: NINE + 3 * HOUR, to: NINE + 4 * HOUR, customerId: 'a' },
  { kind: 'stay', from: NINE + 4 * HOUR, to: NINE + 5 * HOUR, customerId: 'a' },
  { kind: 'silent', from: NINE + 5 * HOUR, to: NINE + 6 * HOUR, reason: 'page_closed' },
  { kind: 'stay', from: NINE + 6 * HOUR, to: NINE + 7 * HOUR, customerId: 'b' },
]
const visits = [{ customerId: 'a', name: '禾光便利', from: NINE, to: NINE + HOUR }]

test('a stay that goes on after an inferred piece keeps its number', () => {
  expect(visitNumbers(segments)).toEqual([null, null, 1, null, 1, null, 2])
})

test('list, ribbon and map point to the same piece by its place in the day', () => {
  const rows = dayRows({ segments, visits })
  expect(rows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(rows.map(({ form }) => form)).toEqual([
    'stay',
    'move',
    'customer',
    'inferred',
    'customer',
    'silent',
    'customer',
  ])
  expect(rows.map(({ name }) => name)).toEqual([
    '办事处',
    null,
    '禾光便利',
    '禾光便利',
    '禾光便利',
    null,
    null,
  ])
})

test('inferred time at a customer counts as time at customers, silence does not', () => {
  expect(customerTime(segments)).toBe(4 * HOUR)
})

test('the ribbon spans the duty and what lies beyond it', () => {
  const duty = [{ from: NINE + HOUR, to: NINE + 9 * HOUR }]
  expect(daySpan({ duty, segments })).toEqual({ from: NINE, to: NINE + 9 * HOUR })
  expect(daySpan({ duty: [], segments: [] })).toBeNull()
})

test('the day before the first of March in a leap year is the 29th', () => {
  expect(shiftedDate('2028-03-01', -1)).toBe('2028-02-29')
  expect(shiftedDate('2026-12-31', 1)).toBe('2027-01-01')
})
