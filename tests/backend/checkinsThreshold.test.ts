import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCheckins, listCheckins } from '../../backend/checkins/index.ts'
import { CheckinReply, DEFAULT_POLICY } from '../../backend/contract/checkins.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { addCustomer, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const SHOP = { lng: 114.05, lat: 22.54 }
let company: Company
let shop = ''
const judged: string[] = []

beforeAll(async () => {
  company = await openCompany((kit) => [createCheckins(kit)])
  company.kit.facts.on('checkinJudged', ({ id }) => judged.push(id))
  shop = await addCustomer(company.db, { ...SHOP, name: '青岚茶铺', radius: 80 })
  for (const person of ['rep1', 'rep3'])
    await giveConsent(company.db, ORG, person, NOW - 10_000 * MINUTE)
})
afterAll(() => company.close())

async function checkIn(who: string): Promise<CheckinReply> {
  company.clock.at += 2 * MINUTE
  const { at } = company.clock
  const input = { id: uuid(), at, kind: 'in', customerId: shop, position: { ...SHOP, accuracy: 12, at } } // prettier-ignore
  const { body } = await company.post('/api/v1/checkins', who, input)
  return CheckinReply.parse(body)
}
async function put(departmentId: string, policy: object | null): Promise<Response> {
  const headers = { authorization: `Bearer ${await company.tokenOf('admin')}` }
  const init = { method: 'PUT', headers, body: JSON.stringify({ departmentId, policy }) }
  return fetch(`${company.url}/api/v1/checkins/policies`, init)
}
const standings = async () => {
  const range = { orgId: ORG, personIds: ['rep1', 'rep3'], from: NOW, to: NOW + 600 * MINUTE }
  return (await listCheckins(company.db, range)).map(({ personId, standing }) => [personId, standing]) // prettier-ignore
}

test('what counts is decided by the line of the department, and those it judges anew are told of', async () => {
  await checkIn('rep1')
  const south = await checkIn('rep3')
  expect(south.evidence.score).toBeGreaterThanOrEqual(60)
  expect(south.evidence.score).toBeLessThan(100)
  const both = (standing: string) => [['rep1', 'counts'], ['rep3', standing]] // prettier-ignore
  expect(await standings()).toEqual(both('counts'))
  expect((await put('south', { ...DEFAULT_POLICY, reviewBelow: 100 })).status).toBe(200)
  expect(await standings()).toEqual(both('waiting'))
  expect(judged).toEqual([south.id])
  await put('south', { ...DEFAULT_POLICY, reviewBelow: 100, note: 'optional' }) // the same line
  expect(judged).toEqual([south.id])
  await put('south', null)
  expect(await standings()).toEqual(both('counts'))
  expect(judged).toEqual([south.id, south.id])
})
