import { languageNow } from './i18n.ts'

/** 24-hour time of day, as in 09:05, in an IANA zone. */
export function timeOfDay(at: number, zone: string): string {
  return formatter({ timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    at,
  )
}

/** Month, day and weekday, as in 10月22日 周四, in an IANA zone. */
export function dayOfYear(at: number, zone: string): string {
  const date = formatter({ timeZone: zone, month: 'short', day: 'numeric' }).format(at)
  const weekday = formatter({ timeZone: zone, weekday: 'short' }).format(at)
  return `${date} ${weekday}`
}

/** The calendar day of an instant in an IANA zone, as YYYY-MM-DD. */
export function isoDate(at: number, zone: string): string {
  const parts = { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' } as const
  return new Intl.DateTimeFormat('sv-SE', parts).format(at)
}

/** A length split for showing: whole metres below 1 km, then kilometres with one decimal. */
export function distance(metres: number): { value: string; unit: 'm' | 'km' } {
  if (metres < 999.5) return { value: String(Math.round(metres)), unit: 'm' }
  return { value: (metres / 1000).toFixed(metres < 99_950 ? 1 : 0), unit: 'km' }
}

/** Whole hours and minutes of a length of time in ms. */
export function hoursMinutes(ms: number): { hours: number; minutes: number } {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}

const made = new Map<string, Intl.DateTimeFormat>() // making one costs 50 times a use of it

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = languageNow() + JSON.stringify(options)
  const known = made.get(key) ?? new Intl.DateTimeFormat(languageNow(), options)
  made.set(key, known)
  return known
}
