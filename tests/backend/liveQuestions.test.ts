import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { Questions } from '../../backend/contract/questions.ts'
import { createLive } from '../../backend/live/index.ts'
import { openCompany, type Company } from './company.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany((kit, identify) => [createLive(kit, { identify })])
})
afterAll(() => company.close())

const PATH = '/api/v1/live/questions'
async function put(who: string | null, questions: unknown) {
  const headers = who ? { authorization: `Bearer ${await company.tokenOf(who)}` } : {}
  const reply = await fetch(company.url + PATH, { method: 'PUT', headers, body: JSON.stringify({ questions }) }) // prettier-ignore
  return { status: reply.status, body: z.unknown().parse(await reply.json()) }
}
const mine = async (who: string) => Questions.parse((await company.get(PATH, who)).body).questions

test('questions are kept as they were said, each supervisor’s apart', async () => {
  const asked = [
    { id: uuid(), kind: 'still', minutes: 40 },
    { id: uuid(), kind: 'near', customerId: uuid(), customer: '店', lng: 114, lat: 22.5, km: 3 },
    { id: uuid(), kind: 'late_for' },
  ]
  expect(await mine('leadN')).toEqual([])
  expect((await put('leadN', asked)).status).toBe(200)
  expect(await mine('leadN')).toEqual(asked)
  expect(await mine('boss')).toEqual([])
  expect((await put('leadN', asked.slice(1))).status).toBe(200)
  expect(await mine('leadN')).toEqual(asked.slice(1))
})

test('the signed out, those who do not watch, and bad input are refused', async () => {
  expect((await company.get(PATH, null)).status).toBe(401)
  expect((await put(null, [])).status).toBe(401)
  for (const who of ['rep1', 'hr', 'admin']) {
    expect((await company.get(PATH, who)).status).toBe(403)
    expect((await put(who, [])).status).toBe(403)
  }
  const { status, body } = await put('leadN', [{ id: uuid(), kind: 'still', minutes: 0 }])
  expect(status).toBe(422)
  expect(JSON.stringify(body)).toContain('minutes')
  const many = Array.from({ length: 13 }, () => ({ id: uuid(), kind: 'outside' }))
  expect((await put('leadN', many)).status).toBe(422)
})
