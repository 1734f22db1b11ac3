import type { RequestRules } from '../approvals/index.ts'
import { lockedMonths } from './closing/index.ts'
import { worksOf } from './days/compute.ts'
import { listMembers } from './days/members.ts'
import { ruleSetOn } from './resolve.ts'
import { loadCompanyRules } from './rules/book.ts'
import { listRoster } from './rules/queries.ts'

const NOTHING_KNOWN = { punches: [], visits: [], zones: new Map<string, string>(), approved: { absences: [], corrections: [], overtime: [] } } // prettier-ignore

const memberOf = async (
  db: Parameters<RequestRules['isLocked']>[0],
  orgId: string,
  personId: string,
  date: string,
) =>
  // prettier-ignore
  (await listMembers(db, { orgId, departments: 'all', personIds: [personId], limit: 1 }, date))[0]

/** What requests have to know of attendance. */
export const requestRules: RequestRules = {
  async correctionLimits(db, { orgId, personId, date }) {
    const rules = await loadCompanyRules(db, orgId)
    const member = await memberOf(db, orgId, personId, date)
    const { corrections } = ruleSetOn(rules, member ?? { id: personId, departmentId: '', tags: [] }, date).rules // prettier-ignore
    const { perMonth, withinDays: windowDays, untilDay: deadlineDay } = corrections
    return { perMonth, windowDays, deadlineDay }
  },
  async isLocked(db, { orgId, from, to }) {
    const months: string[] = []
    for (let month = from.slice(0, 7); month <= to.slice(0, 7); month = monthAfter(month)) months.push(month) // prettier-ignore
    return (await lockedMonths(db, orgId, months)).size > 0
  },
  async workOf(db, { orgId, personId, from, to }) {
    const rules = await loadCompanyRules(db, orgId)
    const member = await memberOf(db, orgId, personId, from)
    if (!member) return []
    const entries = await listRoster(db, orgId, [personId], { from, to })
    const roster = new Map(entries.map(({ date, shiftId }) => [date, shiftId]))
    return worksOf({ ...NOTHING_KNOWN, member, roster }, rules, { from, to })
  },
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7)
}
