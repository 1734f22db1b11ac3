import { Temporal } from 'temporal-polyfill'
import type { Database, Db } from '../core/db.ts'
import type { Chore, Kit } from '../core/kit.ts'
import { sql } from '../core/sql.ts'

const AHEAD_WEEKS = 4
const BEHIND_WEEKS = 6
const HOUR_MS = 3_600_000
const DEFAULT_DAYS = 30 // retention of fixes where an org sets none
const LOCK = 7_301_554 // any number, the same in every process

/** A week of fixes, Monday to Monday UTC: fixes_2026w47. */
export interface Week {
  name: string
  from: number // epoch ms
  to: number
}

/**
 * Weekly partitions of `fixes`: made before the first write and every hour, 4 weeks ahead and 6
 * back; dropped when nobody's retention reaches into them any more.
 */
export function createPartitions(kit: Kit) {
  let made: Promise<void> | null = null
  const ensure = () => makeWeeks(kit.db, kit.clock.now())
  const chore: Chore = {
    name: 'fixes: partitions and retention',
    everyMs: HOUR_MS,
    run: async () => {
      await ensure()
      await dropExpired(kit, kit.clock.now())
    },
  }
  return {
    chore,
    /** Resolves when the partitions are there; asks the database once. A failure is tried again by the next writer. */
    ensured(): Promise<void> {
      made ??= ensure().catch((error: unknown) => {
        made = null
        throw error
      })
      return made
    },
  }
}

/** The weeks around `now`, oldest first, named by ISO week. */
export function weeksAround(now: number): Week[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC').toPlainDate()
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  return Array.from({ length: BEHIND_WEEKS + 1 + AHEAD_WEEKS }, (_, index) =>
    weekOf(monday.add({ weeks: index - BEHIND_WEEKS })),
  )
}

function weekOf(monday: Temporal.PlainDate): Week {
  const week = String(monday.weekOfYear).padStart(2, '0')
  const instant = (date: Temporal.PlainDate) => date.toZonedDateTime('UTC').epochMilliseconds
  return {
    name: `fixes_${monday.yearOfWeek}w${week}`,
    from: instant(monday),
    to: instant(monday.add({ weeks: 1 })),
  }
}

async function makeWeeks(db: Database, now: number): Promise<void> {
  const known = new Set((await listPartitions(db)).map(({ name }) => name))
  const missing = weeksAround(now).filter(({ name }) => !known.has(name))
  if (missing.length === 0) return
  await db.transact(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(${LOCK})`)
    const made = new Set((await listPartitions(tx)).map(({ name }) => name))
    for (const week of missing) if (!made.has(week.name)) await makeWeek(tx, week)
  })
}

interface Partition {
  name: string
  until: number | null // end, epoch ms; null: the default one
}

const listPartitions = (db: Db) =>
  db.many<Partition>(sql`
    select c.relname as name,
      (substring(pg_get_expr(c.relpartbound, c.oid) from 'TO [(]''([^'']+)''[)]'))::timestamptz as until
    from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'fixes'::regclass
    order by c.relname`)

const COLUMNS = `org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat, datum, accuracy,
  speed, heading, altitude, battery, network, mock, source, device`

/** Made beside the table, filled with what waits in the default partition, then attached. Names and dates are ours. */
async function makeWeek(tx: Db, { name, from, to }: Week): Promise<void> {
  const [start, end] = [from, to].map((at) => `'${new Date(at).toISOString()}'::timestamptz`)
  await tx.raw(`create table ${name} (like fixes including defaults including constraints)`)
  await tx.raw(`
    with waiting as (
      delete from fixes_default where at >= ${start} and at < ${end} returning ${COLUMNS}
    )
    insert into ${name} (${COLUMNS}) select ${COLUMNS} from waiting`)
  await tx.raw(`
    alter table fixes attach partition ${name} for values from (${start}) to (${end})`)
}

/** An org's own shorter retention deletes rows; the longest of all drops whole weeks. */
async function dropExpired({ db, log }: Kit, now: number): Promise<void> {
  const orgs = await db.many<{ id: string; days: number }>(sql`
    select o.id, coalesce((o.settings ->> 'fixRetentionDays')::int, ${DEFAULT_DAYS}::int) as days
    from orgs o`)
  const longest = Math.max(DEFAULT_DAYS, ...orgs.map(({ days }) => days))
  const cutoff = (days: number) => now - days * 24 * HOUR_MS
  for (const { id, days } of orgs) if (days < longest) await deleteBefore(db, id, cutoff(days))
  await emptyDefault(db, cutoff(longest))
  const partitions = await listPartitions(db)
  for (const { name, until } of partitions)
    if (until !== null && until <= cutoff(longest)) {
      await dropWeek(db, name)
      log.info({ partition: name }, 'fixes past their retention were dropped')
    }
}

const deleteBefore = (db: Db, orgId: string, before: number) =>
  db.run(sql`
    delete from fixes
    where org_id = ${orgId} and at < to_timestamp(${before}::float8 / 1000)`)

/** What came too late for any week waits in the default partition, which is never dropped. */
const emptyDefault = (db: Db, before: number) =>
  db.run(sql`delete from fixes_default where at < to_timestamp(${before}::float8 / 1000)`)

/** Dropping locks the whole table for a moment: it gives up soon rather than let reporters queue behind a long reader. */
const dropWeek = (db: Database, name: string) =>
  db.transact(async (tx) => {
    await tx.raw(`set local lock_timeout = '3s'`)
    await tx.raw(`drop table if exists ${name}`)
  })
