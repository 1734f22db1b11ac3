import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { v4 as uuid } from 'uuid'
import { Customers } from '../../backend/contract/customers.ts'
import { sql } from '../../backend/core/sql.ts'
import { createCustomers } from '../../backend/customers/index.ts'
import { createJobs } from '../../backend/jobs/index.ts'
import { createPrivacy } from '../../backend/privacy/index.ts'
import { openCompany, ORG, type Company } from './company.ts'

const root = path.resolve(import.meta.dirname, '../..')

test('no query of the program pages by counting rows', () => {
  const files = readdirSync(path.join(root, 'backend'), { recursive: true, encoding: 'utf8' })
  const paged = files
    .filter((file) => /\.(ts|sql)$/.test(file))
    .filter((file) => /\boffset\s+(\$\{|\$\d|[1-9])/i.test(readFileSync(path.join(root, 'backend', file), 'utf8'))) // prettier-ignore
  expect(paged).toEqual([])
})

let company: Company
beforeAll(async () => {
  company = await openCompany((kit) => [
    createCustomers(kit, createJobs(kit, ORG)),
    createPrivacy(kit, [{ name: 'access_log', at: 'date', erase: 'now' }]),
  ])
})
afterAll(() => company.close())

/** Many of one name, of one place, with none, and overdue as long as others: only their ids tell them apart. */
const seed = () =>
  company.db.run(sql`
    insert into customers (org_id, id, name, at, raw_lng, raw_lat, placed_by, name_key, search_key, tier,
      last_visited_at)
    select ${ORG}, gen_random_uuid(), 'c' || n % 7, case when n % 5 > 0 then p.at end,
      case when n % 5 > 0 then 121 + n % 3 end, case when n % 5 > 0 then 31 end, case when n % 5 > 0 then 'imported' end,
      '', '', 'A', to_timestamp(${company.clock.at}::float8 / 1000) - n % 4 * interval '10 days'
    from generate_series(1, 61) n, lateral (select st_point(121 + n % 3, 31, 4326)::geography) p (at)`)

async function walk(query: string): Promise<{ id: string; name: string }[]> {
  const all: { id: string; name: string }[] = []
  for (let after = ''; ;) {
    const { status, body } = await company.get(`/api/v1/customers?limit=9${query}${after}`, 'admin')
    expect(status).toBe(200)
    const page = Customers.parse(body)
    all.push(...page.customers)
    expect(page.next === null).toBe(!page.more)
    if (page.next === null) return all
    after = `&after=${encodeURIComponent(page.next)}`
  }
}

describe('pages of customers hold each one once and in the order of the whole list', () => {
  beforeAll(seed)
  test.for(['&sort=name', '&sort=overdue', '&sort=near&lng=121&lat=31'])('%s', async (query) => {
    const paged = await walk(query)
    const whole = await company.get(`/api/v1/customers?limit=2000${query}`, 'admin')
    expect(paged).toHaveLength(61)
    expect(paged).toEqual(Customers.parse(whole.body).customers)
  })

  test('also when somebody is added in front while one reads', async () => {
    const first = Customers.parse((await company.get('/api/v1/customers?limit=9', 'admin')).body)
    await company.db.run(sql`
      insert into customers (org_id, id, name, name_key, search_key) values (${ORG}, ${uuid()}::uuid, 'a', '', '')`)
    const path = `/api/v1/customers?limit=9&after=${first.next}`
    const second = Customers.parse((await company.get(path, 'admin')).body)
    const known = new Set(first.customers.map(({ id }) => id))
    expect(second.customers.filter(({ id }) => known.has(id))).toEqual([])
  })

  test('what is no `next`, or that of another sort, is refused', async () => {
    const { next } = Customers.parse((await company.get('/api/v1/customers?limit=9', 'admin')).body)
    for (const query of ['after=nonsense', 'after=', `sort=overdue&after=${next}`]) {
      const { status, body } = await company.get(`/api/v1/customers?${query}`, 'admin')
      expect([status, body]).toMatchObject([422, { error: { code: 'bad_input' } }])
    }
  })
})

test('a copy of all that is known of somebody holds each row once, those without a date too', async () => {
  await company.db.run(sql`
    insert into access_log (org_id, person_id, id, at, viewer_id, what, date)
    select ${ORG}, 'rep1', gen_random_uuid(), now(), 'boss', 'day',
      case when n % 2 = 0 then date '2026-11-01' + n % 3 end
    from generate_series(1, 9001) n`)
  const token = await company.tokenOf('rep1')
  const headers = { authorization: `Bearer ${token}` }
  const file = await (await fetch(`${company.url}/api/v1/me/data`, { headers })).text()
  const ids = [...file.matchAll(/"id":\s*"([0-9a-f-]{36})"/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(9001)
  expect(ids).toHaveLength(9001)
})
