import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PlanDay, PlanDays } from '../../backend/contract/plans.ts'
import { Visits } from '../../backend/contract/visits.ts'
import { DATE, NOW } from './company.ts'
import { at, openVisits, stop, type VisitsCompany } from './visitsCompany.ts'

let company: VisitsCompany
beforeAll(async () => {
  company = await openVisits()
})
afterAll(() => company.close())

const plan = (stops: object[], more: object = {}) => ({ id: uuid(), date: DATE, stops, ...more })
const say = async (who: string, input: object) => {
  const { status, body } = await company.post('/api/v1/plans', who, input)
  return { status, day: status === 200 ? PlanDay.parse(body) : null, body }
}
const days = async (who: string, query = '') => {
  const { body } = await company.get(`/api/v1/plans?from=${DATE}&to=${DATE}${query}`, who)
  return PlanDays.parse(body).days
}
const visits = async (who: string, query = '') => {
  const { body } = await company.get(`/api/v1/visits?from=${DATE}&to=${DATE}${query}`, who)
  return Visits.parse(body).visits
}

describe('POST /api/v1/plans', () => {
  it('refuses the signed out, HR, device tokens and bad plans', async () => {
    const good = plan([])
    expect((await company.post('/api/v1/plans', null, good)).status).toBe(401)
    expect((await company.post('/api/v1/plans', 'hr', good)).status).toBe(403)
    expect((await company.post('/api/v1/plans', 'rep1', good, 'device')).status).toBe(403)
    const same = stop(company.customers.shop)
    for (const [bad, field] of [
      [plan([stop('x')]), 'stops.0.customerId'],
      [plan([same, same]), 'stops'],
      [plan([stop(uuid())]), 'stops.0.customerId'],
      [{ ...good, date: '2026-02-30' }, 'date'],
      [{ ...good, date: '2026-11-22' }, 'date'],
      [{ ...good, date: '2028-11-22' }, 'date'],
      [plan([stop(company.customers.shop, { fixedMinute: 1440 })]), 'stops.0.fixedMinute'],
    ] as const) {
      const { status, body } = await company.post('/api/v1/plans', 'rep1', bad)
      expect(status, field).toBe(422)
      expect(JSON.stringify(body)).toContain(field)
    }
  })

  it('keeps the newest plan, and one that is said twice once', async () => {
    const first = plan([stop(company.customers.shop), stop(company.customers.mall)])
    const { day } = await say('rep1', first)
    expect(day?.stops.map((each) => each.customer)).toEqual(['近店', '商场'])
    const second = plan([stop(company.customers.mall)], { basedOn: first.id })
    await say('rep1', second)
    await say('rep1', first) // late, a second time
    expect((await days('rep1'))[0]?.planId).toBe(second.id)
    const late = await say('rep1', plan([], { basedOn: first.id }))
    expect(late.status).toBe(409)
  })

  it('lets a supervisor plan for those he leads, and tells them', async () => {
    const forRep = plan([stop(company.customers.far)], { personId: 'rep2' })
    expect((await say('leadS', forRep)).status).toBe(403)
    expect((await say('rep1', forRep)).status).toBe(403)
    expect((await say('leadN', forRep)).day?.madeBy).toBe('leadN')
    expect((await days('leadN')).map((day) => day.personId)).toEqual(['rep1', 'rep2'])
    expect(await days('leadS')).toEqual([])
    expect((await company.get(`/api/v1/plans?from=${DATE}&to=${DATE}&personId=rep2`, 'rep1')).status).toBe(403) // prettier-ignore
  })
})

describe('visits', () => {
  it('are what came of the plan, and change when evidence comes in', async () => {
    const { shop, mall, far } = company.customers
    const stops = [stop(shop), stop(mall), stop(far)]
    await say('rep3', plan(stops))
    expect((await visits('rep3')).map((visit) => visit.status)).toEqual(['planned', 'planned', 'planned']) // prettier-ignore
    company.claim('rep3', shop, at(9, 10))
    await company.stay('rep3', [
      { customerId: shop, from: at(9, 5), to: at(9, 40) },
      { customerId: far, from: at(11), to: at(11, 30) },
    ])
    const byCustomer = async () =>
      Object.fromEntries((await visits('rep3')).map((visit) => [visit.customer, visit.status]))
    expect(await byCustomer()).toEqual({ 近店: 'done', 商场: 'planned', 远店: 'unlogged' })
    const [day] = await days('rep3')
    expect(day?.stops.map((each) => each.status)).toEqual(['done', 'planned', 'unlogged'])
    company.clock.at = NOW + 86_400_000
    expect(await byCustomer()).toEqual({ 近店: 'done', 商场: 'missed', 远店: 'unlogged' })
    company.clock.at = NOW
  })

  it('are shown to their person and to those who lead him', async () => {
    expect(await visits('leadN')).not.toContainEqual(expect.objectContaining({ personId: 'rep3' }))
    expect(await visits('leadS')).toHaveLength(3)
    expect(await visits('boss', '&status=unlogged')).toHaveLength(1)
    expect((await company.get(`/api/v1/visits?from=${DATE}&to=${DATE}`, 'hr')).status).toBe(403)
    expect((await company.get(`/api/v1/visits?from=${DATE}&to=${DATE}`, null)).status).toBe(401)
    expect((await company.get('/api/v1/visits?from=2026-01-01&to=2026-12-01', 'boss')).status).toBe(422) // prettier-ignore
  })
})
