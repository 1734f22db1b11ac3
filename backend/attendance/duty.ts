import type { Chore, Kit } from '../core/kit.ts'
import { endDutyOfLeavers, listOrgs, loadRostered, replaceDuty } from '../people/index.ts'
import { dateAfter } from './clock.ts'
import { dutiesOf } from './days/compute.ts'
import { listMembers, type Member } from './days/members.ts'
import { todayIn } from './days/month.ts'
import { loadCompanyRules, type CompanyRules } from './rules/book.ts'
import { listRoster } from './rules/queries.ts'

const AHEAD_DAYS = 7 // so far duty is known beforehand
const EVERY_MS = 60_000
const CHUNK = 500 // people at once
const NO_EVIDENCE = { punches: [], visits: [], zones: new Map<string, string>(), departments: new Map<string, string>(), approved: { absences: [], corrections: [], overtime: [] } } // prettier-ignore

/**
 * Positions are taken on duty only, and duty is the shift with what the rules add around it: keeps the windows of
 * the coming week as rules and rosters have them. The demo rosters its people itself.
 */
export const dutyChore = (kit: Pick<Kit, 'db' | 'clock' | 'config'>): Chore => ({
  name: 'roster duty windows',
  everyMs: EVERY_MS,
  run: async () => {
    if (kit.config.demo) return
    for (const { id, zone } of await listOrgs(kit.db)) await rosterDuty(kit, id, zone)
  },
})

/** Brings the windows of one company's coming week to what rules and rosters say. */
export async function rosterDuty(
  { db, clock }: Pick<Kit, 'db' | 'clock'>,
  orgId: string,
  zone: string,
): Promise<void> {
  const now = clock.now()
  await endDutyOfLeavers(db, orgId, now)
  const from = todayIn(zone, now)
  const span = { from, to: dateAfter(from, AHEAD_DAYS), now }
  const rules = await loadCompanyRules(db, orgId)
  let after: string | undefined
  for (;;) {
    const asked = { orgId, departments: 'all', after, limit: CHUNK } as const
    const members = await listMembers(db, asked, span)
    const last = members.at(-1)
    if (!last) return
    after = `${last.departmentId} ${last.id}`
    const personIds = members.map(({ id }) => id)
    const entries = await listRoster(db, orgId, personIds, span)
    const wanted = windowsOf(members, rules, { entries, span })
    const known = await loadRostered(db, orgId, { personIds, ...span })
    const changed = differing(wanted, known, now)
    if (changed.size > 0) {
      const scope = { personIds: [...changed], ...span }
      await replaceDuty(db, orgId, scope, wanted.filter(({ personId }) => changed.has(personId))) // prettier-ignore
    }
  }
}

type Window = ReturnType<typeof dutiesOf>[number]

function windowsOf(
  members: readonly Member[],
  rules: CompanyRules,
  { entries, span }: { entries: Awaited<ReturnType<typeof listRoster>>; span: { from: string; to: string } }, // prettier-ignore
): Window[] {
  const rosters = new Map<string, Map<string, string | null>>()
  for (const { personId, date, shiftId } of entries)
    rosters.set(personId, (rosters.get(personId) ?? new Map()).set(date, shiftId))
  return members.flatMap((member) => {
    const roster = rosters.get(member.id) ?? new Map()
    return dutiesOf({ ...NO_EVIDENCE, member, roster }, rules, span)
  })
}

/** People some of whose coming windows are not as they should be. */
function differing(
  wanted: readonly Window[],
  known: readonly { personId: string; date: string; from: number; to: number }[],
  now: number,
): Set<string> {
  const keyOf = ({ personId, date, from, to }: (typeof known)[number]) => `${personId} ${date} ${from} ${to}` // prettier-ignore
  const should = new Map(wanted.filter(({ from }) => from >= now).map((each) => [keyOf(each), each.personId])) // prettier-ignore
  const are = new Map(known.filter(({ from }) => from >= now).map((each) => [keyOf(each), each.personId])) // prettier-ignore
  const people = new Set<string>()
  for (const [key, personId] of should) if (!are.has(key)) people.add(personId)
  for (const [key, personId] of are) if (!should.has(key)) people.add(personId)
  return people
}
