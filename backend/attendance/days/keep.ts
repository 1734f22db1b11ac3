import { createHash } from 'node:crypto'
import { v5 as uuidOf } from 'uuid'
import type { LedgerMinutes } from '../../contract/attendance.ts'
import type { Db } from '../../core/db.ts'
import { insertDifferences, lockedMonths, type NewDifference } from '../closing/index.ts'
import { ENGINE_VERSION } from '../engine.ts'
import { loadCompanyRules } from '../rules/book.ts'
import { daysOf, type ComputedDay } from './compute.ts'
import { gather, type ListVisits } from './gather.ts'
import type { Member } from './members.ts'
import { settleChanges, type Cause } from './changes.ts'
import { upsertDays, type DayState, type KeptDay } from './queries.ts'

/** What computing days needs of the world. */
export interface Means {
  readonly db: Db
  readonly visits: ListVisits
  readonly now: () => number
}

export interface DayRange {
  readonly from: string // dates, both included
  readonly to: string
}

const CHUNK = 100 // people whose evidence is held at once

/** Whose days of which dates. */
export interface WantedDays extends DayRange {
  readonly orgId: string
  readonly members: readonly Member[]
}

/**
 * Computes days and keeps what changed: days of locked months stay as they are, and what would differ is noted.
 * @returns the days as they come out now, also of locked months
 */
export async function refreshDays(means: Means, wanted: WantedDays): Promise<ComputedDay[]> {
  const { orgId, members, from, to } = wanted
  const rulesOf = () => loadCompanyRules(means.db, orgId)
  const now = means.now()
  const all: ComputedDay[] = []
  for (let begin = 0; begin < members.length; begin += CHUNK) {
    const some = members.slice(begin, begin + CHUNK)
    const asked = { orgId, members: some, from, to }
    const facts = await gather(means.db, asked, { rulesOf, visits: means.visits })
    const days = facts.evidence.flatMap((each) => daysOf(each, facts.rules, { from, to }, now))
    await keep(means.db, orgId, { days, states: facts.states, now })
    all.push(...days)
  }
  return all
}

interface ToKeep {
  readonly days: readonly ComputedDay[]
  readonly states: readonly DayState[]
  readonly now: number
}

async function keep(db: Db, orgId: string, { days, states, now }: ToKeep): Promise<void> {
  const stateOf = new Map(states.map((state) => [`${state.personId} ${state.date}`, state]))
  const months = [...new Set(days.map(({ date }) => date.slice(0, 7)))]
  const rows = days.map((day) => ({ day, state: stateOf.get(`${day.personId} ${day.date}`) }))
  const stale = rows.filter(({ day, state }) => isStale(day, state))
  if (stale.length === 0) return
  await db.transact(async (tx) => {
    const locked = await lockedMonths(tx, orgId, months)
    const free = stale.filter(({ day, state }) => !state?.zone || !locked.has(day.date.slice(0, 7)))
    await upsertDays(tx, orgId, free.map(({ day, state }) => keptOf(day, state)), now) // prettier-ignore
    const differing = stale.flatMap(({ day, state }) => differenceOf(day, state, { locked, now }))
    if (differing.length > 0) await insertDifferences(tx, orgId, differing)
    const settled = stale.flatMap(({ day, state }) => state?.waiting == null ? [] : [{ personId: day.personId, date: day.date, version: state.waiting }]) // prettier-ignore
    if (settled.length > 0) await settleChanges(tx, orgId, settled)
  })
}

/** A day is written when it is new, when a change waits for it, or when it came out otherwise. */
const isStale = (day: ComputedDay, state: DayState | undefined) =>
  !state?.zone || state.waiting !== null || state.digest !== digestOf(day) || state.closed !== day.closed // prettier-ignore

/** What a person agrees to, and what decides whether a day is another one. */
export const digestOf = ({ marks, cell, ledger, overtimeMin }: ComputedDay): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        marks,
        cell,
        ledger.minutes,
        overtimeMin,
        ledger.due.map(({ due, at, result, punch }) => [due, at, result, punch]),
      ]),
    ) // prettier-ignore
    .digest('hex')

const keptOf = (day: ComputedDay, state: DayState | undefined): KeptDay => ({
  ...{
    personId: day.personId,
    date: day.date,
    zone: day.zone,
    departmentId: day.departmentId,
    marks: day.marks,
    cell: day.cell,
  },
  version: Math.max(state?.version ?? 0, state?.waiting ?? 0),
  ruleSetId: day.facts.ruleSet.id,
  ruleVersion: day.facts.ruleSet.version,
  engineVersion: ENGINE_VERSION,
  dueDays: day.ledger.minutes.required > 0 ? (day.facts.shift?.days ?? 0) : 0,
  minutes: day.ledger.minutes,
  overtime: day.overtimeMin,
  day: { facts: day.facts, input: day.input, ledger: day.ledger },
  digest: digestOf(day),
  closed: day.closed,
  recheckAt: day.recheckAt,
})

/** A day that was over or is locked, and came out otherwise: never without a word. */
function differenceOf(
  day: ComputedDay,
  state: DayState | undefined,
  { locked, now }: { locked: ReadonlySet<string>; now: number },
): NewDifference[] {
  const kept = locked.has(day.date.slice(0, 7))
  if (!state?.minutes || state.digest === digestOf(day) || !(kept || state.closed)) return []
  const before = told(state.marks ?? '', state.minutes)
  const after = told(day.marks, day.ledger.minutes)
  const keys = Object.keys(after).filter((key) => before[key] !== after[key])
  if (keys.length === 0) return []
  const pick = (all: Record<string, number | string>) => Object.fromEntries(keys.map((key) => [key, all[key] ?? 0])) // prettier-ignore
  return [
    {
      id: differenceId(day, state, kept),
      ...{ personId: day.personId, date: day.date, at: now, cause: causeOf(state.cause) },
      locked: kept,
      before: pick(before),
      after: pick(after),
    },
  ]
}

const SPACE = '0d1f6c1e-3c4b-4f0e-9a5e-8b1d2f7c6a90' // of ids made of differences

/** The same for whoever finds it, and however often: two may compute a day at once, and a locked one stays as it is. */
function differenceId(day: ComputedDay, state: DayState, locked: boolean): string {
  const change = locked ? 'locked' : Math.max(state.version ?? 0, state.waiting ?? 0)
  return uuidOf([day.personId, day.date, change, state.digest, digestOf(day)].join(' '), SPACE)
}

const told = (marks: string, minutes: LedgerMinutes): Record<string, number | string> => ({ marks, ...minutes }) // prettier-ignore

const CAUSES: readonly Cause[] = [
  'evidence',
  'request',
  'rules',
  'roster',
  'calendar',
  'engine',
  'employment',
]
const causeOf = (cause: string | null): Cause => CAUSES.find((each) => each === cause) ?? 'evidence'
