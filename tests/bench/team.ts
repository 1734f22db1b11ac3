import { gzipSync } from 'node:zlib'
import { Replay } from '../../backend/contract/replay.ts'
import type { Person } from '../../backend/contract/people.ts'
import type { Question } from '../../backend/contract/questions.ts'
import { TeamDay } from '../../backend/contract/team.ts'
import type { Area } from '../../backend/contract/territories.ts'
import { readConfig } from '../../backend/core/config.ts'
import { connect } from '../../backend/core/connect.ts'
import type { Db } from '../../backend/core/db.ts'
import type { Viewer } from '../../backend/core/http/route.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { sql } from '../../backend/core/sql.ts'
import { createKit } from '../../backend/kit.ts'
import { replayOf } from '../../backend/live/replay.ts'
import { loadPeople, upsertDepartments, upsertPeople } from '../../backend/people/index.ts'
import { sumsOf } from '../../backend/team/attention.ts'
import { loadTeamDay } from '../../backend/team/routes.ts'
import { createDayReader } from '../../backend/tracks/index.ts'
import { answersOf } from '../../h5/live/questions/answers.ts'
import { startCluster } from '../support/cluster.ts'
import { seedPhones } from './ingestSeed.ts'

const ORG = 'bench'
const PEOPLE = 5000
const TEAM = 300
const PLAYED = 200
const PAGE = 300
const ROUNDS = 15
const HOUR = 3_600_000

/**
 * What a leader of 300 and a director of 5,000 people ask for: the team's day, standing questions, and the replay of
 * 200 people's eight hours with a fix each ten seconds. Through the functions that the routes and pages call.
 */
export async function run(): Promise<Record<string, unknown>> {
  const cluster = await startCluster()
  try {
    const url = cluster.urlOf('postgres')
    const log = createLog('silent')
    const db = await connect({ databaseUrl: url, dataDir: '', log, root: '' })
    await migrate(db)
    await seed(db)
    const kit = createKit({ db, log, config: readConfig({}) })
    const date = new Date().toISOString().slice(0, 10)
    const result = {
      people: PEOPLE,
      teamDay300Ms: await pageMs(kit, viewerOf(['d0', 'played']), date),
      teamDay5000Ms: await pageMs(kit, viewerOf('all'), date),
      slowestQuestionMs: await slowestOf(await loadPeople(db, viewerOf('all'), Date.now(), {})),
      ...(await replayMb(kit, date)),
    }
    await db.close()
    return result
  } finally {
    await cluster.stop()
  }
}

const viewerOf = (departments: Viewer['departments']): Viewer => ({
  ...{ orgId: ORG, id: 'boss', name: 'boss', role: 'supervisor', departments },
  ...{ session: 'token', sessionHash: '' },
})

type Kit = Parameters<typeof loadTeamDay>[0]

/** The first page as the route makes it, at the median of some. */
async function pageMs(kit: Kit, viewer: Viewer, date: string): Promise<number> {
  return middleOf(async () => {
    const all = await loadTeamDay(kit, viewer, { date, sort: 'attention' })
    JSON.stringify(TeamDay.parse({ date, sums: sumsOf(all), rows: all.slice(0, PAGE) }))
  })
}

async function middleOf(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS + 2; round++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  const sorted = times.slice(2).sort((a, b) => a - b) // the first two warm up
  return Math.round((sorted[Math.floor(ROUNDS / 2)] ?? 0) * 10) / 10
}

const CIRCLE: Area = {
  type: 'MultiPolygon',
  coordinates: [[Array.from({ length: 200 }, (_, n): [number, number] => {
    const angle = (n / 200) * 2 * Math.PI
    return [114 + 0.1 * Math.cos(angle), 22.5 + 0.1 * Math.sin(angle)]
  })]],
} // prettier-ignore

/** The slowest of all kinds of questions, once over everybody; a territory has 200 corners, everybody an appointment. */
async function slowestOf(people: readonly Person[]): Promise<number> {
  const now = Date.now()
  const around = {
    now,
    appointments: people.map(({ id }, n) => ({ personId: id, at: now + n * 1000, customer: 'c', lng: 114.1, lat: 22.55 })), // prettier-ignore
    territories: new Map([['root', CIRCLE]]),
    lineages: new Map(people.map(({ departmentId }) => [departmentId, [departmentId, 'root']])),
  }
  const place = { customerId: '', customer: '', lng: 114.05, lat: 22.54, km: 5 }
  const questions: Question[] = [
    { kind: 'still', minutes: 10 },
    { kind: 'silent', minutes: 10 },
    { kind: 'near', ...place },
    { kind: 'late_for' },
    { kind: 'outside' },
  ]
  const times: number[] = []
  for (const question of questions) times.push(await middleOf(() => answersOf(question, people, around))) // prettier-ignore
  return Math.max(...times)
}

