import { afterAll, beforeAll, expect } from 'vitest'
import {
  CustomerDetails,
  Customers,
  History,
  type CustomerNew,
} from '../../backend/contract/customers.ts'
import { createCustomers } from '../../backend/customers/index.ts'
import { createJobs } from '../../backend/jobs/index.ts'
import { openCompany, ORG, type Company } from './company.ts'

/** The small company with its customers and its long work. */
export async function openCustomers() {
  let jobs: ReturnType<typeof createJobs> | undefined
  const company = await openCompany((kit) => {
    jobs = createJobs(kit, ORG)
    return [jobs, createCustomers(kit, jobs)]
  })
  return {
    ...company,
    /** Does all long work that waits. */
    work: async () => {
      await jobs?.chores?.[0]?.run()
    },
    put: (path: string, who: string, input: unknown) => put(company, path, who, input),
    /** Adds a customer as somebody and answers its details. */
    async add(who: string, input: Partial<CustomerNew> & { name: string }) {
      const { status, body } = await company.post('/api/v1/customers', who, input)
      if (status !== 200) throw new Error(JSON.stringify(body))
      return CustomerDetails.parse(body)
    },
  }
}

export type CustomersStage = Awaited<ReturnType<typeof openCustomers>>

export const API = '/api/v1/customers'
export const HERE = { lng: 114.05, lat: 22.54, datum: 'wgs84' as const, here: true }
export const place = (lat = HERE.lat) => ({ ...HERE, lat, note: null })

/** A shop of each rep and a customer in each pool, for the tests of a file; `id` has theirs by name. */
export function regionsStage() {
  let stage: CustomersStage
  const id: Record<string, string> = {}
  beforeAll(async () => {
    stage = await openCustomers()
    for (const rep of ['rep1', 'rep2', 'rep3'])
      id[rep] = (await stage.add(rep, { name: `${rep} 的店`, code: rep, position: place() })).id
    id['northPool'] = (await stage.add('leadN', { name: '北区公海' })).id
    id['southPool'] = (await stage.add('leadS', { name: '南区公海' })).id
    id['rootPool'] = (await stage.add('admin', { name: '总部公海' })).id
  })
  afterAll(() => stage.close())
  return {
    id,
    stage: () => stage,
    async names(who: string, query = '') {
      const { status, body } = await stage.get(`${API}${query}`, who)
      expect(status).toBe(200)
      return Customers.parse(body).customers.map((customer) => customer.name)
    },
    details: async (key: string, who = 'admin') =>
      CustomerDetails.parse((await stage.get(`${API}/${id[key]}`, who)).body),
    history: async (key: string) =>
      History.parse((await stage.get(`${API}/${id[key]}/history`, 'admin')).body).changes,
    setUp: (settings: object) => stage.put(`${API}/settings`, 'admin', settings),
  }
}

async function put(company: Company, path: string, who: string, input: unknown) {
  const headers = { authorization: `Bearer ${await company.tokenOf(who)}` }
  const response = await fetch(company.url + path, {
    method: 'PUT',
    headers,
    body: JSON.stringify(input),
  })
  const body: unknown = await response.json()
  return { status: response.status, body }
}
