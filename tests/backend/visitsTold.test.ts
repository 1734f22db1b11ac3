import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Coverage, Share, Timeline, VisitPage, Visits } from '../../backend/contract/visits.ts'
import { SalesRecord, SalesRecords } from '../../backend/contract/sales.ts'
import { sql } from '../../backend/core/sql.ts'
import { noteSeen, seenUntil } from '../../backend/visits/queries.ts'
import { DATE, MINUTE, NOW, ORG } from './company.ts'
import { at, openVisits, type VisitsCompany } from './visitsCompany.ts'

let company: VisitsCompany
let seen = '' // a stay without a check-in
let done = ''
let claimed = '' // a check-in without a stay, of rep3
beforeAll(async () => {
  company = await openVisits()
  const { shop, mall, far } = company.customers
  company.claim('rep1', shop, at(9))
  await company.stay('rep1', [
    { customerId: shop, from: at(9), to: at(9, 30) },
    { customerId: mall, from: at(10), to: at(10, 30) },
  ])
  company.claim('rep3', far, at(11))
  const visits = Visits.parse((await company.get(`/api/v1/visits?from=${DATE}&to=${DATE}`, 'boss')).body).visits // prettier-ignore
  const idAt = (customerId: string) => visits.find((visit) => visit.customerId === customerId)?.id ?? '' // prettier-ignore
  seen = idAt(mall)
  done = idAt(shop)
  claimed = idAt(far)
})
afterAll(() => company.close())

const page = async (id: string, who: string) =>
  VisitPage.parse((await company.get(`/api/v1/visits/${id}`, who)).body)
const tell = (id: string, entry: object, who: string | null = 'rep1') =>
  company.post(`/api/v1/visits/${id}/entries`, who, { id: uuid(), ...entry })

describe('what is said of a visit', () => {
  it('is its person’s to say, and those who lead him read it', async () => {
    expect((await tell(seen, { kind: 'confirm' }, null)).status).toBe(401)
    expect((await tell(seen, { kind: 'confirm' }, 'hr')).status).toBe(403)
    expect((await tell(seen, { kind: 'confirm' }, 'leadN')).status).toBe(403)
    expect((await tell(seen, { kind: 'confirm' }, 'rep2')).status).toBe(404)
    expect((await tell(seen, { kind: 'note', text: ' ' })).status).toBe(422)
    expect((await company.get(`/api/v1/visits/${seen}`, 'leadS')).status).toBe(404)
    expect((await page(seen, 'leadN')).mine).toBe(false)
  })

  it('makes a visit of a stay by one tap, once, and of nothing that was not seen', async () => {
    expect((await page(seen, 'rep1')).visit.status).toBe('unlogged')
    const word = { id: uuid(), kind: 'confirm' }
    for (const _ of [1, 2]) await company.post(`/api/v1/visits/${seen}/entries`, 'rep1', word)
    const { visit, entries } = await page(seen, 'rep1')
    expect([visit.id, visit.status, visit.confirmed, entries.length]).toEqual([seen, 'unplanned', true, 1]) // prettier-ignore
    const refused = await tell(claimed, { kind: 'confirm' }, 'rep3')
    expect(refused.status).toBe(422)
  })

  it('keeps notes and next steps, and reminds of a step once', async () => {
    await tell(done, { kind: 'note', text: '陈列<b>缺货</b>' })
    const step = { id: uuid(), text: '送样品', dueAt: NOW + 60 * MINUTE }
    const { body } = await company.post(`/api/v1/visits/${done}/steps`, 'rep1', step)
    expect(VisitPage.parse(body).steps).toEqual([{ ...step, doneAt: null }])
    const chores = company.features.flatMap((feature) => feature.chores ?? [])
    const remind = () => chores.find((chore) => chore.name === 'remind of next steps')?.run()
    const told = () =>
      company.db.many(sql`
        select 1 from wecom_messages m
        where m.org_id = ${ORG} and m.person_id = 'rep1' and m.key = ${`next-step:${step.id}`}`)
    await remind()
    expect(await told()).toHaveLength(0)
    company.clock.at = NOW + 61 * MINUTE
    await remind()
    await remind()
    expect(await told()).toHaveLength(1)
    company.clock.at = NOW
    const path = `/api/v1/visits/${done}/steps/${step.id}/done`
    expect((await company.post(path, 'rep2', {})).status).toBe(404)
    expect(VisitPage.parse((await company.post(path, 'rep1', {})).body).steps[0]?.doneAt).toBe(NOW)
  })

  it('is in the customer’s timeline for those who may see it', async () => {
    const items = async (who: string, id = company.customers.shop) =>
      Timeline.parse((await company.get(`/api/v1/customers/${id}/visits`, who)).body).items
    expect((await items('rep1'))[0]).toMatchObject({ notes: [{ text: '陈列<b>缺货</b>' }] })
    expect(await items('leadN')).toHaveLength(1)
    expect(await items('rep2')).toEqual([])
    expect(await items('leadS')).toEqual([])
  })
})

