import { v7 as uuid } from 'uuid'
import { raw } from 'sql-template-tag'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCheckins } from '../../backend/checkins/index.ts'
import { Day } from '../../backend/contract/days.ts'
import { PhotoReply } from '../../backend/contract/photos.ts'
import { sql } from '../../backend/core/sql.ts'
import {
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { PERSONAL } from '../../backend/personal.ts'
import { createPrivacy, giveConsent, KEPT, recordLook } from '../../backend/privacy/index.ts'
import { photoOf } from '../support/photo.ts'
import { DATE, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'
import { SHOP, story, tracksOf } from './storyDay.ts'

const DAY_MS = 1440 * MINUTE
let company: Company
beforeAll(async () => {
  company = await openCompany((kit) => [
    tracksOf(kit),
    createCheckins(kit),
    createPrivacy(kit, PERSONAL),
  ])
  await giveConsent(company.db, ORG, 'rep1', NOW - DAY_MS)
})
afterAll(() => company.close())

/** The daily round, so many days after that Monday. */
async function tendAfter(days: number): Promise<void> {
  company.clock.at = NOW + days * DAY_MS
  for (const { name, run } of company.features.flatMap(({ chores }) => chores ?? []))
    if (name.startsWith('privacy')) await run()
}

const count = async (table: string, where = sql`true`) =>
  (
    await company.db.first<{ n: number }>(
      sql`select count(*)::int as n from ${raw(table)} t where ${where}`,
    )
  )?.n

/** Signed in anew: sessions end within the months that pass here. */
async function asRep1(address: string, type?: string, body?: BodyInit): Promise<unknown> {
  const who = { orgId: ORG, personId: 'rep1', kind: 'token' } as const
  const authorization = `Bearer ${await openSession(company.db, who, company.clock.at)}`
  const init = type ? { method: 'POST', body: body ?? '', headers: { authorization, 'content-type': type } } : { headers: { authorization } } // prettier-ignore
  const answer = await fetch(company.url + address, init)
  const text = await answer.text()
  expect(answer.status, text).toBe(200)
  return JSON.parse(text)
}

const day = async () => Day.parse(await asRep1(`/api/v1/people/rep1/days/${DATE}`))

it('a day past its time keeps its totals and loses places, lines and words; it is locked then', async () => {
  await company.report('rep1', story())
  const stay = (await day()).segments.find(({ kind }) => kind === 'stay')
  const at = (stay?.from ?? 0) + MINUTE
  const said = { id: uuid(), kind: 'dispute', at, note: '不是这样' }
  await asRep1(`/api/v1/people/rep1/days/${DATE}/edits`, 'application/json', JSON.stringify(said))
  expect(JSON.stringify(await day())).toContain('不是这样')
  await tendAfter(179)
  const whole = await day() // its duty is over by now
  for (const kept of ['"line":', '不是这样']) expect(JSON.stringify(await day())).toContain(kept)
  await tendAfter(182)
  const left = await day()
  expect(left.totals).toEqual(whole.totals)
  expect(left.segments.map(({ kind, from, to }) => [kind, from, to])).toEqual(
    whole.segments.map(({ kind, from, to }) => [kind, from, to]),
  )
  expect(left.locked).toBe(true)
  const stored = await company.db.first<{ row: string }>(sql`
    select t::text as row from track_days t where t.org_id = ${ORG} and t.person_id = 'rep1'`)
  for (const gone of ['line', 'place', '不是这样', String(SHOP.lng)])
    expect(stored?.row, gone).not.toContain(gone)
  expect(await count('day_edits')).toBe(0)
})

it('photos, looks, alerts, positions and sessions go when the time of their class is over, not before', async () => {
  company.clock.at = NOW
  await company.db.run(sql`delete from sessions where org_id = ${ORG}`)
  const photo = new Uint8Array(await photoOf('old'))
  PhotoReply.parse(await asRep1('/api/v1/photos', 'image/jpeg', photo))
  await company.report('rep1', [{ ...SHOP, at: NOW }])
  const look = { orgId: ORG, personId: 'rep1', viewerId: 'leadN', what: 'day', date: DATE } as const
  await recordLook(company.db, { ...look, at: NOW })
  await company.db.run(sql`
    insert into alerts (org_id, person_id, id, kind, date, since, raised_at, urgent, detail, told)
    values (${ORG}, 'rep1', ${uuid()}::uuid, 'late', ${DATE}::date, to_timestamp(${NOW}::float8 / 1000),
      to_timestamp(${NOW}::float8 / 1000), false, '{}', '{}')`)
  expect(await files()).toBeGreaterThan(0)
  const mine = sql`t.org_id = ${ORG} and t.person_id = 'rep1'`
  const left = async () => ({
    positions: await count('last_positions', mine),
    alerts: await count('alerts', mine),
    looks: await count('access_log', sql`${mine} and t.viewer_id = 'leadN'`),
    photos: await count('photos', mine),
    sessions: await count('sessions', mine),
    files: (await files()) > 0,
  })
  const all = { positions: 1, alerts: 1, looks: 1, photos: 1, sessions: 1, files: true }
  const life = Math.ceil(((await expiry()) - NOW) / DAY_MS)
  await tendAfter(29)
  expect(await left()).toEqual(all)
  await tendAfter(31)
  expect(await left()).toEqual({ ...all, positions: 0 })
  await tendAfter(life + KEPT.sessions.days + 1)
  expect(await left()).toEqual({ ...all, positions: 0, sessions: 0 })
  await tendAfter(181)
  expect(await left()).toEqual({ ...all, positions: 0, sessions: 0, alerts: 0 })
  await tendAfter(729)
  expect(await left()).toMatchObject({ looks: 1, photos: 1, files: true })
  await tendAfter(731)
  expect(await left()).toMatchObject({ looks: 0, photos: 0, files: false })
  const metrics = await company.kit.metrics.registry.metrics()
  expect(metrics).toContain('zuji_retention_rows_total{table="photos"} 1')
})

/** How many files are in the store. */
async function files(): Promise<number> {
  const names: string[] = []
  for await (const name of company.kit.files.list()) names.push(name)
  return names.length
}

it('a photo’s file stays while another company in the same database has the same photo', async () => {
  company.clock.at = NOW
  const photo = new Uint8Array(await photoOf('shared'))
  PhotoReply.parse(await asRep1('/api/v1/photos', 'image/jpeg', photo))
  const stored = await files()
  await addOther()
  await company.db.run(sql`
    insert into photos (org_id, person_id, id, received_at, source, type, sha256, bytes, kept, thumb)
    select 'other', 'rep1', t.id, t.received_at + interval '100 days', t.source, t.type, t.sha256, t.bytes, t.kept, t.thumb
    from photos t where t.org_id = ${ORG}`)
  const rows = async () => [
    await count('photos', sql`t.org_id = ${ORG}`),
    await count('photos', sql`t.org_id = 'other'`),
  ]
  await tendAfter(731)
  expect([await rows(), await files()]).toEqual([[0, 1], stored])
  await tendAfter(831)
  expect([await rows(), await files()]).toEqual([[0, 0], 0])
})

async function addOther(): Promise<void> {
  await upsertOrg(company.db, { id: 'other', name: '别家', zone: 'Asia/Shanghai' })
  const root = { id: 'root', parentId: null, name: '总部' }
  await upsertDepartments(company.db, 'other', [root])
  const person = { id: 'rep1', name: '某', departmentId: 'root', position: null, role: 'rep' as const, leads: [] } // prettier-ignore
  await upsertPeople(company.db, 'other', [person])
}

const expiry = async () =>
  (await company.db.first<{ at: number }>(
    sql`select max(s.expires_at) as at from sessions s where s.org_id = ${ORG} and s.person_id = 'rep1'`,
  ))?.at ?? 0 // prettier-ignore

it('a company’s own number counts for its rows alone, and a big heap goes piece by piece', async () => {
  await addOther()
  await company.db.run(
    sql`update orgs set settings = '{"lookRetentionDays": 10}' where id = ${ORG}`,
  )
  for (const orgId of [ORG, 'other'])
    await company.db.run(sql`
      insert into access_log (org_id, person_id, id, at, viewer_id, what)
      select ${orgId}, 'rep1', gen_random_uuid(), to_timestamp(${NOW}::float8 / 1000) + n * interval '1 second', 'x', 'day'
      from generate_series(1, 12000) n`)
  await tendAfter(11)
  const of = (orgId: string) => count('access_log', sql`t.org_id = ${orgId} and t.viewer_id = 'x'`)
  expect([await of(ORG), await of('other')]).toEqual([0, 12_000])
})
