import { z } from 'zod'
import { datesOfMonth, Month } from '../../contract/closing.ts'
import { RosterOutcome } from '../../contract/rosters.ts'
import { Fault } from '../../core/errors.ts'
import { route, Upload, type Route } from '../../core/http/route.ts'
import type { Kit } from '../../core/kit.ts'
import { datesFrom } from '../clock.ts'
import { listMembers } from '../days/members.ts'
import { isHr } from '../policy.ts'
import { readTable, TABLE_TYPES } from '../../core/sheets/readTable.ts'
import { ruleSetOn } from '../resolve.ts'
import { loadCompanyRules } from './book.ts'
import { entriesOf } from './rosterTable.ts'
import { saveRoster } from './rosterRoutes.ts'

const MOST_BYTES = 5_000_000
const MOST_ENTRIES = 20_000

/** A month's roster from a spreadsheet: first what it would do, then the deed; with a wrong line nothing is done. */
export const rosterImportRoute = (kit: Kit, changed: (orgId: string) => void): Route =>
  route({
    method: 'POST',
    path: '/api/v1/attendance/rosters/:month/import',
    summary: 'Take a roster from an XLSX or CSV file, or only say what that would do',
    params: z.object({ month: Month }),
    query: z.object({ dryRun: z.enum(['0', '1']).optional(), name: z.string().max(200).optional() }), // prettier-ignore
    input: Upload,
    bytes: { types: TABLE_TYPES, most: MOST_BYTES },
    reply: RosterOutcome,
    allow: isHr,
    run: async ({ viewer, params, query, input }) => {
      const { orgId } = viewer
      const { from, to } = datesOfMonth(params.month)
      const asked = { orgId, departments: 'all', limit: 20_000 } as const
      const members = await listMembers(kit.db, asked, { from, to })
      const rules = await loadCompanyRules(kit.db, orgId)
      const people = members.map((member) => ({
        ...{ id: member.id, userId: member.userId, name: member.name, employed: member.employed },
        shifts: ruleSetOn(rules, member, from).rules.shifts,
      }))
      const { entries, errors } = entriesOf(await readTable(input.content), people, datesFrom(from, to)) // prettier-ignore
      if (entries.length > MOST_ENTRIES) throw new Fault('too_large', `entries: at most ${MOST_ENTRIES}`) // prettier-ignore
      const outcome = {
        people: new Set(entries.map(({ personId }) => personId)).size,
        entries: entries.length,
        errors: errors.slice(0, 500),
      }
      if (errors.length > 0 || query.dryRun === '1') return { ...outcome, saved: false }
      await saveRoster(kit, viewer, { entries, clear: [] })
      changed(orgId)
      return { ...outcome, saved: true }
    },
  })
