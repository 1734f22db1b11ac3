import { z } from 'zod'
import { PunchOutcome } from '../../contract/devicePunches.ts'
import { route, Upload, type Route } from '../../core/http/route.ts'
import type { Kit } from '../../core/kit.ts'
import { listMembers } from '../days/members.ts'
import { isHr } from '../policy.ts'
import { importPunches } from '../punches.ts'
import { readTable, TABLE_TYPES } from '../../core/sheets/readTable.ts'
import { punchesOf } from './table.ts'

const MOST_BYTES = 5_000_000
const EVERYBODY = 100_000
const MOST_ERRORS = 500
const AT_ONCE = 2000

/** Punches of a time clock from a spreadsheet: first what it would do, then the deed. @param changed after punches were kept */
export const punchImportRoute = (kit: Kit, changed: (orgId: string) => void): Route =>
  route({
    method: 'POST',
    path: '/api/v1/attendance/punches/import',
    summary: "Take a time clock's punches from an XLSX or CSV file, or only say what that would do",
    query: z.object({ dryRun: z.enum(['0', '1']).optional(), name: z.string().max(200).optional() }), // prettier-ignore
    input: Upload,
    bytes: { types: TABLE_TYPES, most: MOST_BYTES },
    reply: PunchOutcome,
    allow: isHr,
    run: async ({ viewer: { orgId }, query, input }) => {
      const asked = { orgId, departments: 'all', limit: EVERYBODY } as const
      const people = await listMembers(kit.db, asked, null)
      const table = await readTable(input.content)
      const { punches, errors } = punchesOf(table, people, kit.clock.now())
      const outcome = {
        people: new Set(punches.map(({ personId }) => personId)).size,
        punches: punches.length,
        errors: errors.slice(0, MOST_ERRORS),
      }
      if (errors.length > 0 || query.dryRun === '1') return { ...outcome, added: 0, saved: false }
      let added = 0
      for (let at = 0; at < punches.length; at += AT_ONCE)
        added += await importPunches(kit, orgId, punches.slice(at, at + AT_ONCE))
      changed(orgId)
      return { ...outcome, added, saved: true }
    },
  })
