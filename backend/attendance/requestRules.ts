import type { RequestRules } from '../approvals/index.ts'
import type { Rules } from '../contract/ruleSets.ts'
import { graceGranted, lockedMonths } from './closing/index.ts'
import { worksOf } from './days/compute.ts'
import { listMembers } from './days/members.ts'
import { listDues, type TimedDue } from './dues.ts'
import { listStates, type PersonDates } from './days/queries.ts'
import { ruleSetOn } from './resolve.ts'
import { loadCompanyRules } from './rules/book.ts'
import { listRoster } from './rules/queries.ts'

const NOTHING_KNOWN = { punches: [], visits: [], zones: new Map<string, string>(), approved: { absences: [], corrections: [], overtime: [] } } // prettier-ignore

const memberOf = async (
  db: Parameters<RequestRules['isLocked']>[0],
  orgId: string,
  personId: string,
) =>
  // prettier-ignore
  (await listMembers(db, { orgId, departments: 'all', personIds: [personId], limit: 1 }, null))[0]

/** In which department days that were begun were begun. */
const departmentsOf = async (db: Parameters<RequestRules['isLocked']>[0], asked: PersonDates) =>
  new Map((await listStates(db, asked)).flatMap(({ date, departmentId }) => (departmentId ? [[date, departmentId]] : []))) // prettier-ignore

const KIND_OF: Partial<Record<TimedDue['result'], CorrectionKind>> = { late: 'late', serious_late: 'late', early: 'early', missing: 'missing', pending: 'missing', absent: 'absent' } // prettier-ignore
const ALL_KINDS = new Set(Object.values(KIND_OF)).size
type CorrectionKind = Rules['corrections']['kinds'][number]

/** Whether the rules keep what is wrong with a punch from being corrected. What is not wrong is nobody's concern. */
async function isShut(
  db: Parameters<RequestRules['isLocked']>[0],
  kinds: readonly CorrectionKind[],
  { orgId, personId, date, due }: { orgId: string; personId: string; date: string; due: string },
): Promise<boolean> {
  if (kinds.length === ALL_KINDS) return false
  const dues = await listDues(db, orgId, [{ personId, date }])
  const found = dues.find((each) => each.due === due)
  const kind = found && KIND_OF[found.result]
  return kind !== undefined && !kinds.includes(kind)
}

/** What requests have to know of attendance. */
export const requestRules: RequestRules = {
  async correctionLimits(db, { orgId, personId, date, due }) {
    const rules = await loadCompanyRules(db, orgId)
    const member = await memberOf(db, orgId, personId)
    const departments = await departmentsOf(db, { orgId, personIds: [personId], from: date, to: date }) // prettier-ignore
    const known = member ?? { id: personId, departmentId: '', tags: [] }
    const { corrections } = ruleSetOn(rules, { ...known, departmentId: departments.get(date) ?? known.departmentId }, date).rules // prettier-ignore
    const { perMonth, withinDays: windowDays, untilDay: deadlineDay } = corrections
    const openUntil = await graceGranted(db, orgId, date.slice(0, 7))
    const shut = await isShut(db, corrections.kinds, { orgId, personId, date, due })
    return { perMonth, windowDays, deadlineDay, openUntil, shut }
  },
  async isLocked(db, { orgId, from, to }) {
    const months: string[] = []
    for (let month = from.slice(0, 7); month <= to.slice(0, 7); month = monthAfter(month)) months.push(month) // prettier-ignore
    return (await lockedMonths(db, orgId, months)).size > 0
  },
  async workOf(db, { orgId, personId, from, to }) {
    const rules = await loadCompanyRules(db, orgId)
    const member = await memberOf(db, orgId, personId)
    if (!member) return []
    const entries = await listRoster(db, orgId, [personId], { from, to })
    const roster = new Map(entries.map(({ date, shiftId }) => [date, shiftId]))
    const departments = await departmentsOf(db, { orgId, personIds: [personId], from, to })
    return worksOf({ ...NOTHING_KNOWN, member, roster, departments }, rules, { from, to })
  },
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7)
}
