import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { v4 as uuid } from 'uuid'
import type { SilenceReason } from '../../backend/contract/terms.ts'
import { readConfig } from '../../backend/core/config.ts'
import type { Db } from '../../backend/core/db.ts'
import type { Feature, Kit } from '../../backend/core/kit.ts'
import { createLog } from '../../backend/core/log.ts'
import { createApp } from '../../backend/core/http/serve.ts'
import { sql } from '../../backend/core/sql.ts'
import {
  insertDuty,
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { createIdentify, type SessionKind } from '../../backend/people/sessions.ts'
import { borrowDatabase } from '../support/database.ts'
import { directoryStore } from '../../backend/core/files.ts'
import { createKit } from '../../backend/kit.ts'

export const ORG = 'o1'
export const DATE = '2026-11-23' // a Monday
export const DUTY = {
  from: Date.parse('2026-11-23T01:00:00Z'),
  to: Date.parse('2026-11-23T10:00:00Z'),
}
export const NOW = Date.parse('2026-11-23T06:00:00Z')
export const MINUTE = 60_000

/** north: rep1 rep2 under leadN · south: rep3 under leadS · below the root: boss, hr, admin */
const DEPARTMENTS = [
  { id: 'root', parentId: null, name: '总部' },
  { id: 'north', parentId: 'root', name: '北区' },
  { id: 'south', parentId: 'root', name: '南区' },
]
export const PEOPLE = [
  ['rep1', 'north', 'rep', []],
  ['rep2', 'north', 'rep', []],
  ['rep3', 'south', 'rep', []],
  ['leadN', 'north', 'supervisor', ['north']],
  ['leadS', 'south', 'supervisor', ['south']],
  ['boss', 'root', 'supervisor', ['root']],
  ['hr', 'root', 'hr', []],
  ['admin', 'root', 'admin', []],
] as const

export interface Report {
  id?: string
  at: number
  lng: number
  lat: number
  accuracy?: number
  stillSince?: number
  customerId?: string
}

export type Company = Awaited<ReturnType<typeof openCompany>>

/** A small company on a borrowed database, its features behind a real HTTP server, and its clock in the test's hand. */
export async function openCompany(
  featuresOf: (kit: Kit, identify: ReturnType<typeof createIdentify>['identify']) => Feature[],
) {
  const borrowed = await borrowDatabase()
  const { db } = borrowed
  const clock = { at: NOW, now: () => clock.at }
  const files = await mkdtemp(path.join(tmpdir(), 'zuji-files-'))
  const kit = createKit({
    ...{ db, clock, log: createLog('silent'), config: readConfig({}) },
    files: directoryStore(files),
    onError: (error) => {
      throw error
    },
  })
  await seedCompany(db, { orgId: ORG })
  const identity = createIdentify(db, clock.now)
  const features = featuresOf(kit, identity.identify)
  const { log, metrics } = kit
  const app = createApp(
    {
      ...{ log, metrics, identify: identity.identify, publicUrl: kit.config.publicUrl },
      requestsPer10s: 1e9, // a test asks faster than people do
    },
    features.flatMap((feature) => feature.routes),
  )
  const answer = app.callback()
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${portOf(server.address())}`
  const tokens = new Map<string, string>()
  const tokenOf = async (personId: string, kind: SessionKind = 'token') => {
    const known = tokens.get(personId + kind)
    const token = known ?? (await openSession(db, { orgId: ORG, personId, kind }, clock.at))
    tokens.set(personId + kind, token)
    return token
  }
  return {
    kit,
    db,
    clock,
    server,
    url,
    features,
    identity,
    tokenOf,
    /** GET as somebody (null: signed out), with status and parsed body. */
    async get(path: string, personId: string | null, kind: SessionKind = 'token') {
      const headers = personId ? { authorization: `Bearer ${await tokenOf(personId, kind)}` } : {}
      const response = await fetch(url + path, { headers })
      const body: unknown = await response.json()
      return { status: response.status, body }
    },
    /** POST of JSON, or of a text as it is, as somebody. */
    async post(path: string, personId: string | null, input: unknown, kind: SessionKind = 'token') {
      const headers = personId ? { authorization: `Bearer ${await tokenOf(personId, kind)}` } : {}
      const body = typeof input === 'string' ? input : JSON.stringify(input)
      const response = await fetch(url + path, { method: 'POST', headers, body })
      const answer: unknown = await response.json()
      return { status: response.status, body: answer }
    },
    /** Facts as the fixes feature leaves them behind: rows, newest position, day version, and the news. */
    report: (personId: string, reports: readonly Report[]) => report(kit, personId, reports),
    async close() {
      for (const feature of features) await feature.close?.()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await borrowed.close()
      await rm(files, { recursive: true, force: true })
    },
  }
}

const portOf = (address: AddressInfo | string | null) =>
  typeof address === 'object' && address ? address.port : 0

/** Puts the small company there, its reps on duty; every name of it begins with `mark`. */
export async function seedCompany(db: Db, { orgId, mark = '' }: { orgId: string; mark?: string }) {
  await upsertOrg(db, { id: orgId, name: `${mark}测试公司`, zone: 'Asia/Shanghai' })
  const departments = DEPARTMENTS.map((each) => ({ ...each, name: mark + each.name }))
  await upsertDepartments(db, orgId, departments)
  await upsertPeople(
    db,
    orgId,
    PEOPLE.map(([id, departmentId, role, leads]) => ({
      ...{ id, departmentId, role, position: null },
      name: `${mark}名 ${id}`,
      leads: [...leads],
    })),
  )
  const reps = PEOPLE.flatMap(([id, , role]) => (role === 'rep' ? [id] : []))
  await onDuty(db, reps, DUTY, orgId)
}

export const onDuty = (db: Db, personIds: readonly string[], window = DUTY, orgId = ORG) =>
  insertDuty(
    db,
    orgId,
    personIds.map((personId) => ({ personId, date: DATE, zone: 'Asia/Shanghai', ...window })),
  )

export async function addCustomer(
  db: Db,
  customer: { lng: number; lat: number; name: string; radius?: number },
) {
  const id = uuid()
  await db.run(sql`
    insert into customers (org_id, id, name, at, raw_lng, raw_lat, radius)
    values (${ORG}, ${id}::uuid, ${customer.name},
      st_point(${customer.lng}::float8, ${customer.lat}::float8, 4326)::geography,
      ${customer.lng}::float8, ${customer.lat}::float8, ${customer.radius ?? 100}::float8)`)
  return id
}

export const silence = (
  db: Db,
  personId: string,
  period: { from: number; to: number; reason: SilenceReason },
) =>
  db.run(sql`
    insert into silences (org_id, person_id, id, from_at, to_at, reason, received_at)
    values (${ORG}, ${personId}, ${uuid()}::uuid, to_timestamp(${period.from}::float8 / 1000),
      to_timestamp(${period.to}::float8 / 1000), ${period.reason}, now())`)

async function report({ db, facts, clock }: Kit, personId: string, reports: readonly Report[]) {
  for (const each of reports) await insertFix(db, personId, each)
  const newest = [...reports].sort((a, b) => b.at - a.at)[0]
  if (newest) await moveTo(db, personId, newest)
  await db.run(sql`
    insert into day_changes (org_id, person_id, date, changed_at)
    values (${ORG}, ${personId}, ${DATE}::date, to_timestamp(${clock.now()}::float8 / 1000))
    on conflict (org_id, person_id, date) do update
    set version = day_changes.version + 1, changed_at = excluded.changed_at`)
  const fixes = reports.map(({ at, lng, lat }) => ({
    ...{ id: uuid(), at, lng, lat },
    accuracy: undefined,
    date: DATE,
  }))
  facts.publish('fixesStored', { orgId: ORG, people: [{ personId, fixes }] })
}

const insertFix = (db: Db, personId: string, fix: Report) =>
  db.run(sql`
    insert into fixes (org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat, datum, accuracy)
    values (${ORG}, ${personId}, to_timestamp(${fix.at}::float8 / 1000), ${fix.id ?? uuid()}::uuid,
      to_timestamp(${fix.at}::float8 / 1000), now(), st_point(${fix.lng}::float8, ${fix.lat}::float8, 4326),
      ${fix.lng}::float8, ${fix.lat}::float8, 'wgs84', ${fix.accuracy ?? 10}::float8)
    on conflict do nothing`)

const moveTo = (db: Db, personId: string, fix: Report) =>
  db.run(sql`
    insert into last_positions as l (org_id, person_id, at, point, accuracy, still_since, customer_id)
    values (${ORG}, ${personId}, to_timestamp(${fix.at}::float8 / 1000),
      st_point(${fix.lng}::float8, ${fix.lat}::float8, 4326), ${fix.accuracy ?? 10}::float8,
      to_timestamp(${fix.stillSince ?? null}::float8 / 1000), ${fix.customerId ?? null}::uuid)
    on conflict (org_id, person_id) do update
    set at = excluded.at, point = excluded.point, accuracy = excluded.accuracy,
      still_since = excluded.still_since, customer_id = excluded.customer_id
    where excluded.at > l.at`)
