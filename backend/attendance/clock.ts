import { Temporal } from 'temporal-polyfill'

const QUARTER_MS = 900_000 // clocks change on quarters of an hour of UTC, everywhere since 1972
const MINUTE_MS = 60_000
const MOST = 50_000 // quarters remembered of a zone: a year and a half

const zones = new Map<string, Map<number, number>>()

/** Minutes that the clock in `zone` is ahead of UTC at a moment. */
function offsetAt(at: number, zone: string): number {
  const quarter = Math.floor(at / QUARTER_MS)
  const offsets = zones.get(zone) ?? new Map<number, number>()
  const known = offsets.get(quarter)
  if (known !== undefined) return known
  if (offsets.size >= MOST) offsets.clear()
  zones.set(zone, offsets)
  const moment = Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER_MS)
  const offset = moment.toZonedDateTimeISO(zone).offsetNanoseconds / 60e9
  offsets.set(quarter, offset)
  return offset
}

/** Midnight of a date as if the clock were UTC's, in minutes: differences are those of the clock's face. */
function faceOf(date: string): number {
  const known = faces.get(date)
  if (known !== undefined) return known
  if (faces.size >= MOST) faces.clear()
  const face = Date.parse(date) / MINUTE_MS
  faces.set(date, face)
  return face
}
const faces = new Map<string, number>()

/** What the clock in `zone` shows at `at`, in minutes from midnight of `date`. Seconds are cut off. */
export const minuteAt = (at: number, zone: string, date: string): number =>
  Math.floor(at / MINUTE_MS + offsetAt(at, zone)) - faceOf(date)

/** A local time such as 2026-03-10T18:00 in minutes from midnight of `date`. */
export const minuteOfLocal = (local: string, date: string): number =>
  Date.parse(`${local.slice(0, 16)}Z`) / MINUTE_MS - faceOf(date)

/**
 * The moment when the clock in `zone` shows `minute` of `date`. Of a time that comes twice the first, of one that a
 * change of clocks leaves out the moment of the change's other side.
 */
export function momentOf(minute: number, zone: string, date: string): number {
  const face = (faceOf(date) + minute) * MINUTE_MS
  const guesses = [
    face - offsetAt(face - 86_400_000, zone) * MINUTE_MS,
    face - offsetAt(face + 86_400_000, zone) * MINUTE_MS,
  ]
  const right = guesses.filter((at) => at + offsetAt(at, zone) * MINUTE_MS === face)
  return Math.min(...(right.length > 0 ? right : guesses))
}

/** The date that is `days` later. */
export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)

/** All dates from one to another, both included. */
export const datesFrom = (from: string, to: string): string[] => {
  const dates = []
  for (let date = from; date <= to; date = dateAfter(date, 1)) dates.push(date)
  return dates
}
