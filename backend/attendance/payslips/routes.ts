import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { Month } from '../../contract/closing.ts'
import { Payslip, PayslipImports, PayslipOutcome, Payslips } from '../../contract/payslips.ts'
import { Fault, found } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import type { MessageToSend } from '../../core/notify.ts'
import { route, signedIn, Upload, type Route, type Viewer } from '../../core/http/route.ts'
import type { KeptDays } from '../closing/days.ts'
import { handsOutPay } from '../closing/policy.ts'
import { loadStanding } from '../closing/queries.ts'
import { findPayslip, insertImport, listImports, listPayees, listPayslips, noteSeen, withdrawImport } from './queries.ts' // prettier-ignore
import { readTable, TABLE_TYPES } from '../../core/sheets/readTable.ts'
import { slipsOf } from './slips.ts'

const Path = z.object({ month: Month })
const MOST_BYTES = 10_000_000

/** Payslips: HR hands them out for a locked month, and each person sees his own alone. */
export const payslipRoutes = (kit: Kit, days: KeptDays): Route[] => [
  importRoute(kit, days),
  route({
    method: 'GET',
    path: '/api/v1/payslips/:month/imports',
    summary: 'What was handed out for a month: how many, who opened his, never how much',
    params: Path,
    reply: PayslipImports,
    allow: handsOutPay,
    run: async ({ viewer, params }) => ({
      imports: await listImports(kit.db, viewer.orgId, params.month),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/payslips/:month/imports/:id/withdraw',
    summary: 'Take an import back: nobody sees its slips any more',
    params: Path.extend({ id: z.uuid() }),
    reply: PayslipImports,
    allow: handsOutPay,
    run: async ({ viewer, params }) => {
      const act = { by: viewer.id, at: kit.clock.now() }
      const key = { orgId: viewer.orgId, ...params }
      if (!(await withdrawImport(kit.db, key, act))) found(null, 'this import')
      return { imports: await listImports(kit.db, viewer.orgId, params.month) }
    },
  }),
  ...ownRoutes(kit, days),
]

const ownRoutes = (kit: Kit, days: KeptDays): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/payslips/mine',
    summary: 'The months I have payslips of',
    reply: Payslips,
    allow: signedIn,
    run: async ({ viewer }) => ({ months: await listPayslips(kit.db, viewer.orgId, viewer.id) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/payslips/mine/:month',
    summary: 'My payslip of a month, with the attendance it came out of',
    params: Path,
    reply: Payslip,
    allow: signedIn,
    run: ({ viewer, params }) => mine(kit, days, viewer, params.month),
  }),
]

async function mine(kit: Kit, days: KeptDays, viewer: Viewer, month: string) {
  const key = { orgId: viewer.orgId, personId: viewer.id, month }
  const { importId, ...slip } = found(await findPayslip(kit.db, key), 'your payslip of this month')
  await noteSeen(kit.db, key, importId, kit.clock.now())
  const totals = (await days.totals(kit.db, viewer.orgId, viewer.id, month)) ?? {}
  return { month, ...slip, totals }
}

/** Never an amount: cards are read over shoulders. Another import of the month is told again. */
const payslipMessage = (
  { orgId, id, month, at }: { orgId: string; id: string; month: string; at: number },
  personId: string,
): MessageToSend => ({
  ...{ orgId, personId, at, topic: 'attendance', key: `payslip:${id}` },
  title: `${month} 工资条 Payslip`,
  text: '只有你自己能看到。Only you can see it.',
  path: `/payslips/${month}`,
})

function importRoute(kit: Kit, days: KeptDays) {
  return route({
    method: 'POST',
    path: '/api/v1/payslips/:month/import',
    summary: 'Hand out payslips from an XLSX or CSV file, or only say what that would do',
    params: Path,
    query: z.object({
      dryRun: z.enum(['0', '1']).optional(),
      name: z.string().max(200).optional(),
    }),
    input: Upload,
    bytes: { types: TABLE_TYPES, most: MOST_BYTES },
    reply: PayslipOutcome,
    allow: handsOutPay,
    run: async ({ viewer, params: { month }, query, input }) => {
      const { state } = await loadStanding(kit.db, viewer.orgId, month, kit.clock.now())
      if (state !== 'locked')
        throw new Fault('conflict', 'month: lock it first, so that what is paid stays what it is')
      const payees = await listPayees(kit.db, viewer.orgId)
      const { slips, columns, errors } = slipsOf(await readTable(input.content), payees)
      const having = await days.digests(kit.db, viewer.orgId, month)
      const paid = new Set(slips.map(({ personId }) => personId))
      const missing = payees.filter(({ id }) => having.has(id) && !paid.has(id)).map(({ name }) => name) // prettier-ignore
      const outcome = { people: slips.length, columns, missing, errors: errors.slice(0, 500) }
      if (errors.length > 0 || query.dryRun === '1') return { ...outcome, importId: null }
      const importId = uuid()
      const { orgId, id: by } = viewer
      const given = { orgId, id: importId, month, at: kit.clock.now(), by, fileName: input.name || (query.name ?? ''), slips } // prettier-ignore
      const here = new Set(payees.filter(({ active }) => active).map(({ id }) => id))
      await kit.db.transact(async (tx) => {
        await insertImport(tx, given)
        for (const { personId } of slips)
          if (here.has(personId)) await kit.notify.tell(tx, payslipMessage(given, personId))
      })
      return { ...outcome, importId }
    },
  })
}
