import { PassThrough } from 'node:stream'
import { z } from 'zod'
import { CustomersFilter } from '../contract/customers.ts'
import type { Contact, CustomValues } from '../contract/customers.ts'
import type { Db } from '../core/db.ts'
import type { Kit } from '../core/kit.ts'
import { FileReply, route, signedIn, type Route } from '../core/http/route.ts'
import type { Cell, Column } from '../core/sheets/write.ts'
import { CSV_TYPE, writeCsv } from '../core/sheets/writeCsv.ts'
import { writeXlsx, XLSX_TYPE } from '../core/sheets/writeXlsx.ts'
import { sql } from '../core/sql.ts'
import { accessOf, type Access } from './access.ts'
import { filtered } from './list.ts'

/** The customers one sees, as files under headings that the import knows. */
export const exportRoutes = (kit: Kit): Route[] => [fileRoute(kit, 'csv'), fileRoute(kit, 'xlsx')]

function fileRoute(kit: Kit, kind: 'csv' | 'xlsx') {
  return route({
    method: 'GET',
    path: `/api/v1/customers/file.${kind}`,
    summary: `The customers that I see, filtered, as ${kind.toUpperCase()}`,
    query: CustomersFilter.extend({ language: z.enum(['zh', 'en']).default('zh') }),
    reply: FileReply,
    allow: signedIn,
    key: { scope: 'exports:read' },
    run: async ({ viewer, query: { language, ...filter } }) => {
      const access = await accessOf(kit.db, viewer)
      const columns = columnsOf(access, language)
      const rows = batches(kit.db, access, filter, kit.clock.now())
      const content = new PassThrough()
      const name = language === 'zh' ? '客户' : 'customers'
      const writing =
        kind === 'csv'
          ? writeCsv(content, { columns, rows })
          : writeXlsx(content, [{ name, columns, rows }])
      writing.catch((error: unknown) => content.destroy(error instanceof Error ? error : undefined))
      return { type: kind === 'csv' ? CSV_TYPE : XLSX_TYPE, name: `${name}.${kind}`, content }
    },
  })
}

/** Headings that the import knows again. */
const TITLES = [
  ['客户名称', 'Name', 24],
  ['客户编码', 'Code', 14],
  ['地址', 'Address', 32],
  ['电话', 'Phone', 16],
  ['等级', 'Tier', 6],
  ['标签', 'Tags', 16],
  ['联系人', 'Contact', 12],
  ['联系人电话', 'Contact phone', 16],
  ['负责人', 'Owner', 14],
  ['部门', 'Department', 14],
  ['经度', 'Longitude', 12],
  ['纬度', 'Latitude', 12],
  ['半径', 'Radius', 8],
  ['备注', 'Note', 24],
] as const
const NUMBERS = new Set<string>(['Longitude', 'Latitude', 'Radius'])

function columnsOf({ settings }: Access, language: 'zh' | 'en'): Column[] {
  return [
    ...TITLES.map(([zh, en, width]): Column => ({
      title: language === 'zh' ? zh : en,
      kind: NUMBERS.has(en) ? 'decimal' : 'text',
      width,
    })),
    ...settings.fields.map(({ label, kind }): Column => ({
      title: label,
      kind: kind === 'number' ? 'decimal' : kind === 'date' ? 'date' : 'text',
    })),
  ]
}

const BATCH = 1000

interface Exported {
  id: string
  cells: Cell[]
  contacts: Contact[]
  custom: CustomValues
}

async function* batches(
  db: Db,
  access: Access,
  filter: CustomersFilter,
  now: number,
): AsyncGenerator<Cell[][]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await listAfter(db, access, { filter, now, after })
    yield rows.map((row) => cellsOf(row, access))
    if (rows.length < BATCH) return
    after = rows.at(-1)?.id ?? after
  }
}

function cellsOf({ cells, contacts, custom }: Exported, { settings }: Access): Cell[] {
  const [contact] = contacts
  const own = settings.fields.map(({ key }) => custom[key] ?? null)
  return [
    ...cells.slice(0, 6),
    contact?.name ?? null,
    contact?.phone ?? null,
    ...cells.slice(6),
    ...own,
  ]
}

const listAfter = (
  db: Db,
  access: Access,
  { filter, now, after }: { filter: CustomersFilter; now: number; after: string },
) =>
  db.many<Exported>(sql`
    select c.id, c.contacts, c.custom,
      json_build_array(c.name, c.code, c.address, c.phone, c.tier, nullif(array_to_string(c.tags, '、'), ''),
        c.owner_id, c.department_id, round(st_x(c.at::geometry)::numeric, 6)::float8,
        round(st_y(c.at::geometry)::numeric, 6)::float8, c.radius, c.note) as cells
    from customers c
    where c.org_id = ${access.viewer.orgId} and ${filtered(access, filter, now)} and c.id > ${after}::uuid
    order by c.id
    limit ${BATCH}`)
