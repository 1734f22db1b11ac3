import { v7 as uuid } from 'uuid'
import { expect } from 'vitest'
import { z } from 'zod'
import { createApprovals } from '../../backend/approvals/index.ts'
import { createAttendance, requestRules } from '../../backend/attendance/index.ts'
import { createCheckins } from '../../backend/checkins/index.ts'
import { AttendanceDay, AttendanceMonth } from '../../backend/contract/months.ts'
import { createJobs } from '../../backend/jobs/index.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { addCustomer, MINUTE, NOW, openCompany, ORG } from './company.ts'

const SHOP = { lng: 114.05, lat: 22.54 }
const HOUR = 60 * MINUTE
export const MONDAY = '2026-11-23'
export const NINE = Date.parse('2026-11-23T01:00:00Z') // on the company's clock

export type AttendanceStage = Awaited<ReturnType<typeof openAttendance>>

/** The small company with check-ins, requests and attendance, a shop to check in at, and words for tests. */
export async function openAttendance() {
  const company = await openCompany((kit) => {
    const jobs = createJobs(kit, ORG)
    return [
      jobs,
      createCheckins(kit),
      createApprovals(kit, ORG, requestRules),
      createAttendance(kit, () => Promise.resolve([]), jobs),
    ]
  })
  const shop = await addCustomer(company.db, { ...SHOP, name: '青岚茶铺', radius: 80 })
  for (const person of ['rep1', 'rep2', 'rep3'])
    await giveConsent(company.db, ORG, person, NOW - 900 * HOUR)
  async function checkIn(who: string, at: number, kind = 'in') {
    company.clock.at = Math.max(company.clock.at, at)
    const position = { ...SHOP, accuracy: 10, at }
    const { status, body } = await company.post('/api/v1/checkins', who, { id: uuid(), at, kind, customerId: shop, position }) // prettier-ignore
    expect(status, JSON.stringify(body)).toBe(200)
  }
  const dayOf = async (who: string, date: string, viewer = who) => {
    const { status, body } = await company.get(
      `/api/v1/attendance/people/${who}/days/${date}`,
      viewer,
    )
    expect(status, JSON.stringify(body)).toBe(200)
    return AttendanceDay.parse(body)
  }
  const statusOf = async (path: string, who: string | null) => (await company.get(path, who)).status
  const put = async (path: string, who: string | null, input: object) => {
    const headers = who ? { authorization: `Bearer ${await company.tokenOf(who)}` } : {}
    const reply = await fetch(company.url + path, {
      method: 'PUT',
      headers,
      body: JSON.stringify(input),
    })
    return { status: reply.status, body: z.unknown().parse(await reply.json()) }
  }
  const november = async (viewer: string, query = '') => {
    const { status, body } = await company.get(`/api/v1/attendance/months/2026-11${query}`, viewer)
    expect(status, JSON.stringify(body)).toBe(200)
    return AttendanceMonth.parse(body)
  }

  return { company, checkIn, dayOf, statusOf, put, november }
}
