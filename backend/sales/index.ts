import { PassThrough } from 'node:stream'
import { SalesInput, SalesQuery, SalesRecord, SalesRecords } from '../contract/sales.ts'
import { Fault, found } from '../core/errors.ts'
import { FileReply, route, type Viewer } from '../core/http/route.ts'
import type { Feature, Kit } from '../core/kit.ts'
import { CSV_TYPE, writeCsv } from '../core/sheets/writeCsv.ts'
import { dateAt, findPerson } from '../people/index.ts'
import { isProven, mayVisit, scopeOf, type VisitsDoor } from '../visits/index.ts'
import { SALES_COLUMNS, salesRow } from './file.ts'
import { findNewest, insertEntry, listRecords } from './queries.ts'

type Visits = Pick<VisitsDoor, 'ownVisit'>

/** What is sold and served at visits: opportunities, orders and tickets, each tied to a visit that is proven. */
export function createSales(kit: Kit, visits: Visits): Feature {
  return { routes: [listRoute(kit), saveRoute(kit, visits), fileRoute(kit)] }
}

function listRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/sales',
    summary: 'Opportunities, orders and tickets: mine, or those of everybody in my scope',
    query: SalesQuery,
    reply: SalesRecords,
    allow: mayVisit,
    run: async ({ viewer, query }) => ({
      records: await listRecords(kit.db, { ...scopeOf(viewer), query }),
    }),
  })
}

function saveRoute(kit: Kit, visits: Visits) {
  return route({
    method: 'POST',
    path: '/api/v1/sales',
    summary: 'Note an opportunity, order or ticket of a visit of mine, or say one anew',
    input: SalesInput,
    reply: SalesRecord,
    allow: mayVisit,
    run: async ({ viewer, input }) => {
      await save(kit, visits, viewer, input)
      const query = { personId: viewer.id, kind: input.content.kind, limit: 2000 }
      const records = await listRecords(kit.db, { ...scopeOf(viewer), self: viewer.id, query })
      return found(records.find((each) => each.recordId === input.recordId), 'this record') // prettier-ignore
    },
  })
}

/**
 * The same id again changes nothing.
 * @throws Fault `bad_input` (visit not proven, record of another kind or customer), `not_found`, `not_allowed`
 */
async function save(kit: Kit, visits: Visits, viewer: Viewer, input: SalesInput): Promise<void> {
  const visit = await visits.ownVisit(viewer, input.visitId)
  const now = kit.clock.now()
  const { zone } = found(await findPerson(kit.db, viewer.orgId, viewer.id), 'your account')
  const isUnderWay = visit.status === 'unproven' && visit.date === dateAt(now, zone)
  if (!isProven(visit.status) && !isUnderWay)
    throw new Fault('bad_input', 'visitId: this visit is not proven', [
      { field: 'visitId', rule: 'a visit with a check-in and a stay, or confirmed' },
    ])
  const who = { orgId: viewer.orgId, personId: viewer.id }
  const { customerId } = visit
  await kit.db.transact(async (tx) => {
    const newest = await findNewest(tx, viewer.orgId, viewer.id, input.recordId)
    if (newest && (newest.kind !== input.content.kind || newest.customerId !== customerId))
      throw new Fault('bad_input', 'recordId: this record is of another kind or customer', [
        { field: 'recordId', rule: 'keeps its kind and customer' },
      ])
    const madeAt = Math.max(now, (newest?.madeAt ?? 0) + 1)
    await insertEntry(tx, { ...who, ...input, customerId, madeAt })
  })
}

const MOST_ROWS = 100_000

function fileRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/sales.csv',
    summary: 'The same as a table, an order’s lines one below the other',
    query: SalesQuery.omit({ limit: true }),
    reply: FileReply,
    allow: mayVisit,
    run: async ({ viewer, query }) => {
      const asked = { ...scopeOf(viewer), query: { ...query, limit: MOST_ROWS } }
      const rows = (await listRecords(kit.db, asked)).flatMap(salesRow)
      const content = new PassThrough()
      void writeCsv(content, { columns: SALES_COLUMNS, rows: [rows] }).catch((error: unknown) =>
        content.destroy(error instanceof Error ? error : new Error(String(error))),
      )
      const date = dateAt(kit.clock.now(), 'Asia/Shanghai')
      return { type: CSV_TYPE, name: `销售与服务 ${date}.csv`, content }
    },
  })
}
