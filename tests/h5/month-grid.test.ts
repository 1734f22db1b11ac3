import { expect, test } from 'vitest'
import { drawn, filledNext, isWhole, moved, paceOf } from '../../h5/attendanceHr/grid/grid.ts'

test('lines are drawn in whole steps, one step beyond the sight', () => {
  expect(drawn(0, 280, 28, 5000)).toEqual({ first: 0, last: 24 })
  expect(drawn(28 * 100, 280, 28, 5000)).toEqual({ first: 88, last: 120 })
  expect(drawn(28 * 95, 280, 28, 100)).toEqual({ first: 80, last: 100 })
})

test('lines that came in are filled from the middle on, those that went are forgotten', () => {
  const window = { first: 8, last: 13 }
  const first = filledNext(new Set([6, 7, 8]), window, 2)
  expect([...first]).toEqual([8, 10, 9])
  const all = filledNext(first, window, 8)
  expect([isWhole(first, window), isWhole(all, window)]).toEqual([false, true])
  expect(all.size).toBe(5)
  expect(filledNext(all, window, 8)).toBe(all)
  expect(filledNext(all, { first: 20, last: 24 }, 0)).toEqual(new Set())
})

test('a frame fills as many lines as its budget has room for, one at the least and eight at the most', () => {
  expect([0, 0.4, 1, 2.5, 40].map(paceOf)).toEqual([8, 8, 4, 1, 1])
})

test('keys lead from cell to cell, pass over headings and stop at the edges', () => {
  const size = { rows: 4, days: 31 }
  const isPerson = (row: number) => row !== 0 && row !== 2
  expect(moved('ArrowDown', { row: 1, day: 3 }, size, isPerson)).toEqual({ row: 3, day: 3 })
  expect(moved('ArrowUp', { row: 1, day: 3 }, size, isPerson)).toEqual({ row: 1, day: 3 })
  expect(moved('ArrowRight', { row: 1, day: 30 }, size, isPerson)).toEqual({ row: 1, day: 30 })
  expect(moved('End', { row: 3, day: 0 }, size, isPerson)).toEqual({ row: 3, day: 30 })
  expect(moved('a', { row: 1, day: 3 }, size, isPerson)).toBeNull()
})
