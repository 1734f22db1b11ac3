import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Day } from '../../backend/contract/days.ts'
import { insertPlan } from '../../backend/visits/index.ts'
import { addCustomer, DATE, DUTY, openCompany, ORG, type Company } from './company.ts'
import { SHOP, story, tracksOf } from './storyDay.ts'

let company: Company
let house: string[] = []

beforeAll(async () => {
  company = await openCompany((kit) => [tracksOf(kit)])
  company.clock.at = DUTY.from + 86_400_000
  for (const name of ['一楼', '二楼'])
    house.push(await addCustomer(company.db, { ...SHOP, name, radius: 120 }))
  house = house.sort()
})
afterAll(() => company.close())

const planned = (personId: string, madeAt: number, ...customerIds: (string | undefined)[]) => {
  const plain = { fixedMinute: null, minutes: null, goal: '', origin: 'hand' } as const
  const stops = customerIds.map((customerId = '') => ({ ...plain, id: uuid(), customerId }))
  const plan = { orgId: ORG, personId, id: uuid(), date: DATE, madeAt, madeBy: personId }
  return insertPlan(company.db, { ...plan, stops })
}
const visited = async (personId: string) => {
  await company.report(personId, story())
  const { body } = await company.get(`/api/v1/people/${personId}/days/${DATE}`, personId)
  return Day.parse(body).visits.map(({ customerId }) => customerId)
}

test('a stay in a house of two customers is the planned one’s, and the first one’s without a plan', async () => {
  await planned('rep1', DUTY.from - 1, house[1])
  expect(await visited('rep1')).toEqual([house[1]])
  expect(await visited('rep2')).toEqual([house[0]])
})

test('what is planned after the stay began does not rename it', async () => {
  await planned('rep3', DUTY.from + 60_000, house[1])
  expect(await visited('rep3')).toEqual([house[0]])
})
