import { datesOfMonth } from '../../contract/closing.ts'
import type { MonthTotals } from '../../contract/months.ts'
import { refreshDays, type Means } from '../days/keep.ts'
import { cursorOf, listMembers } from '../days/members.ts'
import { rowsOf, todayIn } from '../days/month.ts'
import { listDigests } from '../days/queries.ts'
import { loadCompanyRules } from '../rules/book.ts'
import type { KeptDays } from './days.ts'

const BATCH = 200 // people at once

/** The days of months as they are kept, for who closes months. */
export const keptDays = (means: Means): KeptDays => ({
  async settle(orgId, month) {
    const { from, to } = datesOfMonth(month)
    let after: string | undefined
    for (;;) {
      const asked = { orgId, departments: 'all', after, limit: BATCH } as const
      const members = await listMembers(means.db, asked, { from, to })
      await refreshDays(means, { orgId, members, from, to })
      const last = members.at(-1)
      if (!last || members.length < BATCH) return
      after = cursorOf(last)
    }
  },
  async digests(db, orgId, month, personIds) {
    const rows = await listDigests(db, { orgId, ...datesOfMonth(month) }, personIds)
    return new Map(rows.map(({ personId, digest }) => [personId, digest]))
  },
  async totals(db, orgId, personId, month) {
    const { from, to } = datesOfMonth(month)
    const asked = { orgId, departments: 'all', personIds: [personId], limit: 1 } as const
    const [member] = await listMembers(db, asked, null)
    if (!member) return null
    const rules = await loadCompanyRules(db, orgId)
    const today = todayIn(member.zone, means.now())
    const [row] = await rowsOf(means, rules, { orgId, members: [member], from, to, today })
    return row ? numbersOf(row.totals) : null
  },
})

/** The sums that people agree to, by the names that pages word. */
const numbersOf = ({ minutes, overtime, ...totals }: MonthTotals): Record<string, number> => ({
  ...{ dueDays: totals.dueDays, attendedDays: totals.attendedDays, late: totals.late },
  ...{ seriousLate: totals.seriousLate, early: totals.early, missing: totals.missing },
  ...{ absentDays: totals.absentDays, corrected: totals.corrected, lieu: totals.lieu },
  ...{ leaveMin: minutes.leave, outingMin: minutes.outing, lateMin: minutes.late },
  overtimeMin: overtime.workday + overtime.restday + overtime.holiday,
})
