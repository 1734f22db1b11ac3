import { createHash } from 'node:crypto'
import type { Db } from '../core/db.ts'
import type { Kit } from '../core/kit.ts'
import { dateAt } from '../people/index.ts'
import { listDayVisits } from '../tracks/index.ts'
import { matchVisits, MATCH_RULES, type Claim, type Evidence } from './match.ts'
import {
  keepDays,
  listConfirmations,
  listPlans,
  listVisitDays,
  listZones,
  type DayToKeep,
  type PeopleDays,
} from './queries.ts'

/** Claims that count, by person and date; what a supervisor refused is none. */
export type ListClaims = (
  db: Db,
  days: PeopleDays,
) => Promise<(Claim & { personId: string; date: string })[]>

export type Means = Pick<Kit, 'clock' | 'facts'> & {
  db: Db
  claims: ListClaims
}

const RULES = `1 ${JSON.stringify(MATCH_RULES)}` // a change of them makes every day anew
const CHUNK = 200 // days kept in one transaction

/**
 * Brings the kept visits of people's days up to what is known now: whoever reads them afterwards
 * reads what plans, check-ins and stored days say. Days whose evidence is as before cost no writing.
 */
export async function refreshVisits(means: Means, days: PeopleDays): Promise<void> {
  if (days.personIds.length === 0) return
  const at = means.clock.now()
  const evidence = await gather(means, days)
  const known = new Map(
    (await listVisitDays(means.db, days)).map((day) => [`${day.personId} ${day.date}`, day.hash]),
  )
  const changed: DayToKeep[] = []
  for (const [key, day] of evidence) {
    const hash = hashOf(day)
    if (known.get(key) === hash) continue
    const { personId, date } = day
    const settled = day.over || day.stops.length === 0
    changed.push({ personId, date, hash, settled, visits: matchVisits(day) })
  }
  await keep(means, { orgId: days.orgId, changed, at })
}

async function keep(
  { db, facts }: Means,
  { orgId, changed, at }: { orgId: string; changed: DayToKeep[]; at: number },
) {
  for (let begin = 0; begin < changed.length; begin += CHUNK)
    for (const day of await keepDays(db, orgId, changed.slice(begin, begin + CHUNK), at))
      facts.publish('visitsChanged', {
        orgId,
        personId: day.personId,
        date: day.date,
      })
}

const hashOf = (evidence: Evidence) =>
  createHash('sha256')
    .update(RULES + JSON.stringify(evidence))
    .digest('base64url')

type Gathered = { -readonly [K in keyof Evidence]: Evidence[K] }

/** What is known of each person-day that there is anything of, by `person date`. */
async function gather({ db, clock, claims }: Means, days: PeopleDays) {
  const zones = new Map(
    (await listZones(db, days.orgId, days.personIds)).map((row) => [row.personId, row.zone]),
  )
  const { byDay, dayOf } = blankDays(clock.now(), zones)
  for (const plan of await listPlans(db, days))
    dayOf(plan).stops = plan.stops.map(({ id, customerId }) => ({ id, customerId }))
  for (const row of await listDayVisits(db, days)) {
    const stays = row.visits.map(({ customerId, from, to }) => ({ customerId, from, to }))
    if (stays.length > 0) dayOf(row).stays = stays
  }
  for (const { personId, date, ...claim } of await claims(db, days)) {
    const day = dayOf({ personId, date })
    day.claims = [...day.claims, claim]
  }
  for (const { personId, date, ...word } of await listConfirmations(db, days)) {
    const day = dayOf({ personId, date })
    day.confirmations = [...day.confirmations, word]
  }
  for (const known of await listVisitDays(db, days)) dayOf(known) // and may be empty by now
  return byDay
}

/** Days that come into being when something is known of them. @param zones IANA, by person */
function blankDays(now: number, zones: Map<string, string>) {
  const byDay = new Map<string, Gathered>()
  const dayOf = ({ personId, date }: { personId: string; date: string }): Gathered => {
    const key = `${personId} ${date}`
    const known = byDay.get(key)
    if (known) return known
    const over = date < dateAt(now, zones.get(personId) ?? 'Asia/Shanghai')
    const made = { personId, date, stops: [], claims: [], stays: [], confirmations: [], over }
    byDay.set(key, made)
    return made
  }
  return { byDay, dayOf }
}
