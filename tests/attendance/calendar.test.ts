import { describe, expect, test } from 'vitest'
import { bookOf, BUILT_IN, weekdayOf } from '../../backend/attendance/calendars/index.ts'

/** The official arrangement in one line a year: days off from–to, make-up workdays, days paid threefold (MMDD). */
const OFFICIAL: Record<number, { off: string; work: string; statutory: string }> = {
  2019: {
    off: '0101 0204-0210 0405-0407 0501-0504 0607-0609 0913-0915 1001-1007',
    work: '0202 0203 0428 0505 0929 1012',
    statutory: '0101 0205-0207 0405 0501 0607 0913 1001-1003',
  },
  2020: {
    off: '0101 0124-0202 0404-0406 0501-0505 0625-0627 1001-1008',
    work: '0119 0426 0509 0628 0927 1010',
    statutory: '0101 0125-0127 0404 0501 0625 1001-1003',
  },
  2021: {
    off: '0101-0103 0211-0217 0403-0405 0501-0505 0612-0614 0919-0921 1001-1007',
    work: '0207 0220 0425 0508 0918 0926 1009',
    statutory: '0101 0212-0214 0404 0501 0614 0921 1001-1003',
  },
  2022: {
    off: '0101-0103 0131-0206 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007 1231',
    work: '0129 0130 0402 0424 0507 1008 1009',
    statutory: '0101 0201-0203 0405 0501 0603 0910 1001-1003',
  },
  2023: {
    off: '0101-0102 0121-0127 0405 0429-0503 0622-0624 0929-1006',
    work: '0128 0129 0423 0506 0625 1007 1008',
    statutory: '0101 0122-0124 0405 0501 0622 0929 1001-1003',
  },
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
  test.each([2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026])(
    'is the official one on every day of %i',
    (year) => {
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
    },
  )

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
