import fc from 'fast-check'
import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  Colleagues,
  Handovers,
  Optimised,
  PlanDay,
  PlanDays,
  PlanRules,
  Proposals,
} from '../../backend/contract/plans.ts'
import { sql } from '../../backend/core/sql.ts'
import { dueBy, proposeWeek } from '../../backend/visits/propose.ts'
import { DATE, ORG } from './company.ts'
import { openVisits, stop, type VisitsCompany } from './visitsCompany.ts'

let company: VisitsCompany
beforeAll(async () => {
  company = await openVisits()
})
afterAll(() => company.close())

const plan = async (who: string, stops: object[]) => {
  const { body } = await company.post('/api/v1/plans', who, { id: uuid(), date: DATE, stops })
  return PlanDay.parse(body)
}
const namesOf = async (who: string) => {
  const { body } = await company.get(`/api/v1/plans?from=${DATE}&to=${DATE}`, who)
  return PlanDays.parse(body).days[0]?.stops.map((each) => each.customer) ?? []
}

describe('POST /api/v1/plans/:date/optimise', () => {
  const path = `/api/v1/plans/${DATE}/optimise`
  it('refuses the signed out, HR and bad input', async () => {
    expect((await company.post(path, null, {})).status).toBe(401)
    expect((await company.post(path, 'hr', {})).status).toBe(403)
    const { status, body } = await company.post(path, 'rep1', { start: { lng: 181, lat: 0 } })
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('start.lng')])
  })

  it('answers the best order from where I am, and keeps appointments and opening hours', async () => {
    const { shop, mall, far } = company.customers
    const stops = [stop(far), stop(mall), stop(shop)]
    await plan('rep1', stops)
    const ask = async (input: object) =>
      Optimised.parse((await company.post(path, 'rep1', input)).body)
    const start = { lng: 114.045, lat: 22.54 }
    const free = await ask({ start })
    expect(free.exact).toBe(true)
    expect(free.order).toEqual([stops[2]?.id, stops[1]?.id, stops[0]?.id])
    expect(free.after.travelMinutes).toBeLessThan(free.before.travelMinutes)
    expect(free.after.legs[0]?.arriveMinute).toBeGreaterThan(540)
    const fixed = stops.map((each) => (each.customerId === far ? { ...each, fixedMinute: 575 } : each)) // prettier-ignore
    expect((await ask({ start, stops: fixed })).order[0]).toBe(stops[0]?.id)
    const hours = Array.from({ length: 7 }, () => [{ from: 540, to: 560 }])
    const put = await fetch(`${company.url}/api/v1/customers/${mall}/hours`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await company.tokenOf('rep1')}` },
      body: JSON.stringify({ hours }),
    })
    expect(put.status).toBe(200)
    expect((await ask({ start })).order[0]).toBe(stops[1]?.id)
  })
})

describe('handing a stop over', () => {
  it('moves it into the colleague’s plan when he accepts, and leaves it when he declines', async () => {
    const { shop, mall } = company.customers
    const colleagues = Colleagues.parse(
      (await company.get('/api/v1/plans/colleagues', 'rep1')).body,
    )
    expect(colleagues.colleagues.map((each) => each.id)).toEqual(['rep2'])
    const [first, second] = [stop(shop), stop(mall)]
    await plan('rep1', [first, second])
    const offer = (input: object, who: string | null = 'rep1') =>
      company.post(`/api/v1/plans/${DATE}/handovers`, who, input)
    const input = { id: uuid(), stopId: second.id, toId: 'rep2', note: '顺路' }
    expect((await offer({ ...input, toId: 'rep3' })).status).toBe(403)
    expect((await offer({ ...input, stopId: uuid() })).status).toBe(404)
    expect((await offer(input, null)).status).toBe(401)
    expect((await offer(input)).status).toBe(200)
    expect((await offer(input)).status).toBe(200) // again
    expect((await company.post(`/api/v1/handovers/${input.id}/answer`, 'rep3', { accept: true })).status).toBe(404) // prettier-ignore
    const told = await company.db.many(sql`
      select 1 from wecom_messages m where m.org_id = ${ORG} and m.person_id = 'rep2'`)
    expect(told).toHaveLength(1)
    await company.post(`/api/v1/handovers/${input.id}/answer`, 'rep2', { accept: true })
    await company.post(`/api/v1/handovers/${input.id}/answer`, 'rep2', { accept: false }) // too late
    expect([await namesOf('rep1'), await namesOf('rep2')]).toEqual([['近店'], ['商场']])
    const other = { id: uuid(), stopId: first.id, toId: 'rep2' }
    await offer(other)
    await company.kit.notify.listenerOf(`handover:${other.id}`)?.({
      ...{ orgId: ORG, personId: 'rep2', key: `handover:${other.id}`, button: 'decline', at: 0 },
    })
    expect(await namesOf('rep1')).toEqual(['近店'])
    const { handovers } = Handovers.parse((await company.get('/api/v1/handovers', 'rep1')).body)
    expect(handovers.map((each) => each.accepted).sort()).toEqual([false, true])
  })
})

describe('the rules and a week by them', () => {
  it('are the admin’s to change', async () => {
    const put = async (who: string, rules: object) => {
      const response = await fetch(`${company.url}/api/v1/plans/rules`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${await company.tokenOf(who)}` },
        body: JSON.stringify(rules),
      })
      return response.status
    }
    const rules = PlanRules.parse((await company.get('/api/v1/plans/rules', 'rep1')).body)
    expect([rules.everyDaysA, rules.everyDaysB, rules.everyDaysC]).toEqual([14, 28, 91])
    expect(await put('rep1', rules)).toBe(403)
    expect(await put('admin', { ...rules, everyDaysA: 0 })).toBe(422)
    expect(await put('admin', { ...rules, everyDaysA: 7 })).toBe(200)
    expect(PlanRules.parse((await company.get('/api/v1/plans/rules', 'rep1')).body).everyDaysA).toBe(7) // prettier-ignore
  })

  it('propose my own customers that are due, and none that is planned already', async () => {
    const { shop, mall, far } = company.customers
    await company.db.run(sql`
      update customers set owner_id = 'rep3', tier = 'A' where org_id = ${ORG} and id <> ${far}::uuid`)
    await plan('rep3', [stop(mall)])
    const { body } = await company.get(`/api/v1/plans/proposals?from=${DATE}`, 'rep3')
    const week = Proposals.parse(body)
    expect(week.days.map((day) => day.date)).toHaveLength(5)
    expect(week.days.flatMap((day) => day.due.map((due) => due.customerId))).toEqual([shop])
  })

  const rules = PlanRules.parse({})
  const customer = fc.record({
    customerId: fc.uuid(),
    customer: fc.constant('x'),
    tier: fc.constantFrom('A', 'B', 'C', null),
    lng: fc.double({ min: 113, max: 115, noNaN: true }),
    lat: fc.double({ min: 22, max: 23, noNaN: true }),
    lastVisit: fc.constantFrom(null, '2026-11-20', '2026-11-01', '2026-09-01', '2026-01-01'),
  })
  it('take everybody due once, never more than a day has room for', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(customer, { selector: (each) => each.customerId, maxLength: 40 }),
        fc.array(fc.integer({ min: -2, max: 9 }), { maxLength: 7 }),
        (customers, rooms) => {
          const days = rooms.map((room, index) => ({ date: `2026-11-2${index + 3}`, room }))
          const week = proposeWeek(customers, { from: DATE, days, rules })
          const taken = [...week.days.flatMap((day) => day.due), ...week.left]
          const due = dueBy(customers, DATE, rules)
          expect(taken.map((each) => each.customerId).sort()).toEqual(due.map((each) => each.customerId).sort()) // prettier-ignore
          for (const [index, day] of week.days.entries())
            expect(day.due.length).toBeLessThanOrEqual(Math.max(0, rooms[index] ?? 0))
        },
      ),
    )
  })

  it('call an A due after two weeks, a B after four and a C after a quarter', () => {
    const due = (tier: string, lastVisit: string) =>
      dueBy([{ customerId: 'c', customer: '', tier, lng: null, lat: null, lastVisit }], DATE, rules).length // prettier-ignore
    expect([due('A', '2026-11-15'), due('A', '2026-11-16')]).toEqual([1, 0])
    expect([due('B', '2026-11-01'), due('B', '2026-11-02')]).toEqual([1, 0])
    expect([due('C', '2026-08-30'), due('C', '2026-08-31')]).toEqual([1, 0])
  })
})
