import { expect, test } from 'vitest'
import { overdueCustomers } from '../../h5/visits/overdue/overdue.ts'

const row = (customerId: string, days: number | null, everyDays: number) => ({
  ...{ customerId, customer: customerId, address: null, tier: null, ownerId: null, owner: null },
  ...{ department: null, lng: null, lat: null, lastVisit: null, days, everyDays },
})
const day = (date: string, ...customerIds: string[]) => ({
  ...{ personId: 'a', person: 'A', date, planId: null, madeBy: null, extra: [] },
  stops: customerIds.map((customerId) => ({
    ...{ id: customerId, customerId, fixedMinute: null, minutes: null, goal: '' },
    ...{ customer: customerId, address: null, tier: null, lng: null, lat: null, open: null },
    ...{ visitId: null, origin: 'hand' as const, status: 'planned' as const },
  })),
})

test('never visited comes first, then whoever is longest beyond his own interval', () => {
  const rows = [row('c', 100, 91), row('a', 60, 14), row('new', null, 14), row('b', 30, 28)]
  const found = overdueCustomers(rows, [])
  expect(found.map(({ id, overdueDays }) => [id, overdueDays])).toEqual([
    ['new', null],
    ['a', 46],
    ['c', 9],
    ['b', 2],
  ])
})

test('a customer names the days of the week that have it already', () => {
  const week = [day('2026-12-03', 'a', 'b'), day('2026-12-01', 'a')]
  const found = overdueCustomers([row('a', 60, 14), row('c', 60, 14)], week)
  expect(found.map(({ planned }) => planned)).toEqual([['2026-12-01', '2026-12-03'], []])
})
