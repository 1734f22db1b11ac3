import { CustomerDetails, type CustomerNew } from '../../backend/contract/customers.ts'
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
