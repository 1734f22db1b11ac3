import { setImmediate as breathe } from 'node:timers/promises'
import { z } from 'zod'
import { IsoDate } from '../../contract/terms.ts'
import type { Db } from '../../core/db.ts'
import { Fault } from '../../core/errors.ts'
import { loadDuty, type DutyWindow } from '../../people/index.ts'
import { derivedFrom, type Plan } from '../derive.ts'
import {
  findNotOver,
  listPeopleOf,
  listStoredDays,
  lockStored,
  unlockStored,
  type PersonDays,
  type StoredDate,
} from './queries.ts'
import { findDay, upsertDay } from '../queries.ts'
import { isCurrent } from '../readDay.ts'

/** Work dates of a company, first and last included, of all its people or some. */
export interface DayRange {
  orgId: string
  from: string // YYYY-MM-DD
  to: string
  personIds?: readonly string[] | undefined
}

const DAY_MS = 86_400_000
const MOST_DAYS = 366
const ATTEMPTS = 5

/**
 * Derives each day of the range from the facts of this moment and keeps it for good: neither late
 * facts nor edits nor another algorithm change it until it is unlocked. Person by person, so that a
 * large company does not hold up others; to be called again when it failed on the way.
 * @param now epoch ms
 * @returns how many days are locked that were not
 * @throws Fault `bad_input`; `conflict` when a day of the range is not over
 */
export async function lockDays(db: Db, range: DayRange, now: number): Promise<number> {
  datesOf(range)
  const going = await findNotOver(db, range, now)
  if (going) throw new Fault('conflict', `to: the days of ${going.id} are not over`)
  let locked = 0
  for (const { id, zone } of await listPeopleOf(db, range))
    locked += await lockPerson(db, { ...range, personId: id, zone }, now)
  return locked
}

/** Lets facts, edits and algorithms count again. @returns how many days were locked. */
export async function unlockDays(db: Db, range: DayRange): Promise<number> {
  datesOf(range)
  return unlockStored(db, range)
}

async function lockPerson(db: Db, person: PersonDays, now: number): Promise<number> {
  let locked = 0
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await bringUpToDate(db, person, now)
    const { done, left } = await lockStored(db, person, now)
    locked += done
    if (left === 0) return locked
  }
  throw new Fault('conflict', `the days of ${person.personId} change all the time`)
}

/** Derives what is not stored as its facts say now; dates without anything are kept, too. */
async function bringUpToDate(db: Db, person: PersonDays, now: number): Promise<void> {
  const { orgId, personId, zone } = person
  const dates = datesOf(person)
  const [stored, windows] = [await listStoredDays(db, person), await dutyOf(db, person)]
  for (const date of dates) {
    const key = { orgId, personId, date }
    const duty = windows.get(date) ?? []
    const plan: Plan = { key, zone: duty[0]?.zone ?? zone, windows: duty, now }
    const known = stored.find((each) => each.date === date)
    if (known && isKept(known, plan)) continue
    await upsertDay(db, key, await derivedFrom(db, plan, await findDay(db, key)))
    await breathe()
  }
}

const isKept = (known: StoredDate, plan: Plan) =>
  known.lockedAt !== null || (known.final === true && isCurrent(known, known, plan))

async function dutyOf(db: Db, { orgId, personId, from, to }: PersonDays) {
  const span = { from: Date.parse(from) - 2 * DAY_MS, to: Date.parse(to) + 3 * DAY_MS } // zones and nights
  const windows = (await loadDuty(db, orgId, [personId], span)).get(personId) ?? []
  const byDate = new Map<string, DutyWindow[]>()
  for (const window of windows)
    byDate.set(window.date, [...(byDate.get(window.date) ?? []), window])
  return byDate
}

/** Every date of the range. Throws Fault `bad_input`. */
export function datesOf({ from, to }: Pick<DayRange, 'from' | 'to'>): string[] {
  const given = z.tuple([IsoDate, IsoDate]).safeParse([from, to])
  if (!given.success) throw new Fault('bad_input', 'from, to: dates are written YYYY-MM-DD')
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1
  if (days < 1 || days > MOST_DAYS)
    throw new Fault('bad_input', `to: not before from, and at most ${MOST_DAYS} days`)
  return Array.from({ length: days }, (_, day) =>
    new Date(Date.parse(from) + day * DAY_MS).toISOString().slice(0, 10),
  )
}
