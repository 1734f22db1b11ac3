import type { CalendarDay, CalendarException, CalendarYear } from '../../contract/ruleSets.ts'
import { CN, CN_SOURCE } from './cn.ts'

/** A country's announced years, ours and those that were imported. */
export interface CalendarData {
  readonly name: string // CN …
  readonly source: string
  readonly years: readonly CalendarYear[]
}

export const BUILT_IN: readonly CalendarData[] = [{ name: 'CN', source: CN_SOURCE, years: CN }]

interface Announced {
  readonly type: 'work' | 'off'
  readonly name: string | null
  readonly statutory: boolean
}

/** A calendar ready to be asked. */
export interface CalendarBook {
  readonly name: string
  readonly source: string
  /** The last year whose arrangement is known; 0 when none is. Later ones are plain weeks, never guessed. */
  readonly coveredUntil: number
  dayOf(date: string): CalendarDay
}

const DAY_MS = 86_400_000
const nextDate = (date: string) => new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10)

/** Day of the week, Monday 0. */
export const weekdayOf = (date: string): number => (new Date(date).getUTCDay() + 6) % 7

/**
 * @param data a country's years; of two of the same year the later in the list holds. Null: plain weeks.
 * @param exceptions the company's own, which win
 */
export function bookOf(
  data: CalendarData | null,
  exceptions: readonly CalendarException[],
): CalendarBook {
  const announced = new Map<string, Announced>()
  const years = [...new Map((data?.years ?? []).map((each) => [each.year, each])).values()]
  for (const year of years) announce(announced, year)
  const own = new Map(exceptions.map((each) => [each.date, each]))
  return {
    name: data?.name ?? '',
    source: data?.source ?? '',
    coveredUntil: Math.max(0, ...years.map(({ year }) => year)),
    dayOf: (date) => ownDay(own.get(date)) ?? publicDay(date, announced.get(date)),
  }
}

function announce(announced: Map<string, Announced>, { off, work, statutory }: CalendarYear) {
  const threefold = new Set(statutory)
  for (const [from, to, name] of off)
    for (let date = from; date <= to; date = nextDate(date))
      announced.set(date, { type: 'off', name, statutory: threefold.has(date) })
  for (const date of work) announced.set(date, { type: 'work', name: null, statutory: false })
}

const ownDay = (own: CalendarException | undefined): CalendarDay | null =>
  own
    ? {
        date: own.date,
        type: own.type,
        name: own.name || null,
        makeUp: own.type === 'workday' && weekdayOf(own.date) > 4,
        statutory: own.type === 'holiday',
        from: 'org',
      }
    : null

function publicDay(date: string, announced: Announced | undefined): CalendarDay {
  if (!announced) {
    const type = weekdayOf(date) > 4 ? 'restday' : 'workday'
    return { date, type, name: null, makeUp: false, statutory: false, from: 'weekday' }
  }
  const { name, statutory } = announced
  if (announced.type === 'work')
    return { date, type: 'workday', name, makeUp: true, statutory, from: 'calendar' }
  return { date, type: statutory ? 'holiday' : 'restday', name, makeUp: false, statutory, from: 'calendar' } // prettier-ignore
}
