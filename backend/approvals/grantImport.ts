import { createHash } from 'node:crypto'
import { v5 as uuidOf } from 'uuid'
import { z } from 'zod'
import { GrantOutcome } from '../contract/approvalSettings.ts'
import type { Kit } from '../core/kit.ts'
import { route, Upload, type Route } from '../core/http/route.ts'
import { readTable, TABLE_TYPES } from '../core/sheets/readTable.ts'
import { grantsOf } from './grantTable.ts'
import { insertGrant, listGrantees } from './ledger.ts'
import { isHr } from './policy.ts'
import { loadLeaveKinds } from './settings.ts'

const MOST_BYTES = 5_000_000
const SPACE = '0f5a0f36-6a3c-4a6e-9d8b-3f6f7f0f1c55' // of ids made of a file's lines

/** Leave from a spreadsheet, as it comes over from another program: first what it would do, then the deed, all or nothing. */
export const grantImportRoute = (kit: Kit): Route =>
  route({
    method: 'POST',
    path: '/api/v1/leave-grants/import',
    summary: 'Give leave from an XLSX or CSV file, or only say what that would do',
    query: z.object({ dryRun: z.enum(['0', '1']).optional(), name: z.string().max(200).optional() }), // prettier-ignore
    input: Upload,
    bytes: { types: TABLE_TYPES, most: MOST_BYTES },
    reply: GrantOutcome,
    allow: isHr,
    run: async ({ viewer, query, input }) => {
      const { orgId } = viewer
      const { leave } = await loadLeaveKinds(kit.db, orgId)
      const file = createHash('sha256').update(input.content).digest('hex')
      const idOf = (line: number) => uuidOf(`${file} ${line}`, SPACE)
      const people = await listGrantees(kit.db, orgId)
      const { grants, errors } = grantsOf(await readTable(input.content), { people, leave, idOf })
      const outcome = {
        people: new Set(grants.map(({ personId }) => personId)).size,
        grants: grants.length,
        errors: errors.slice(0, 500),
      }
      if (errors.length > 0 || query.dryRun === '1') return { ...outcome, saved: false }
      const now = kit.clock.now()
      await kit.db.transact(async (tx) => {
        for (const grant of grants) await insertGrant(tx, viewer, { grant, leave, now })
      })
      return { ...outcome, saved: true }
    },
  })
