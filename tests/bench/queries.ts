import { connect } from '../../backend/core/connect.ts'
import type { Database, Db } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { sql } from '../../backend/core/sql.ts'
import { accessOf, type Access } from '../../backend/customers/access.ts'
import { nearby } from '../../backend/customers/nearby.ts'
import { startCluster } from '../support/cluster.ts'
import { seedPhones } from './ingestSeed.ts'

const ORG = 'bench'
const OTHER = 'other' // at the same places: its rows must cost nothing
const CUSTOMERS = 1_000_000
const ASKED = 400 // positions

/**
 * Nearest 20 of a million customers of one company, by an admin and by a rep who sees his own and the pool,
 * beside another company in the same streets. Through the functions that the routes call, on a PostgreSQL of
 * this machine.
 */
export async function run(): Promise<Record<string, unknown>> {
  const cluster = await startCluster()
  try {
    const url = cluster.urlOf('postgres')
    const db = await connect({ databaseUrl: url, dataDir: '', log: createLog('silent'), root: '' })
    await migrate(db)
    await seedPhones(db, ORG, 50)
    await seedPhones(db, OTHER, 1)
    await seedCustomers(db, ORG, CUSTOMERS)
    await seedCustomers(db, OTHER, CUSTOMERS / 10)
    await db.raw('vacuum analyze customers')
    const admin = await accessAs(db, 'admin')
    const rep = await accessAs(db, 'rep')
    const all = await nearest(db, admin)
    const own = await nearest(db, rep)
    const seqScans = (await seqScansOf(db, admin)) + (await seqScansOf(db, rep))
    await db.close()
    return {
      rows: CUSTOMERS,
      nearestP95Ms: round(Math.max(all.p95, own.p95)),
      nearestP50Ms: round(all.p50),
      nearestRepP95Ms: round(own.p95),
      seqScans,
    }
  } finally {
    await cluster.stop()
  }
}

const round = (ms: number) => Math.round(ms * 100) / 100

/** Shops in 40 cities of China, denser towards their middles; every third in the pool. */
const seedCustomers = (db: Db, orgId: string, count: number) =>
  db.run(sql`
    insert into customers (org_id, id, name, at, raw_lng, raw_lat, placed_by, owner_id, department_id, name_key,
      search_key)
    select ${orgId}, gen_random_uuid(), 'c' || n, st_point(lng, lat, 4326)::geography, lng, lat, 'imported',
      case when n % 3 > 0 then 'p' || n % 50 end, 'root', 'c' || n, 'c' || n
    from (
      select n, 100 + n % 40 * 0.5 + (random() - 0.5) * random() * 0.4 as lng,
        22 + n % 40 * 0.4 + (random() - 0.5) * random() * 0.4 as lat
      from generate_series(1, ${count}::int) n
    ) places`)

const accessAs = (db: Db, role: 'admin' | 'rep'): Promise<Access> =>
  accessOf(db, {
    ...{ orgId: ORG, id: 'p1', name: 'p1', role, session: 'token', sessionHash: '' },
    departments: role === 'admin' ? 'all' : [],
  })

/** Somewhere in a city, deterministic. */
function placeOf(index: number) {
  const city = index % 40
  const aside = ((index * 7919) % 1000) / 1000 - 0.5
  return { lng: 100 + city * 0.5 + aside * 0.3, lat: 22 + city * 0.4 - aside * 0.3 }
}

const question = (index: number) =>
  ({ ...placeOf(index), datum: 'wgs84', radius: 20_000, limit: 20 }) as const

async function nearest(db: Db, access: Access) {
  const times: number[] = []
  for (let index = 0; index < ASKED + 40; index++) {
    const began = performance.now()
    const found = await nearby(db, access, question(index))
    times.push(performance.now() - began)
    if (found.length !== 20) throw new Error(`${found.length} customers are near place ${index}`)
  }
  const sorted = times.slice(40).sort((a, b) => a - b) // the first warm the caches
  return { p50: sorted[ASKED / 2] ?? 0, p95: sorted[Math.floor(ASKED * 0.95)] ?? 0 }
}

/** How often the plan of the very query walks through a whole table. */
async function seqScansOf(db: Database, access: Access): Promise<number> {
  let plan = ''
  const explaining: Db = {
    ...db,
    many: async (query) => {
      const { rows } = await db.raw(`explain (format json) ${query.text}`, query.values)
      plan = JSON.stringify(rows)
      return []
    },
  }
  await nearby(explaining, access, question(0))
  return plan.match(/"Seq Scan"/g)?.length ?? 0
}
