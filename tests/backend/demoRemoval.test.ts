import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCheckins, verifyChain } from '../../backend/checkins/index.ts'
import { FirstSteps } from '../../backend/contract/setup.ts'
import { JobStarted } from '../../backend/contract/jobs.ts'
import type { Db } from '../../backend/core/db.ts'
import { sql } from '../../backend/core/sql.ts'
import { insertCustomers } from '../../backend/customers/index.ts'
import { createDemoRemoval } from '../../backend/demo/removal.ts'
import { seedCompany } from '../../backend/demo/seed.ts'
import { createJobs, type Run } from '../../backend/jobs/index.ts'
import {
  demoRemovedAt,
  insertDuty,
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { PERSONAL } from '../../backend/personal.ts'
import { createPrivacy, giveConsent } from '../../backend/privacy/index.ts'
import { demoCompany } from '../../fixtures/company.ts'
import { createSetup } from '../../backend/setup.ts'
import { addCustomer, DATE, DUTY, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const SHOP = { lng: 114.05, lat: 22.54 }
const [SOMEBODY = ''] = demoCompany().people.map(({ id }) => id)
const DEMO = demoCompany().people.map(({ id }) => id)
const [DEMO_SHOP, TAKEN_OVER] = demoCompany().customers
const REP5 = demoCompany().people.find(({ id }) => id === 'rep05')
let company: Company
let shop = ''
let ends = 0
let run: Run = async () => ({})

/** A company that went live with the demo in it, and beside it the demo's own of the days before. */
beforeAll(async () => {
  company = await openCompany((kit) => {
    const jobs = createJobs(kit, ORG)
    const define = (kind: string, does: Run) => jobs.define(kind, (run = does))
    const endDemo = async () => void ends++
    const removal = createDemoRemoval(kit, { ...jobs, define }, ORG, endDemo)
    return [createCheckins(kit), createPrivacy(kit, PERSONAL), jobs, removal, createSetup(kit)]
  })
  const { db } = company
  await seedCompany(db, 'demo', NOW)
  await copyDemo(db)
  for (const [orgId, personId] of [
    [ORG, 'rep27'],
    ['demo', 'rep28'],
  ] as const)
    // prettier-ignore
    await insertDuty(db, orgId, [{ personId, date: DATE, ...DUTY, zone: 'Asia/Shanghai' }])
  shop = await addCustomer(db, { ...SHOP, name: '青岚茶铺', radius: 80 })
  await giveConsent(db, ORG, 'rep1', NOW - 10_000 * MINUTE)
  await db.run(
    sql`update customers set owner_id = 'rep27' where org_id = ${ORG} and id = ${shop}::uuid`,
  )
  await db.run(
    sql`update customers set name = '我们的店' where org_id = ${ORG} and id = ${TAKEN_OVER?.id}::uuid`,
  )
})
afterAll(() => company.close())

/** The demo was there before the directory was read: its people stand among the real ones. */
async function copyDemo(db: Db): Promise<void> {
  const { departments, people, customers } = demoCompany()
  await upsertDepartments(db, ORG, departments)
  await upsertPeople(db, ORG, people.map((each) => ({ ...each, leads: [] }))) // prettier-ignore
  await insertCustomers(db, ORG, customers)
  await giveConsent(db, ORG, 'rep27', NOW - 10_000 * MINUTE)
}

async function checkIn(
  who: string,
  orgId = ORG,
  customerId = orgId === ORG ? shop : DEMO_SHOP?.id,
) {
  company.clock.at += 2 * MINUTE
  const at = company.clock.at
  const token = await openSession(company.db, { orgId, personId: who, kind: 'token' }, at)
  const body = JSON.stringify({ id: uuid(), at, kind: 'in', customerId, note: '到店', position: { ...SHOP, accuracy: 12, at } }) // prettier-ignore
  const headers = { authorization: `Bearer ${token}` }
  const reply = await fetch(`${company.url}/api/v1/checkins`, { method: 'POST', headers, body })
  expect(await reply.json()).toHaveProperty('evidence')
}

const setup = async () => FirstSteps.parse((await company.get('/api/v1/setup', 'admin')).body)
const left = async () => (await setup()).demo
/** As a worker does it; `most` steps, then the process is killed. */
async function removed(most = Infinity): Promise<void> {
  let steps = 0
  const step = async () => {
    if (++steps > most) throw new Error('killed')
  }
  await run({ ...{ orgId: ORG, personId: 'admin', id: uuid(), input: {}, checkpoint: null }, step })
}
async function rowsOf(table: string, orgId: string, key = 'person_id'): Promise<number> {
  const { rows } = await company.db.raw(
    `select 1 from ${table} where org_id = $1 and ${key} = any ($2)`,
    [orgId, DEMO],
  )
  return rows.length
}
/** A file that somebody's job has made. */
async function fileOf(orgId: string, personId: string, text: string): Promise<string> {
  const { sha256 } = await company.kit.files.put(Buffer.from(text))
  await company.db.run(sql`
    insert into jobs (org_id, person_id, id, kind, input, state, file_sha256, created_at)
    values (${orgId}, ${personId}, ${uuid()}::uuid, 'export', '{}', 'done', ${sha256}, now())`)
  return sha256
}
const chain = (orgId: string) => verifyChain(company.db, orgId, { from: '0001-01-01', to: '9999-12-31' }) // prettier-ignore

it('the signed out may not remove the demo, nor see what is left of it', async () => {
  expect((await company.get('/api/v1/setup', null)).status).toBe(401)
  expect((await company.post('/api/v1/demo/removal', null, { word: 'demo' })).status).toBe(401)
})

it('nobody but an admin of this company may', async () => {
  for (const who of ['rep1', 'leadN', 'hr'])
    expect((await company.post('/api/v1/demo/removal', who, { word: 'demo' })).status).toBe(403)
  const now = company.clock.now()
  const token = await openSession(company.db, { orgId: 'demo', personId: 'admin01', kind: 'token' }, now) // prettier-ignore
  const asked = {
    headers: { authorization: `Bearer ${token}` },
    method: 'POST',
    body: '{"word":"demo"}',
  }
  expect((await fetch(`${company.url}/api/v1/demo/removal`, asked)).status).toBe(403)
})

it('without the word nothing happens', async () => {
  for (const input of [{}, { word: 'Demo?' }, { word: 'demo', all: true }])
    expect((await company.post('/api/v1/demo/removal', 'admin', input)).status).toBe(422)
  expect(await demoRemovedAt(company.db, ORG)).toBeNull()
})

it('all of the demo goes, also when it is killed on the way; what is real stays, and the chain holds', async () => {
  const { db } = company
  await checkIn('rep27')
  await checkIn('rep1', ORG, DEMO_SHOP?.id)
  await checkIn('rep27')
  await checkIn('rep28', 'demo')
  await company.report('rep28', [{ ...SHOP, at: company.clock.at }])
  await db.run(sql`
    insert into handovers (org_id, person_id, id, to_id, date, stop, made_at)
    values (${ORG}, 'rep2', ${uuid()}::uuid, ${SOMEBODY}, '2026-11-23', '{}', now())`)
  const theirs = await fileOf(ORG, 'rep27', 'the demo’s')
  const shared = await fileOf(ORG, 'rep27', 'the demo’s and a real company’s')
  await upsertOrg(db, { id: 'o2', name: '青岚', zone: 'Asia/Shanghai' })
  await fileOf('o2', 'somebody', 'the demo’s and a real company’s')
  expect(await left()).toEqual({ people: 2 * DEMO.length, customers: 238, askedAt: null })
  const before = await chain(ORG)

  await expect(removed(3)).rejects.toThrow('killed')
  expect(await demoRemovedAt(db, ORG)).toBe(company.clock.at)
  await removed()
  await removed()
  expect(ends).toBe(3)
  expect(await left()).toEqual({ people: 0, customers: 0, askedAt: company.clock.at })

  for (const { name, key } of PERSONAL)
    for (const orgId of [ORG, 'demo']) {
      const links = orgId === ORG && ['checkins', 'people', 'erasures'].includes(name)
      expect(await rowsOf(name, orgId, key), `${name} of ${orgId}`).toBe(
        !links ? 0 : name === 'checkins' ? 2 : 1,
      )
    }
  expect([await company.kit.files.has(theirs), await company.kit.files.has(shared)]).toEqual([false, true]) // prettier-ignore
  // a real check-in hangs on two of the demo's: their links stay, and say nothing
  const after = await chain(ORG)
  expect(after).toMatchObject({ broken: null, links: 3, erased: 2 })
  expect(after.head).toEqual(before.head)
  const nameless = await db.first<{ name: string }>(sql`
    select p.name from people p where p.org_id = ${ORG} and p.id = 'rep27'`)
  expect(nameless).toEqual({ name: '***' })
  // nobody else checked in there: the chain is as of a new company
  expect(await chain('demo')).toMatchObject({ broken: null, days: 0, links: 0 })
  await checkIn('rep1')
  expect(await chain(ORG)).toMatchObject({ broken: null, links: 4 })

  const stayed = await db.many<{ id: string }>(sql`
    select p.id from people p where p.org_id = ${ORG} and p.active order by p.id`)
  expect(stayed.map(({ id }) => id)).toEqual(['admin', 'boss', 'hr', 'leadN', 'leadS', 'rep1', 'rep2', 'rep3']) // prettier-ignore
  const customers = await db.many<{ name: string; ownerId: string | null }>(sql`
    select c.name, c.owner_id as "ownerId" from customers c where c.org_id = ${ORG}`)
  const kept = [DEMO_SHOP?.name, '我们的店', '青岚茶铺'] // where somebody real was, and what was made into a real one
  expect(new Set(customers.map(({ name }) => name))).toEqual(new Set(kept))
  expect(new Set(customers.map(({ ownerId }) => ownerId))).toEqual(new Set([null]))
  const departments = await db.many<{ id: string }>(sql`
    select d.id from departments d where d.org_id in (${ORG}, 'demo') order by d.id`)
  expect(departments.map(({ id }) => id)).toEqual(['1', '2', '4', 'north', 'root', 'south']) // customers are in 2, the nameless link is in 4
})

it('somebody real with the userid and the name of one of the demo stays, once the demo is gone', async () => {
  const { db } = company
  const hired = REP5 ? [{ ...REP5, departmentId: 'north', leads: [] }] : []
  await upsertPeople(db, ORG, hired)
  expect(await left()).toMatchObject({ people: 0, customers: 0 })
  await removed()
  const row = await db.first(sql`
    select p.name, p.active from people p where p.org_id = ${ORG} and p.id = 'rep05'`)
  expect(row).toEqual({ name: REP5?.name, active: true })
  await db.run(sql`delete from people where org_id = ${ORG} and id = 'rep05'`)
})

it('it runs as a job of the admin, and stays removed', async () => {
  const { status, body } = await company.post('/api/v1/demo/removal', 'admin', { word: 'demo' })
  expect(status).toBe(200)
  const { jobId } = JobStarted.parse(body)
  for (const { name, run: work } of company.features.flatMap(({ chores }) => chores ?? []))
    if (name === 'jobs.work') await work()
  const job = await company.get(`/api/v1/jobs/${jobId}`, 'admin')
  expect(job.body).toMatchObject({ state: 'done', result: { people: 0 } })
})

it('the way to the first check-in is told from the data, to admins, and a step can be left out', async () => {
  const skip = { step: 'wecom', skipped: true }
  expect((await company.get('/api/v1/setup', null)).status).toBe(401)
  expect((await company.get('/api/v1/setup', 'hr')).status).toBe(403)
  const skips = (body: object, who: string | null = 'admin') =>
    company.post('/api/v1/setup/skips', who, body)
  expect((await skips(skip, null)).status).toBe(401)
  expect((await skips(skip, 'hr')).status).toBe(403)
  expect((await skips({ step: 'tea', skipped: true })).status).toBe(422)
  expect((await skips(skip)).status).toBe(200)
  expect((await skips(skip)).status).toBe(200)
  const { steps } = await setup()
  expect(steps.map(({ id, done, count, skipped }) => [id, done, count, skipped])).toEqual([
    ['company', false, null, false], // no WeCom is configured
    ['wecom', false, null, true],
    ['people', true, 3, false],
    ['customers', true, 2, false],
    ['workplace', false, 0, false],
    ['shift', false, 0, false],
    ['checkin', true, null, false], // of rep1; what the demo's people did does not count
  ])
  await skips({ step: 'wecom', skipped: false })
  expect((await setup()).steps.some(({ skipped }) => skipped)).toBe(false)
})
