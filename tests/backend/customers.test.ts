import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Customers, Nearby, PeopleNear } from '../../backend/contract/customers.ts'
import { loadSites } from '../../backend/customers/index.ts'
import { wgs84ToGcj02 } from '../../geo/index.ts'
import { addCustomer, MINUTE, NOW, ORG } from './company.ts'
import { openCustomers, type CustomersStage } from './customersStage.ts'

const HERE = { lng: 114.05, lat: 22.54 }
const DEGREE = 111_320 // metres of a degree of latitude
let company: CustomersStage
let near = ''
let far = ''

beforeAll(async () => {
  company = await openCustomers()
  near = await addCustomer(company.db, { ...HERE, name: '近店', radius: 80 })
  far = await addCustomer(company.db, {
    lng: HERE.lng,
    lat: HERE.lat + 1000 / DEGREE,
    name: '远店',
  })
  await addCustomer(company.db, { lng: 121.47, lat: 31.23, name: '上海店' })
})
afterAll(() => company.close())

const nearby = async (query: string) => {
  const { status, body } = await company.get(`/api/v1/customers/nearby?${query}`, 'rep1')
  expect(status).toBe(200)
  return Nearby.parse(body).customers
}

describe('GET /api/v1/customers', () => {
  it('refuses the signed out, device tokens and a bad box', async () => {
    expect((await company.get('/api/v1/customers', null)).status).toBe(401)
    expect((await company.get('/api/v1/customers', 'rep1', 'device')).status).toBe(403)
    for (const bad of [
      'bbox=1,2,3',
      'bbox=a,b,c,d',
      'bbox=5,5,4,6',
      'bbox=-190,0,0,1',
      'limit=2001',
    ])
      expect((await company.get(`/api/v1/customers?${bad}`, 'rep1')).status, bad).toBe(422)
  })

  it('answers those whose centre lies in the box, a narrow or a world-wide one', async () => {
    const names = async (query: string) => {
      const { body } = await company.get(`/api/v1/customers${query}`, 'hr')
      return Customers.parse(body).customers.map((customer) => customer.name)
    }
    expect((await names('?bbox=114.04,22.53,114.06,22.56')).sort()).toEqual(['近店', '远店'].sort())
    expect(await names('?bbox=114.04,22.545,114.06,22.56')).toEqual(['远店'])
    expect(await names('?bbox=-180,-90,180,90')).toHaveLength(3)
    expect(await names('')).toHaveLength(3)
    expect(await names('?limit=1')).toHaveLength(1)
  })

  it('finds a customer on the northern edge of a wide box, where great circles leave the parallel', async () => {
    const sites = await loadSites(company.db, ORG, [117, 31.22, 126, 31.24])
    expect(sites.map((site) => site.name)).toEqual(['上海店'])
  })
})

describe('GET /api/v1/customers/nearby', () => {
  it('refuses the signed out, device tokens and bad positions', async () => {
    const query = `lng=${HERE.lng}&lat=${HERE.lat}`
    expect((await company.get(`/api/v1/customers/nearby?${query}`, null)).status).toBe(401)
    expect((await company.get(`/api/v1/customers/nearby?${query}`, 'rep1', 'device')).status).toBe(
      403,
    )
    for (const bad of [
      '',
      'lng=181&lat=0',
      'lng=x&lat=1',
      `${query}&datum=utm`,
      `${query}&limit=101`,
    ])
      expect((await company.get(`/api/v1/customers/nearby?${bad}`, 'rep1')).status, bad).toBe(422)
  })

  it('answers nearest first with metres, within the radius', async () => {
    const found = await nearby(`lng=${HERE.lng}&lat=${HERE.lat}`)
    expect(found.map((customer) => customer.id)).toEqual([near, far])
    expect(found[0]?.metres).toBeCloseTo(0, 3)
    expect(found[1]?.metres).toBeGreaterThan(990)
    expect(found[1]?.metres).toBeLessThan(1010)
    expect(await nearby(`lng=${HERE.lng}&lat=${HERE.lat}&radius=500`)).toHaveLength(1)
    expect(await nearby(`lng=${HERE.lng}&lat=${HERE.lat}&limit=1`)).toHaveLength(1)
  })

  it('takes a GCJ-02 position for the place it means', async () => {
    const [lng, lat] = wgs84ToGcj02([HERE.lng, HERE.lat])
    const [first] = await nearby(`lng=${lng}&lat=${lat}&datum=gcj02`)
    expect(first?.id).toBe(near)
    expect(first?.metres).toBeLessThan(1)
  })

  it('says inside, outside or that it can not tell when the accuracy is known', async () => {
    const at = `lng=${HERE.lng}&lat=${HERE.lat}`
    const where = async (accuracy: string) =>
      (await nearby(at + accuracy)).map((customer) => customer.where)
    expect(await where('&accuracy=10')).toEqual(['inside', 'outside'])
    expect(await where('&accuracy=150')).toEqual(['cannot_tell', 'outside'])
    expect(await where('')).toEqual([undefined, undefined])
  })
})

describe('GET /api/v1/customers/:id/people', () => {
  const path = () => `/api/v1/customers/${near}/people`

  it('refuses the signed out, everybody but supervisors, and bad input', async () => {
    expect((await company.get(path(), null)).status).toBe(401)
    for (const who of ['rep1', 'hr', 'admin'])
      expect((await company.get(path(), who)).status, who).toBe(403)
    expect((await company.get(`${path()}?radius=0`, 'boss')).status).toBe(422)
    expect((await company.get('/api/v1/customers/nonsense/people', 'boss')).status).toBe(422)
    expect(
      (await company.get('/api/v1/customers/00000000-0000-4000-8000-000000000000/people', 'boss'))
        .status,
    ).toBe(404)
  })

  it('answers who of my departments is near now, nearest first, and nobody off duty', async () => {
    const stillSince = NOW - 20 * MINUTE
    await company.report('rep1', [{ ...HERE, at: NOW - MINUTE, stillSince, customerId: near }])
    await company.report('rep2', [
      { lng: HERE.lng, lat: HERE.lat + 500 / DEGREE, at: NOW - MINUTE },
    ])
    await company.report('rep3', [{ ...HERE, at: NOW - MINUTE }])
    const people = async (who: string, query = '') =>
      PeopleNear.parse((await company.get(path() + query, who)).body).people
    expect((await people('boss')).map((person) => person.id)).toEqual(['rep1', 'rep3', 'rep2'])
    expect((await people('leadN')).map((person) => [person.id, person.state])).toEqual([
      ['rep1', 'at_customer'],
      ['rep2', 'moving'],
    ])
    expect(await people('leadN', '?radius=100')).toHaveLength(1)
    company.clock.at = NOW + 8 * 60 * MINUTE
    expect(await people('boss')).toEqual([])
    company.clock.at = NOW
  })
})
