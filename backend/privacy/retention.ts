import { raw } from 'sql-template-tag'
import type { Db } from '../core/db.ts'
import type { Chore, Kit } from '../core/kit.ts'
import { sql, type Sql } from '../core/sql.ts'
import { counted, filesOf, listOrgIds, removeFiles, unheld } from './erase.ts'
import { DAY_MS, goOnWithAll } from './erasures.ts'
import { KEPT, type KeptClass, type PersonalTable } from './personal.ts'

const EVERY_MS = 3_600_000 // a server that is started anew each night comes to it, too

/** Rows past the time of their class go, or lose what is too much; erasures go on as what was kept comes of age. */
export function retentionChore(kit: Kit, tables: readonly PersonalTable[]): Chore {
  const help = 'Rows that went, or lost their places, because their time was over'
  const rows = kit.metrics.counter('zuji_retention_rows_total', help, ['table'])
  return {
    name: 'privacy: erasures and retention',
    everyMs: EVERY_MS,
    run: async () => {
      const now = kit.clock.now()
      for (const { id } of await listOrgIds(kit.db)) {
        const days = await daysOf(kit.db, id)
        for (const table of tables.filter(isKept)) {
          const before = now - days[table.keep] * DAY_MS
          rows.inc({ table: table.name }, await lapse(kit, table, { orgId: id, before, now }))
        }
        await goOnWithAll(kit, tables, id)
      }
    },
  }
}

type Kept = PersonalTable & { readonly keep: KeptClass }
const isKept = (table: PersonalTable): table is Kept => table.keep !== undefined

/** How many days each class is kept in a company. A day outlives the positions that it was made of. */
export async function daysOf(db: Db, orgId: string): Promise<Record<KeptClass, number>> {
  const row = await db.first<{ settings: Record<string, unknown> }>(sql`
    select o.settings from orgs o where o.id = ${orgId}`)
  const days = (kept: KeptClass) => {
    const own = Number(row?.settings[KEPT[kept].setting] ?? NaN)
    return Number.isInteger(own) && own > 0 ? own : KEPT[kept].days
  }
  const positions = days('positions')
  return {
    ...{ positions, days: Math.max(days('days'), positions), alerts: days('alerts') },
    ...{ photos: days('photos'), looks: days('looks'), sessions: days('sessions') },
  }
}

interface Lapse {
  orgId: string
  before: number // epoch ms
  now: number
}

const PIECE = 5000 // rows that one statement takes away: nobody waits long for them

/** Piece by piece, oldest first. @returns how many rows */
async function lapse(
  kit: Kit,
  table: PersonalTable,
  { orgId, before, now }: Lapse,
): Promise<number> {
  const at = raw(table.from ?? table.at)
  const open = sql`org_id = ${orgId} and ${table.reduce?.where ?? sql`true`}`
  let all = 0
  for (;;) {
    const piece = await kit.db.first<{ until: number | null; more: boolean }>(sql`
      select (extract(epoch from max(p.at)) * 1000)::float8 + 1 as until, count(*) > ${PIECE}::int as more
      from (
        select ${at}::timestamptz as at from ${raw(table.name)}
        where ${open} and ${at} < ${moment(before)}
        order by ${at} limit ${PIECE + 1}::int
      ) p`)
    const rows = sql`${open} and ${at} < ${moment(Math.min(piece?.until ?? before, before))}`
    all += await takeAway(kit, table, { rows, now })
    if (!piece?.more) return all
  }
}

const moment = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`

async function takeAway(
  { db, files }: Kit,
  table: PersonalTable,
  { rows, now }: { rows: Sql; now: number },
): Promise<number> {
  const name = raw(table.name)
  if (table.reduce)
    return counted(db, sql`update ${name} set ${table.reduce.set(now)} where ${rows} returning 1`)
  const done = await db.transact(async (tx) => {
    const held = await filesOf(tx, table, rows)
    const gone = await counted(tx, sql`delete from ${name} where ${rows} returning 1`)
    return { gone, files: await unheld(tx, table, held) }
  })
  await removeFiles(files, done.files)
  return done.gone
}