describe('a customer’s link', () => {
  const answer = (url: string, form: Record<string, string>, headers = {}) =>
    fetch(url, { method: 'POST', body: new URLSearchParams(form), headers })
  const open = async () => {
    const { body } = await company.post(`/api/v1/visits/${done}/shares`, 'rep1', {})
    const share = Share.parse(body)
    return { ...share, here: company.url + new URL(share.url).pathname }
  }

  it('shows company, person, place and time, nothing else, and takes one answer', async () => {
    const { here, qr } = await open()
    expect(qr).toContain('<svg')
    const text = await (await fetch(here)).text()
    for (const shown of ['测试公司', '名 rep1', '近店']) expect(text).toContain(shown)
    expect(text).not.toContain('陈列')
    expect(text).not.toContain('rep1@')
    const asStaff = { authorization: `Bearer ${await company.tokenOf('rep1')}` }
    await answer(here, { tookPlace: 'yes', rating: '5' }, asStaff)
    expect((await page(done, 'rep1')).visit.customerConfirmed).toBeNull()
    expect((await answer(here, { tookPlace: 'yes', rating: '9' })).status).toBe(422)
    const thanks = await answer(here, { tookPlace: 'yes', rating: '4', comment: '<script>x</script>' }) // prettier-ignore
    expect(await thanks.text()).not.toContain('<script>')
    await answer(here, { tookPlace: 'no' })
    const { visit } = await page(done, 'leadN')
    expect([visit.customerConfirmed, visit.rating]).toEqual([true, 4])
  })

  it('is not found when it is wrong, too old, or asked for too often', async () => {
    const { here, expiresAt } = await open()
    expect((await fetch(here.slice(0, -1))).status).toBe(404)
    expect((await fetch(here.slice(0, -4) + 'AAAA')).status).toBe(404)
    company.clock.at = expiresAt + 1
    expect((await fetch(here)).status).toBe(404)
    expect((await answer(here, { tookPlace: 'yes' })).status).toBe(404)
    company.clock.at = NOW
    const many = await Promise.all(Array.from({ length: 30 }, () => fetch(here)))
    expect(many.map((reply) => reply.status)).toContain(429)
    const kept = await company.db.many<{ hash: string }>(sql`
      select h.token_hash as hash from visit_shares h where h.org_id = ${ORG}`)
    expect(kept.map(({ hash }) => hash)).not.toContain(here.split('/').at(-1))
  })
})

