import { describe, expect, test } from 'vitest'
import { bookOf, BUILT_IN, weekdayOf } from '../../backend/attendance/calendars/index.ts'

/** The official arrangement in one line a year: days off from–to, make-up workdays, days paid threefold (MMDD). */
const OFFICIAL: Record<number, { off: string; work: string; statutory: string }> = {
  2024: {
    off: '0101 0210-0217 0404-0406 0501-0505 0610 0915-0917 1001-1007',
    work: '0204 0218 0407 0428 0511 0914 0929 1012',
    statutory: '0101 0210 0211 0212 0404 0501 0610 0917 1001 1002 1003',
  },
  2025: {
    off: '0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008',
    work: '0126 0208 0427 0928 1011',
    statutory: '0101 0128 0129 0130 0131 0404 0501 0502 0531 1001 1002 1003 1006',
  },
  2026: {
    off: '0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007',
    work: '0104 0214 0228 0509 0920 1010',
    statutory: '0101 0216 0217 0218 0219 0405 0501 0502 0619 0925 1001 1002 1003',
  },
}

const cn = bookOf(BUILT_IN.find(({ name }) => name === 'CN') ?? null, [])

function datesOf(year: number): string[] {
  const first = Date.UTC(year, 0, 1)
  const days = (Date.UTC(year + 1, 0, 1) - first) / 86_400_000
  return Array.from({ length: days }, (_, index) => new Date(first + index * 86_400_000).toISOString().slice(0, 10)) // prettier-ignore
}

const expand = (year: number, text: string) =>
  new Set(
    text.split(' ').flatMap((part) => {
      const [from = '', to = from] = part.split('-').map((day) => `${year}-${day.slice(0, 2)}-${day.slice(2)}`) // prettier-ignore
      return datesOf(year).filter((date) => date >= from && date <= to)
    }),
  )

describe('the public calendar', () => {
  test.each([2024, 2025, 2026])('is the official one on every day of %i', (year) => {
    const announced = OFFICIAL[year] ?? { off: '', work: '', statutory: '' }
    const free = expand(year, announced.off)
    const called = expand(year, announced.work)
    const threefold = expand(year, announced.statutory)
    for (const date of datesOf(year)) {
      const day = cn.dayOf(date)
      const works = called.has(date) || (!free.has(date) && weekdayOf(date) < 5)
      const is = { works: day.type === 'workday', makeUp: day.makeUp, statutory: day.statutory }
      expect({ date, ...is }).toEqual({ date, works, makeUp: called.has(date), statutory: threefold.has(date) }) // prettier-ignore
    }
  })

  test('of 2019 to 2023 has as many days off, make-up days and days paid threefold as were announced', () => {
    const counts = [2019, 2020, 2021, 2022, 2023].map((year) => {
      const days = datesOf(year).map((date) => cn.dayOf(date))
      return [days.filter(({ from, type }) => from === 'calendar' && type !== 'workday').length, days.filter(({ makeUp }) => makeUp).length] // prettier-ignore
    })
    expect(counts).toEqual([[28, 6], [30, 6], [31, 7], [32, 7], [26, 7]]) // prettier-ignore
    expect(cn.dayOf('2020-01-31')).toMatchObject({ type: 'restday', name: '春节' }) // prolonged in the epidemic
  })

  test('ends with the last year that was announced: later ones are plain weeks, never guessed', () => {
    expect(cn.coveredUntil).toBe(2026)
    expect(cn.dayOf('2027-10-01')).toMatchObject({ type: 'workday', from: 'weekday' })
  })

  test('gives way to the company, and a leap day is a day', () => {
    const own = bookOf(BUILT_IN[0] ?? null, [{ date: '2026-10-01', type: 'workday', name: '盘点' }])
    expect(own.dayOf('2026-10-01')).toMatchObject({ type: 'workday', name: '盘点', from: 'org' })
    expect(cn.dayOf('2024-02-29')).toMatchObject({ type: 'workday', makeUp: false })
  })
})
