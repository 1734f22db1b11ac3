import { parseArgs } from 'node:util'
import { readConfig } from '../../backend/core/config.ts'
import { connect } from '../../backend/core/connect.ts'
import type { Database, Db } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { sql } from '../../backend/core/sql.ts'
import { createPartitions } from '../../backend/fixes/partitions.ts'
import { createKit } from '../../backend/kit.ts'
import { listFixes } from '../../backend/tracks/queries.ts'
import { randomOf } from '../../fixtures/random.ts'
import { startCluster } from '../support/cluster.ts'
import { quantile } from './truthScore.ts'

const ORG = 'bench'
const DAYS = 28 // as long as positions are kept, nearly
const OF_A_DAY = 960 // fixes: one each half minute for eight hours
const EVERY = 30_000 // ms
const OF_A_BATCH = 50 // rows that lie together, because they came together
const DAY = 86_400_000
const FEW = 1_000_000 // rows to compare with
const ASKED = 400 // days of people
const BAR = 1.5
const AT_ONCE = 250_000 // rows of a statement

/**
 * What somebody's day costs to read when the table of positions has many rows, beside the same with a million: more
 * people over the same four weeks, in one database. Tells what a row takes on disk, too.
 * @param args `--fixes N` in the end (50,000,000)
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const options = { fixes: { type: 'string', default: '50000000' } } as const
  const many = Number(parseArgs({ args: [...args], options }).values.fixes)
  const cluster = await startCluster()
  try {
    const url = cluster.urlOf('postgres')
    const log = createLog('silent')
    const db = await connect({ databaseUrl: url, dataDir: '', log, root: '' })
    await migrate(db)
    const last = Math.floor(Date.now() / DAY) * DAY
    await createPartitions(createKit({ db, log, config: readConfig({}) })).ensured()
    const few = await grown(db, last, { from: 0, to: peopleOf(Math.min(FEW, many)) })
    const all = await grown(db, last, { from: few.people, to: peopleOf(many) })
    await db.close()
    const ratio = Math.round((all.p95Ms / few.p95Ms) * 100) / 100
    return { few, all, ratio, bar: BAR, ok: ratio <= BAR }
  } finally {
    await cluster.stop()
  }
}

const peopleOf = (rows: number) => Math.max(1, Math.round(rows / (DAYS * OF_A_DAY)))

async function grown(db: Database, last: number, people: { from: number; to: number }) {
  const began = performance.now()
  for (let day = 0; day < DAYS; day++)
    for (let from = people.from; from < people.to; from += Math.floor(AT_ONCE / OF_A_DAY))
      await addDay(db, last - day * DAY, { from, to: Math.min(people.to, from + Math.floor(AT_ONCE / OF_A_DAY)) }) // prettier-ignore
  const seconds = (performance.now() - began) / 1000
  await db.raw('vacuum analyze fixes')
  const { p50, p95 } = await asked(db, last, people.to)
  const size = await sizeOf(db)
  return {
    people: people.to,
    rows: people.to * DAYS * OF_A_DAY,
    rowsPerSecond: Math.round(((people.to - people.from) * DAYS * OF_A_DAY) / seconds),
    p50Ms: round(p50),
    p95Ms: round(p95),
    ...size,
  }
}

const round = (value: number) => Math.round(value * 100) / 100

/** A day of some people as it comes in: a batch of each by turns. */
const addDay = (db: Db, midnight: number, { from, to }: { from: number; to: number }) =>
  db.run(sql`
    insert into fixes (org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat, datum, accuracy,
      battery, network)
    select ${ORG}, 'p' || p, at, gen_random_uuid(), at, at + interval '20 minutes', st_point(lng, lat, 4326), lng, lat,
      'gcj02', 15, 80, '4g'
    from (
      select p, to_timestamp((${midnight}::float8 + n * ${EVERY}::int) / 1000) as at,
        114 + p % 100 * 0.001 + n * 0.00001 as lng, 22.5 + n % 7 * 0.0001 as lat, n / ${OF_A_BATCH}::int as batch, n
      from generate_series(${from}::int, ${to - 1}::int) p, generate_series(0, ${OF_A_DAY - 1}::int) n
      order by batch, p, n
    ) f`)

async function asked(db: Db, last: number, people: number): Promise<{ p50: number; p95: number }> {
  const random = randomOf('rows', people)
  const taken: number[] = []
  for (let time = -50; time < ASKED; time++) {
    const from = last - random.whole(0, DAYS - 1) * DAY
    const key = { orgId: ORG, personId: `p${random.whole(0, people - 1)}`, date: new Date(from).toISOString().slice(0, 10) } // prettier-ignore
    const began = performance.now()
    const rows = await listFixes(db, key, { from, to: from + DAY })
    if (time >= 0) taken.push(performance.now() - began)
    if (rows.length !== OF_A_DAY) throw new Error(`${rows.length} fixes of a day`)
  }
  return { p50: quantile(taken, 0.5), p95: quantile(taken, 0.95) }
}

async function sizeOf(db: Db) {
  const size = await db.first<{ table: number; indexes: number; rows: number }>(sql`
    select sum(pg_table_size(i.inhrelid))::float8 as table, sum(pg_indexes_size(i.inhrelid))::float8 as indexes,
      (select count(*) from fixes f where f.org_id = ${ORG})::float8 as rows
    from pg_inherits i
    where i.inhparent = 'fixes'::regclass`)
  const { table = NaN, indexes = NaN, rows = NaN } = size ?? {}
  return { bytesOfARow: Math.round(table / rows), bytesOfItsIndexes: Math.round(indexes / rows) }
}