describe('coverage', () => {
  it('lists who was not visited for so long, never visited first, for those who look after them', async () => {
    const { far } = company.customers
    await company.db.run(sql`
      update customers set owner_id = 'rep1', tier = 'A', name = '=cmd()' where org_id = ${ORG} and id = ${far}::uuid`)
    const rows = async (who: string, query = '') =>
      Coverage.parse((await company.get(`/api/v1/coverage${query}`, who)).body)
    const mine = await rows('rep1')
    expect(mine.rows.map((row) => [row.customer, row.lastVisit])).toEqual([['=cmd()', null]])
    expect((await rows('boss', '?days=0')).rows.map((row) => row.days)).toEqual([null, 0, 0])
    expect((await rows('boss', '?days=1')).total).toBe(1)
    expect((await rows('leadS')).rows).toEqual([])
    expect((await company.get('/api/v1/coverage', 'hr')).status).toBe(403)
    expect((await company.get('/api/v1/coverage', null)).status).toBe(401)
    expect((await company.get('/api/v1/coverage?tier=Z', 'boss')).status).toBe(422)
    const file = await fetch(`${company.url}/api/v1/coverage.csv`, {
      headers: { authorization: `Bearer ${await company.tokenOf('boss')}` },
    })
    expect(await file.text()).toContain("'=cmd()")
  })
})

describe('sales and service', () => {
  const record = (content: object, more: object = {}) => ({
    ...{ id: uuid(), recordId: uuid(), visitId: done },
    content,
    ...more,
  })
  const chance = { kind: 'opportunity', title: '=HYPERLINK()', stage: 'lead', cents: 500_000 }
  const save = async (input: object, who: string | null = 'rep1') =>
    company.post('/api/v1/sales', who, input)

  it('are tied to a proven visit of one’s own', async () => {
    expect((await save(record(chance), null)).status).toBe(401)
    expect((await save(record(chance), 'hr')).status).toBe(403)
    expect((await save(record(chance), 'rep2')).status).toBe(404)
    expect((await save(record(chance, { visitId: uuid() }))).status).toBe(404)
    expect((await save(record({ ...chance, cents: -1 }))).status).toBe(422)
    company.clock.at = NOW + 86_400_000
    expect((await save(record(chance, { visitId: claimed }), 'rep3')).status).toBe(422)
    company.clock.at = NOW
    expect((await save(record(chance))).status).toBe(200)
  })

  it('keep the newest word of each record, with its sum, for those who may see it', async () => {
    const lines = [
      { item: '矿泉水', quantity: 3, unit: '箱', cents: 2450 },
      { item: '-1+1', quantity: 0.5, cents: 999 },
    ]
    const order = record({ kind: 'order', title: '补货', lines })
    expect(SalesRecord.parse((await save(order)).body).cents).toBe(7850)
    const ticket = { kind: 'ticket', title: '冰柜不制冷', status: 'open', dueOn: '2026-11-30' }
    const said = record(ticket)
    await save(said)
    await save({ ...said, id: uuid(), content: { ...ticket, status: 'solved' } })
    expect((await save({ ...said, id: uuid(), content: chance })).status).toBe(422)
    const list = async (who: string, query = '') =>
      SalesRecords.parse((await company.get(`/api/v1/sales${query}`, who)).body).records
    expect((await list('rep1', '?kind=ticket')).map((each) => each.content)).toMatchObject([{ status: 'solved' }]) // prettier-ignore
    expect(await list('leadN', `?customerId=${company.customers.shop}`)).toHaveLength(3)
    expect(await list('leadS')).toEqual([])
    expect(await list('rep2')).toEqual([])
    const file = await fetch(`${company.url}/api/v1/sales.csv`, {
      headers: { authorization: `Bearer ${await company.tokenOf('leadN')}` },
    })
    const text = await file.text()
    expect(text).toContain("'=HYPERLINK()")
    expect(text).toContain("'-1+1")
  })
})

describe('what visits are refreshed for', () => {
  it('is looked at once: a process that starts again goes on where the last one was', async () => {
    const { db, features, clock } = company
    const sweep = features.flatMap(({ chores = [] }) => chores).find(({ name }) => name === 'refresh visits') // prettier-ignore
    expect(await seenUntil(db, ORG)).toBe(0)
    await sweep?.run()
    const until = await seenUntil(db, ORG)
    expect(until).toBe(clock.at - MINUTE)
    await noteSeen(db, ORG, until - MINUTE) // of a slower process
    expect(await seenUntil(db, ORG)).toBe(until)
  })
})
