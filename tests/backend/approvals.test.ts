import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RequestPage, Requests, type RequestsQuery } from '../../backend/contract/approvals.ts'
import { createApprovals, listApproved } from '../../backend/approvals/index.ts'
import { openCompany, ORG, type Company } from './company.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany((kit) => [createApprovals(kit)])
})
afterAll(() => company.close())

const correction = (more: object = {}) => ({
  ...{ id: uuid(), date: '2026-11-20', due: 'out1', at: '2026-11-20T18:00', reason: '忘打卡' },
  ...more,
})
const post = (path: string, who: string | null, body: object) =>
  company.post(`/api/v1/${path}`, who, body)
const filed = async (path: string, who: string, body: object) => {
  const { status, body: reply } = await post(path, who, body)
  expect(status, JSON.stringify(reply)).toBe(200)
  return RequestPage.parse(reply)
}
const listed = async (who: string, scope: RequestsQuery['scope']) => {
  const { status, body } = await company.get(`/api/v1/requests?scope=${scope}`, who)
  expect(status, JSON.stringify(body)).toBe(200)
  return Requests.parse(body).requests.map(({ id }) => id)
}
const holding = (personIds = ['rep1', 'rep2', 'rep3']) =>
  listApproved(company.db, { orgId: ORG, personIds, from: '2026-11-01', to: '2026-11-30' })

describe('a correction', () => {
  it('waits for the direct leader, holds when he agrees, and is told as a fact', async () => {
    const told: unknown[] = []
    const stop = company.kit.facts.on('requestDecided', (fact) => told.push(fact))
    const page = await filed('corrections', 'rep1', correction())
    expect(page).toMatchObject({ state: 'pending', waitingFor: [{ id: 'leadN' }], mine: true })
    expect(await listed('leadN', 'decide')).toEqual([page.id])
    expect(await listed('leadS', 'decide')).toEqual([])
    expect((await holding()).corrections).toEqual([])
    const decided = await filed(`approvals/${page.id}/approve`, 'leadN', {})
    expect(decided).toMatchObject({ state: 'approved', waitingFor: [], mayDecide: false })
    const { corrections } = await holding()
    expect(corrections).toMatchObject([
      { personId: 'rep1', date: '2026-11-20', due: 'out1', at: '2026-11-20T18:00' },
    ])
    const fact = { orgId: ORG, personId: 'rep1', requestId: page.id, kind: 'correction' }
    expect(told).toEqual([{ ...fact, from: '2026-11-20', to: '2026-11-20' }])
    stop()
  })
})