/** Derived anew from the fixes, as the page gets it; gzip as a proxy in front of us would. */
async function replayMb(kit: Kit, date: string) {
  const { db, clock, facts } = kit
  const days = createDayReader({ db, clock, facts })
  const began = performance.now()
  const replay = await replayOf(kit, days, viewerOf(['d0', 'played']), {
    ...{ date, departmentId: 'played', personId: undefined },
  })
  const replayMs = Math.round(performance.now() - began)
  const bytes = Buffer.from(JSON.stringify(Replay.parse(replay)))
  const mb = (n: number) => Math.round(n / 10_000) / 100
  return {
    ...{ played: replay.tracks.length, replayMs },
    ...{ replayMb: mb(bytes.length), replayGzipMb: mb(gzipSync(bytes).length) },
  }
}

/** d0 with 300 of whom 200 are in a department below it and have fixes; all of the 5,000 have a day, visits and attendance. */
async function seed(db: Db) {
  await seedPhones(db, ORG, PEOPLE)
  await upsertDepartments(db, ORG, [
    { id: 'root', parentId: null, name: 'root' },
    { id: 'd0', parentId: 'root', name: 'd0' },
    { id: 'played', parentId: 'd0', name: 'played' },
  ])
  const person = { position: null, role: 'rep' as const, leads: [] }
  const ids = Array.from({ length: TEAM }, (_, n) => n)
  await upsertPeople(db, ORG, ids.map((n) => ({ ...person, id: `p${n}`, name: `p${n}`, departmentId: n < PLAYED ? 'played' : 'd0' }))) // prettier-ignore
  await db.run(sql`
    insert into last_positions (org_id, person_id, at, point, accuracy)
    select ${ORG}, 'p' || n, now() - n * interval '0.1 second', st_point(114 + n % 100 * 0.001, 22.5 + n / 100 * 0.001, 4326), 15
    from generate_series(0, ${PEOPLE - 1}::int) n`)
  await db.run(sql`
    insert into fixes (org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat, datum, accuracy)
    select ${ORG}, 'p' || p, at, gen_random_uuid(), at, at, st_point(lng, lat, 4326), lng, lat, 'wgs84', 15
    from (
      select p, to_timestamp(${Date.now() - 6 * HOUR}::float8 / 1000) + n * interval '7.5 seconds' as at,
        114 + p * 0.002 + (n / 180 * 60 + greatest(0, n % 180 - 120)) * 0.0004 + (random() - 0.5) * 0.0002 as lng,
        22.5 + (random() - 0.5) * 0.0002 as lat
      from generate_series(0, ${PLAYED - 1}::int) p, generate_series(0, 2879) n) walked`)
  await seedDays(db, new Date().toISOString().slice(0, 10))
  await db.raw('vacuum analyze')
}

/** What tracks, visits and attendance leave behind: 12 pieces, 8 visits, one ledger a person. */
async function seedDays(db: Db, date: string) {
  const from = Date.now() - 6 * HOUR
  const segments = Array.from({ length: 12 }, (_, n) => ({ kind: n % 2 === 0 ? 'stay' : 'move', from: from + n * 1_800_000, to: from + (n + 1) * 1_800_000 })) // prettier-ignore
  const day = JSON.stringify({ segments, totals: { movedMetres: 20_000, silentSeconds: 900 } })
  await db.run(sql`
    insert into track_days (org_id, person_id, date, version, algorithm_version, derived_at, final, day)
    select ${ORG}, 'p' || n, ${date}::date, 1, 'bench', now(), false, ${day}::jsonb
    from generate_series(${PLAYED}::int, ${PEOPLE - 1}::int) n`)
  await db.run(sql`
    insert into visits (org_id, person_id, id, date, customer_id, status, stop_id, checkin_ids, stay_seconds, confirmed)
    select ${ORG}, 'p' || n, gen_random_uuid(), ${date}::date, gen_random_uuid(),
      case v % 4 when 0 then 'missed' when 1 then 'unplanned' else 'done' end,
      case when v % 4 <> 1 then gen_random_uuid() end, '{}', 600, false
    from generate_series(0, ${PEOPLE - 1}::int) n, generate_series(1, 8) v`)
  await db.run(sql`
    insert into attendance_days (org_id, person_id, date, zone, version, rule_set_id, rule_version, engine_version,
      marks, cell, due_days, minutes, overtime, day, digest, closed, computed_at)
    select ${ORG}, 'p' || n, ${date}::date, 'Asia/Shanghai', 1, 'standard', 1, '1', '', '', 1,
      '{"worked": 300, "late": 3}', 0, '{}', '', false, now()
    from generate_series(0, ${PEOPLE - 1}::int) n`)
}
