import { z } from 'zod'
import { datesOfMonth, Month } from '../../contract/closing.ts'
import { RosterMonth } from '../../contract/rosters.ts'
import { RosterInput, type NamedShift } from '../../contract/ruleSets.ts'
import type { Db } from '../../core/db.ts'
import { Fault } from '../../core/errors.ts'
import { route, signedIn, type Route, type Viewer } from '../../core/http/route.ts'
import type { Kit } from '../../core/kit.ts'
import { employedOn, subtreeOf } from '../../people/index.ts'
import { lockedMonths } from '../closing/index.ts'
import { datesFrom } from '../clock.ts'
import { listMembers, type Member } from '../days/members.ts'
import { daysAround, markDays } from '../days/changes.ts'
import { DEFAULT_RULE_SET } from '../defaults.ts'
import { isHr, scopeOf } from '../policy.ts'
import { factsOn, ruleSetOn } from '../resolve.ts'
import { loadCompanyRules, type CompanyRules } from './book.ts'
import { deleteRoster, listRoster, upsertRoster } from './queries.ts'

const Path = z.object({ month: Month })
const MOST = 5000 // people of one month's grid

/** Who works what when: the grid of a month, and changes of it. @param changed after rosters were kept */
export const rosterRoutes = (kit: Kit, changed: (orgId: string) => void): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/attendance/rosters/:month',
    summary: "A month of shifts: what holds, and what the rules' own week says",
    params: Path,
    query: z.object({ department: z.string().max(64).optional() }),
    reply: RosterMonth,
    allow: (viewer) => signedIn(viewer) && viewer.role !== 'rep',
    run: async ({ viewer, params, query }) => rosterOf(kit.db, viewer, params.month, query.department), // prettier-ignore
  }),
  route({
    method: 'PUT',
    path: '/api/v1/attendance/rosters/:month',
    summary: 'Shifts of people and dates; cleared ones follow the rules again',
    params: Path,
    input: RosterInput,
    reply: RosterMonth,
    allow: isHr,
    run: async ({ viewer, params, input }) => {
      await saveRoster(kit, viewer, input)
      changed(viewer.orgId)
      return rosterOf(kit.db, viewer, params.month, undefined)
    },
  }),
]

/** Keeps shifts of people and dates. Throws Fault `bad_input` naming the entry, `month_locked`. */
export async function saveRoster(
  kit: Pick<Kit, 'db' | 'clock'>,
  { orgId, id: by }: Pick<Viewer, 'orgId' | 'id'>,
  input: z.infer<typeof RosterInput>,
): Promise<void> {
  const at = kit.clock.now()
  await refuseStrange(kit.db, orgId, input)
  await kit.db.transact(async (tx) => {
    if (input.entries.length > 0)
      await upsertRoster(tx, orgId, lastOfEach(input.entries), { by, at })
    if (input.clear.length > 0) await deleteRoster(tx, orgId, input.clear)
    const days = [...input.entries, ...input.clear].flatMap(daysAround)
    await markDays(tx, orgId, days, { cause: 'roster', at })
  })
}

/** One statement can not write a row twice: of two for one date the later holds. */
const lastOfEach = (entries: z.infer<typeof RosterInput>['entries']) => [
  ...new Map(entries.map((each) => [`${each.personId} ${each.date}`, each])).values(),
]

async function refuseStrange(
  db: Db,
  orgId: string,
  { entries, clear }: z.infer<typeof RosterInput>,
) {
  const all = [...entries, ...clear]
  const months = [...new Set(all.map(({ date }) => date.slice(0, 7)))]
  const [locked] = await lockedMonths(db, orgId, months)
  if (locked)
    throw new Fault('month_locked', `body.entries: ${locked} is locked`, { month: locked })
  const personIds = [...new Set(all.map(({ personId }) => personId))]
  const asked = { orgId, departments: 'all', personIds, limit: personIds.length } as const
  const members = await listMembers(db, asked, null)
  const known = new Map(members.map((member) => [member.id, member]))
  const rules = await loadCompanyRules(db, orgId)
  entries.forEach((entry, index) => {
    const refuse = (field: string, rule: string): never => {
      throw new Fault('bad_input', `body.entries.${index}.${field}: ${rule}`, [{ field: `entries.${index}.${field}`, rule }]) // prettier-ignore
    }
    const member = known.get(entry.personId) ?? refuse('personId', 'must be somebody of the company') // prettier-ignore
    if (!employedOn(member.employed, entry.date)) refuse('date', 'must be within the employment') // prettier-ignore
    const { shifts } = ruleSetOn(rules, member, entry.date).rules
    if (entry.shiftId !== null && !shifts.some(({ id }) => id === entry.shiftId)) refuse('shiftId', "must be a shift of the person's rule set") // prettier-ignore
  })
}

async function rosterOf(db: Db, viewer: Viewer, month: string, department: string | undefined) {
  const { from, to } = datesOfMonth(month)
  const { orgId } = viewer
  const below = department ? await subtreeOf(db, orgId, [department]) : undefined
  const members = await listMembers(db, { ...scopeOf(viewer), below, limit: MOST }, { from, to })
  const rules = await loadCompanyRules(db, orgId)
  const entries = await listRoster(db, orgId, members.map(({ id }) => id), { from, to }) // prettier-ignore
  const own = new Map(entries.map((each) => [`${each.personId} ${each.date}`, each.shiftId]))
  const calendar = rules.calendar('CN')
  return {
    month,
    days: datesFrom(from, to).map((date) => ({ date, type: calendar.dayOf(date).type })),
    shifts: shiftsOf(rules),
    people: members.map((member) => ({
      ...{ personId: member.id, name: member.name, department: member.department },
      cells: datesFrom(from, to).map((date) => cellOf(rules, member, date, own.get(`${member.id} ${date}`))), // prettier-ignore
    })),
  }
}

const NOT_EMPLOYED = { shiftId: null, own: false, week: null, employed: false }

function cellOf(rules: CompanyRules, member: Member, date: string, own: string | null | undefined) {
  if (!employedOn(member.employed, date)) return NOT_EMPLOYED
  const set = ruleSetOn(rules, member, date)
  const calendar = rules.calendar(set.rules.calendar)
  return {
    shiftId: factsOn(date, set, calendar, own).shift?.id ?? null,
    own: own !== undefined,
    week: factsOn(date, set, calendar, undefined).shift?.id ?? null,
    employed: true,
  }
}

/** The shifts of all rule sets, each once, as they are now. */
function shiftsOf({ sets }: CompanyRules) {
  const all = [DEFAULT_RULE_SET, ...sets].flatMap(({ rules }) => rules.shifts)
  return [...new Map(all.map((shift) => [shift.id, shift])).values()].map((shift) => ({
    id: shift.id,
    name: shift.name,
    hours: hoursOf(shift),
  }))
}

const hoursOf = ({ asks }: NamedShift) =>
  asks.kind === 'free'
    ? `${asks.requiredMin / 60} h`
    : asks.sections.map((section) => `${section.in}–${section.out}`).join(' ')
