import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createCheckins, verifyChain } from '../../backend/checkins/index.ts'
import { CheckinReply } from '../../backend/contract/checkins.ts'
import { Erasure, ErasureOutlook } from '../../backend/contract/privacy.ts'
import { sql } from '../../backend/core/sql.ts'
import { PERSONAL } from '../../backend/personal.ts'
import { createPrivacy, giveConsent } from '../../backend/privacy/index.ts'
import { outlookOf } from '../../backend/privacy/outlook.ts'
import { addCustomer, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const SHOP = { lng: 114.05, lat: 22.54 }
const DAY_MS = 1440 * MINUTE
const YEARS_2 = 731 * DAY_MS
let company: Company
let shop = ''

beforeAll(async () => {
  company = await openCompany((kit) => [createCheckins(kit), createPrivacy(kit, PERSONAL)])
  shop = await addCustomer(company.db, { ...SHOP, name: '青岚茶铺', radius: 80 })
  for (const person of ['rep1', 'rep2'])
    await giveConsent(company.db, ORG, person, NOW - 10_000 * MINUTE)
})
afterAll(() => company.close())

async function checkIn(who: string, note: string) {
  company.clock.at += 2 * MINUTE
  const at = company.clock.at
  const position = { ...SHOP, accuracy: 12, at }
  const input = { id: uuid(), at, kind: 'in', customerId: shop, note, position }
  return CheckinReply.parse((await company.post('/api/v1/checkins', who, input)).body)
}
const leave = (who: string) =>
  company.db.run(sql`update people set active = false where org_id = ${ORG} and id = ${who}`)
/** The daily round. */
async function tend() {
  for (const { name, run } of company.features.flatMap(({ chores }) => chores ?? []))
    if (name.startsWith('privacy')) await run()
}
const outlook = async (who: string) =>
  ErasureOutlook.parse((await company.get(`/api/v1/people/${who}/erasure`, 'admin')).body)
const erase = (who: string, by: string | null = 'admin') =>
  company.post(`/api/v1/people/${who}/erasure`, by, {})
async function count(table: string, who: string): Promise<number> {
  const { rows } = await company.db.raw(
    `select count(*)::int as n from ${table} where org_id = $1 and person_id = $2`,
    [ORG, who],
  )
  return z.array(z.object({ n: z.int() })).parse(rows)[0]?.n ?? -1
}

describe('the data map', () => {
  it('names every table with something of a person, so that a new one must say what becomes of it', async () => {
    const holders = await company.db.many<{ name: string }>(sql`
      select c.relname as name
      from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'person_id' and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`)
    expect(holders.length).toBeGreaterThan(40)
    const known = PERSONAL.map(({ name }) => name)
    expect(holders.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([])
    expect(known.filter((name, index) => known.indexOf(name) !== index)).toEqual([])
  })

  it('names columns that are there, and shows no secret', async () => {
    for (const { name, at, key = 'person_id', hide = [], files = [] } of PERSONAL) {
      const rows = await company.db.many<{ column: string }>(sql`
        select a.attname as column from pg_attribute a
        where a.attrelid = ${name}::regclass and a.attnum > 0 and not a.attisdropped`)
      const columns = rows.map(({ column }) => column)
      expect(columns, name).toEqual(expect.arrayContaining([at, key, ...hide, ...files]))
      const secret = columns.filter((column) => /token|secret|response_code/.test(column))
      expect(hide, name).toEqual(expect.arrayContaining(secret))
    }
  })
})

describe('GET /api/v1/me/data', () => {
  it('gives me all that is known of me, and nothing of others; the signed out get nothing', async () => {
    await checkIn('rep1', '<b>=1+1</b>')
    await checkIn('rep2', '别人的')
    await company.report('rep1', [{ ...SHOP, at: NOW }])
    expect((await company.get('/api/v1/me/data', null)).status).toBe(401)
    const { status, body } = await company.get('/api/v1/me/data', 'rep1')
    expect(status).toBe(200)
    const Copy = z.object({ tables: z.record(z.string(), z.array(z.looseObject({}))) })
    const { tables } = Copy.parse(body)
    expect(Object.keys(tables)).toEqual(PERSONAL.map(({ name }) => name))
    expect(tables['checkins']).toMatchObject([{ note: '<b>=1+1</b>', person_id: 'rep1' }])
    expect(tables['fixes']).toMatchObject([{ point: { coordinates: [SHOP.lng, SHOP.lat] } }])
    expect(tables['people']).toMatchObject([{ id: 'rep1', name: '名 rep1' }])
    const text = JSON.stringify(body)
    for (const hidden of ['别人的', 'token_hash', 'rep2']) expect(text).not.toContain(hidden)
  })
})

describe('GET /api/v1/people/:id/erasure', () => {
  it('is for admins, and says of somebody who works here that nothing can be erased', async () => {
    const look = (id: string, who: string | null) => company.get(`/api/v1/people/${id}/erasure`, who) // prettier-ignore
    expect((await look('rep1', null)).status).toBe(401)
    for (const who of ['rep1', 'leadN', 'hr']) expect((await look('rep1', who)).status).toBe(403)
    expect((await look('nobody', 'admin')).status).toBe(404)
    expect((await look('x'.repeat(200), 'admin')).status).toBe(422)
    const told = { personId: 'rep1', name: '名 rep1', active: true, asked: null, proofDays: 730 }
    expect(await outlook('rep1')).toMatchObject(told)
  })
})

describe('POST /api/v1/people/:id/erasure', () => {
  it('is for admins, and only for those who have left', async () => {
    expect((await erase('rep1', null)).status).toBe(401)
    for (const who of ['rep1', 'leadN', 'hr']) expect((await erase('rep1', who)).status).toBe(403)
    expect((await erase('nobody')).status).toBe(404)
    expect((await erase('x'.repeat(200))).status).toBe(422)
    const { status, body } = await erase('rep1')
    expect([status, JSON.stringify(body)]).toEqual([409, expect.stringContaining('id: they still')])
  })

  it('takes positions at once, keeps what proves wages for two years, then takes that; the chain holds', async () => {
    const { id } = await checkIn('rep1', '秘密')
    await company.db.run(sql`
      insert into review_calls (org_id, person_id, checkin_id, receiver_id, told_at)
      values (${ORG}, 'rep1', ${id}::uuid, 'leadN', to_timestamp(${NOW}::float8 / 1000))`)
    await company.db.run(sql`
      insert into checkin_answers (org_id, person_id, checkin_id, id, at, took_place, rating)
      values (${ORG}, 'rep1', ${id}::uuid, ${uuid()}::uuid, to_timestamp(${NOW}::float8 / 1000), true, 5)`)
    await leave('rep1')
    const foretold = await outlook('rep1')
    expect(foretold).toMatchObject({ active: false, asked: null })
    const first = Erasure.parse((await erase('rep1')).body)
    expect(first.erased).toEqual(
      expect.arrayContaining([
        { table: 'fixes', rows: 1 },
        { table: 'review_calls', rows: 1 },
      ]),
    )
    expect({ erased: foretold.erased, kept: foretold.kept }).toEqual(first)
    const asked = { at: company.clock.at, by: '名 admin', finishedAt: null }
    expect(await outlook('rep1')).toMatchObject({ asked, erased: [], kept: first.kept })
    const keptTables = first.kept.map(({ table }) => table)
    expect(keptTables).toEqual(expect.arrayContaining(['checkins', 'checkin_answers', 'consents']))
    for (const { until } of first.kept) expect(until).toBeGreaterThan(company.clock.at)
    for (const table of ['fixes', 'last_positions', 'review_calls', 'sessions'])
      expect(await count(table, 'rep1'), table).toBe(0)
    expect(await verifyChain(company.db, ORG)).toMatchObject({ broken: null, erased: 0 })

    const again = Erasure.parse((await erase('rep1')).body)
    expect(again).toEqual({ erased: [], kept: first.kept })

    company.clock.at += YEARS_2
    await tend()
    for (const table of ['checkin_answers', 'checkin_scores', 'consents', 'photos'])
      expect(await count(table, 'rep1'), table).toBe(0)
    const rows = await company.db.many<object>(sql`
      select to_jsonb(c) as row from checkins c where c.org_id = ${ORG} and c.person_id = 'rep1'`)
    expect(rows).toHaveLength(2)
    for (const said of ['秘密', '=1+1', '114.05']) expect(JSON.stringify(rows)).not.toContain(said)
    const person = await company.db.first<object>(sql`
      select p.name from people p where p.org_id = ${ORG} and p.id = 'rep1'`)
    expect(person).toEqual({ name: '***' })
    const done = { name: '***', erased: [], kept: [], asked: { finishedAt: company.clock.at } }
    const rest = await outlookOf(company.kit, PERSONAL, { orgId: ORG, personId: 'rep1' }) // the admin's session is over
    expect(rest).toMatchObject(done)
    expect(await verifyChain(company.db, ORG)).toMatchObject({ broken: null, erased: 2, links: 3 })
    expect(await count('checkins', 'rep2')).toBe(1)
  })

  it('does not cover up a change: without a recorded erasure, an emptied check-in breaks the chain', async () => {
    await company.db.run(sql`
      update checkins set note = null, erased_at = now() where org_id = ${ORG} and person_id = 'rep2'`)
    expect((await verifyChain(company.db, ORG)).broken).toMatchObject({ what: 'changed' })
  })
})

describe('retention', () => {
  it('takes what nobody is to keep, whoever it is of: who was told of a review, after half a year', async () => {
    const insert = (receiver: string, at: number) =>
      company.db.run(sql`
        insert into review_calls (org_id, person_id, checkin_id, receiver_id, told_at)
        values (${ORG}, 'rep2', ${uuid()}::uuid, ${receiver}, to_timestamp(${at}::float8 / 1000))`)
    await insert('old', company.clock.at - 181 * DAY_MS)
    await insert('new', company.clock.at - 179 * DAY_MS)
    await tend()
    const left = await company.db.many<object>(sql`
      select r.receiver_id as receiver from review_calls r where r.org_id = ${ORG} and r.person_id = 'rep2'`)
    expect(left).toEqual([{ receiver: 'new' }])
  })
})
