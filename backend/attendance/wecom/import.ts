import { isDeepStrictEqual } from 'node:util'
import type { RuleGroup } from '../../contract/ruleSets.ts'
import type { ImportResult } from '../../contract/wecomImport.ts'
import type { WecomGroup } from '../../contract/wecomCheckin.ts'
import type { Db } from '../../core/db.ts'
import type { CheckinSource, ImportStore, Who } from './doors.ts'
import { punchesOf, rosterOf, type PunchReading } from './evidence.ts'
import { ruleSetIdOf, ruleSetOf, type MappedRules } from './rules.ts'
import { dateAt } from './units.ts'

export interface Importing {
  db: Db
  source: CheckinSource
  store: ImportStore
  /** Userids of everybody active, by person. */
  members: ReadonlyMap<string, string>
  /** Records that we wrote, as `person seconds`. */
  written: ReadonlySet<string>
  now: number
}

export interface ImportAsk {
  who: Who
  dryRun: boolean
  from: string
  to: string
  /** Hears how far it is: whole hundreds of people. Throws when the work is not wanted any more. */
  step: (done: number, total: number) => Promise<void>
}

const AT_ONCE = 500 // people, so that a month of them fits into memory
const AHEAD_DAYS = 31 // rosters are read so far into the future
const OURS = /^wecom-/

/**
 * Takes rules, rosters and punches from WeCom's 打卡, or says what that would do. Doing it again changes
 * nothing: rule sets keep their ids, punches theirs.
 */
export async function importCheckin(importing: Importing, ask: ImportAsk): Promise<ImportResult> {
  const { source, store, db, members } = importing
  const people = peopleOf(members)
  const rules = await source.rules()
  const mapped = rules.map((group) => ruleSetOf(group, people.personOf))
  const before = await store.ruleSets(db, ask.who.orgId)
  const sets = mapped.map((each) => ({ ...each, change: changeOf(each, before) }))
  const groups = await groupsAfter(importing, ask.who.orgId, mapped)
  if (!ask.dryRun) {
    const changed = sets.flatMap(({ id, name, rules: own, change }) =>
      own && (change === 'new' || change === 'changed') ? [{ id, name, rules: own }] : [],
    )
    const validFrom = sets.some(({ change }) => change === 'changed')
      ? dateAt(importing.now / 1000)
      : ask.from
    await store.saveRules(ask.who, { sets: changed, groups: groups.all, validFrom })
  }
  const taken = await evidence(importing, ask, { rules, mapped })
  return {
    ...{ dryRun: ask.dryRun, from: ask.from, to: ask.to, groups: groups.own },
    sets: sets.map(({ id, name, rules: own, notes, change }) => ({
      ...{ id, name, change, notes, shifts: own?.shifts.length ?? 0 },
    })),
    roster: { days: taken.days, people: taken.rostered },
    punches: { found: taken.found, added: taken.added },
    unknown: taken.unknown.slice(0, 20),
  }
}

function changeOf(
  { id, name, rules }: MappedRules,
  before: Awaited<ReturnType<ImportStore['ruleSets']>>,
): ImportResult['sets'][number]['change'] {
  const old = before.get(id)
  if (!rules) return 'unfit'
  if (!old) return 'new'
  return old.name === name && isDeepStrictEqual(old.rules, jsonOf(rules)) ? 'same' : 'changed'
}

/** As it comes back from where it is kept: without what is undefined. */
const jsonOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** WeCom's own rules make room for those of now; all other groups stay. */
async function groupsAfter(
  { store, db }: Importing,
  orgId: string,
  mapped: readonly MappedRules[],
) {
  const others = (await store.groups(db, orgId)).filter(({ ruleSetId }) => !OURS.test(ruleSetId))
  const own: RuleGroup[] = mapped.flatMap(({ rules, groups }) => (rules ? groups : []))
  return { all: [...others, ...own], own: own.length }
}

interface Known {
  rules: readonly WecomGroup[]
  mapped: readonly MappedRules[]
}

async function evidence(importing: Importing, ask: ImportAsk, known: Known) {
  const ids = [...importing.members.values()]
  const total = Math.max(1, Math.ceil(ids.length / AT_ONCE))
  const sum = { days: 0, rostered: 0, found: 0, added: 0, unknown: Array<string>() }
  for (let at = 0; at < total; at++) {
    await ask.step(at, total)
    const userIds = ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE)
    if (userIds.length === 0) break
    const roster = await takeRoster(importing, ask, known, userIds)
    const punches = await takePunches(importing, ask, punchReading(importing, known.rules), userIds)
    sum.days += roster.days
    sum.rostered += roster.people
    sum.found += punches.found
    sum.added += punches.added
    sum.unknown.push(...punches.unknown)
  }
  await ask.step(total, total)
  return sum
}

async function takeRoster(
  { source, store, members }: Importing,
  ask: ImportAsk,
  { mapped }: Known,
  userIds: readonly string[],
) {
  const to = new Date(Date.parse(ask.to) + AHEAD_DAYS * 86_400_000).toISOString().slice(0, 10)
  const { rows } = await source.rosters({ userIds, from: ask.from, to })
  const shifts = new Map(
    mapped.map(({ id, rules }) => [id, new Set(rules?.shifts.map((each) => each.id))]),
  )
  const { personOf } = peopleOf(members)
  const entries = rows.flatMap((row) =>
    rosterOf([row], personOf).filter(
      ({ shiftId }) => shiftId === null || shifts.get(ruleSetIdOf(row.groupid))?.has(shiftId),
    ),
  )
  if (!ask.dryRun && entries.length > 0) await store.saveRoster(ask.who, entries)
  return { days: entries.length, people: new Set(entries.map(({ personId }) => personId)).size }
}

async function takePunches(
  { source, store }: Importing,
  { who, dryRun, from, to }: Pick<ImportAsk, 'who' | 'dryRun' | 'from' | 'to'>,
  reading: PunchReading,
  userIds: readonly string[],
) {
  const { rows, unknown } = await source.records({ userIds, from, to, kind: 3 })
  const punches = punchesOf(rows, reading)
  const added = dryRun ? 0 : await store.savePunches(who.orgId, punches)
  return { found: punches.length, added, unknown }
}

/** Reads the punches of dates alone, for those who are polled. @returns how many were new. */
export async function pollPunches(
  importing: Importing,
  { orgId, from, to }: { orgId: string; from: string; to: string },
): Promise<number> {
  const reading = punchReading(importing, await importing.source.rules())
  const ids = [...importing.members.values()]
  let added = 0
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const ask = { who: { orgId, personId: '' }, dryRun: false, from, to }
    added += (await takePunches(importing, ask, reading, ids.slice(at, at + AT_ONCE))).added
  }
  return added
}

function punchReading({ members, written }: Importing, rules: readonly WecomGroup[]): PunchReading {
  const outside = new Set(rules.filter((each) => each.sync_out_checkin).map((each) => each.groupid))
  return {
    personOf: peopleOf(members).personOf,
    isOurs: (personId, at) => written.has(`${personId} ${Math.floor(at / 1000)}`),
    outsideCounts: (groupId) => outside.has(groupId),
  }
}

function peopleOf(members: ReadonlyMap<string, string>) {
  const byUserId = new Map([...members].map(([id, userId]) => [userId.toLowerCase(), id]))
  return { personOf: (userId: string) => byUserId.get(userId.toLowerCase()) }
}
