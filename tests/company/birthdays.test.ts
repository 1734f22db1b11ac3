import fc from 'fast-check'
import { expect, it } from 'vitest'
import { comingDays } from '../../backend/company/birthdays.ts'
import { announcementOf, keyOf } from '../../backend/company/tell.ts'
import { BirthdayInput } from '../../backend/contract/colleagues.ts'

it('today comes first, and the turn of the year is no wall', () => {
  const coming = comingDays('2026-12-30')
  expect(coming.get('12-30')).toBe(0)
  expect(coming.get('01-02')).toBe(3)
  expect(coming.has('12-29')).toBe(false)
})

it('who was born on a leap day is not left out of other years', () => {
  expect(comingDays('2027-02-20').get('02-29')).toBe(8)
  expect(comingDays('2028-02-20').get('02-29')).toBe(9)
})

it('every day of a year comes within a year, at most 365 days away', () => {
  const dates = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }) // prettier-ignore
  fc.assert(
    fc.property(dates, (date) => {
      const coming = comingDays(date.toISOString().slice(0, 10), 365)
      expect(coming.size).toBe(366)
      expect(Math.max(...coming.values())).toBeLessThanOrEqual(365)
    }),
  )
})

it.each(['02-30', '13-01', '4-1', '00-10', '2000-01-01', '04-31'])(
  '%s is no birthday',
  (birthday) => {
    expect(BirthdayInput.safeParse({ birthday }).success).toBe(false)
  },
)

it('a message’s key leads back to its announcement, another’s to none', () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  expect([keyOf(id), keyOf(id, true)].map(announcementOf)).toEqual([id, id])
  expect(announcementOf('alert:rep1:' + id)).toBeNull()
})
