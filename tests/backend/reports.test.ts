import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MadeReportShare, ReportShares } from '../../backend/contract/reports.ts'
import { sql } from '../../backend/core/sql.ts'
import {
  insertDuty,
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'
import { DATE, DUTY, NOW, ORG } from './company.ts'
import { story } from './storyDay.ts'

const DAY = { kind: 'day', personId: 'rep1', date: DATE } as const
const HOUR = 3_600_000

let server: WholeServer
beforeAll(async () => {
  server = await openWholeServer(ORG, NOW)
  const { db } = server
  await upsertOrg(db, { id: ORG, name: '测试公司', zone: 'Asia/Shanghai' })
  await upsertDepartments(db, ORG, [
    { id: 'north', parentId: null, name: '北区' },
    { id: 'south', parentId: null, name: '南区' },
  ])
  const person = (id: string, departmentId: string, role: 'rep' | 'supervisor' | 'hr', leads: string[]) =>
    ({ id, name: `名 <${id}>`, departmentId, position: null, role, leads }) // prettier-ignore
  await upsertPeople(db, ORG, [
    person('rep1', 'north', 'rep', []),
    person('leadN', 'north', 'supervisor', ['north']),
    person('leadS', 'south', 'supervisor', ['south']),
    person('hr', 'north', 'hr', []),
  ])
  await giveConsent(db, ORG, 'rep1', NOW - 24 * HOUR)
  await insertDuty(db, ORG, [{ personId: 'rep1', date: DATE, zone: 'Asia/Shanghai', ...DUTY }])
  const sent = await ask('rep1', '/api/v1/fixes', { sentAt: NOW, fixes: story() })
  expect(sent.status).toBe(200)
})
afterAll(() => server.close())

const tokens = new Map<string, string>()
async function ask(who: string | null, path: string, body?: object) {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (who !== null) {
    const session = { orgId: ORG, personId: who, kind: 'token' as const }
    const token = tokens.get(who) ?? (await openSession(server.db, session, NOW))
    tokens.set(who, token)
    headers['authorization'] = `Bearer ${token}`
  }
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) } // prettier-ignore
  return fetch(server.url + path, init)
}

async function make(who: string, wish: object, hours = 24) {
  const reply = await ask(who, '/api/v1/report-shares', { wish, hours })
  expect(reply.status).toBe(200)
  return MadeReportShare.parse(await reply.json())
}

/** What somebody without a login sees behind a link. */
async function look(url: string) {
  const reply = await fetch(server.url + new URL(url).pathname)
  return { status: reply.status, page: await reply.text(), headers: reply.headers }
}

test('a link shows the day to who has no login, without scripts, and each look is counted', async () => {
  const made = await make('leadN', DAY)
  const { status, page, headers } = await look(made.url)
  expect(status).toBe(200)
  expect(page).toContain('名 &#60;rep1&#62; 的一天')
  expect(page).toMatch(/<polyline class="move"/)
  expect(page.match(/<circle/g)).toHaveLength(2)
  expect(page).not.toContain('<script')
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  await look(made.url)
  const { shares } = ReportShares.parse(await (await ask('leadN', '/api/v1/report-shares')).json())
  expect(shares.find(({ id }) => id === made.id)).toMatchObject({ wish: DAY, looks: 2, lastLookAt: NOW }) // prettier-ignore
  const seen = await (await ask('rep1', '/api/v1/access-log/me')).text()
  expect(seen).toContain('leadN') // the person whose day it is sees that it was looked at
})

test('only a hash of the link is kept', async () => {
  const { url } = await make('leadN', DAY)
  const token = url.split('/').at(-1) ?? ''
  expect(token).toHaveLength(43)
  const rows = await server.db.many<{ whole: string; hash: string }>(sql`
    select s::text as whole, s.token_hash as hash from report_shares s where s.org_id = ${ORG}`)
  expect(rows.some(({ whole }) => whole.includes(token))).toBe(false)
  expect(rows.map(({ hash }) => hash)).toContain(createHash('sha256').update(token).digest('base64url')) // prettier-ignore
})

test('it ends at its hour, when it is revoked, and when its maker leads those people no more', async () => {
  const [short, revoked, moved] = [await make('leadN', DAY, 1), await make('leadN', DAY), await make('leadN', DAY)] // prettier-ignore
  server.clock.at = NOW + HOUR - 1
  expect((await look(short.url)).status).toBe(200)
  server.clock.at = NOW + HOUR
  expect((await look(short.url)).status).toBe(404)
  expect((await ask('leadS', `/api/v1/report-shares/${revoked.id}/revoke`, {})).status).toBe(404)
  expect((await look(revoked.url)).status).toBe(200)
  expect((await ask('leadN', `/api/v1/report-shares/${revoked.id}/revoke`, {})).status).toBe(200)
  expect((await look(revoked.url)).status).toBe(404)
  await server.db.run(sql`update people set leads = '{south}' where org_id = ${ORG} and id = 'leadN'`) // prettier-ignore
  expect((await look(moved.url)).status).toBe(404)
  await server.db.run(sql`update people set leads = '{north}', active = false where org_id = ${ORG} and id = 'leadN'`) // prettier-ignore
  expect((await look(moved.url)).status).toBe(404)
  await server.db.run(sql`update people set active = true where org_id = ${ORG} and id = 'leadN'`)
  expect((await look(moved.url)).status).toBe(200)
  expect((await look(`http://localhost/r/${'A'.repeat(43)}`)).status).toBe(404)
  server.clock.at = NOW
})

test('nobody makes a link to what he may not see, and a senseless one is refused', async () => {
  const status = async (who: string | null, body: object) =>
    (await ask(who, '/api/v1/report-shares', body)).status
  expect(await status(null, { wish: DAY, hours: 24 })).toBe(401)
  expect([403, 404]).toContain(await status('leadS', { wish: DAY, hours: 24 }))
  expect([403, 404]).toContain(await status('hr', { wish: DAY, hours: 24 }))
  expect(await status('rep1', { wish: { kind: 'week', date: DATE }, hours: 24 })).toBe(403)
  expect(await status('leadN', { wish: { kind: 'year' }, hours: 24 })).toBe(422)
  expect(await status('leadN', { wish: DAY, hours: 0 })).toBe(422)
  expect((await ask(null, '/api/v1/report-shares')).status).toBe(401)
})

test('weeks and months print for who may see them, and for nobody else', async () => {
  const week = await ask('leadN', `/print?kind=week&date=${DATE}`)
  expect(week.status).toBe(200)
  expect(await week.text()).toContain('团队周报')
  const month = await ask('hr', '/print?kind=month&month=2026-11')
  expect(await month.text()).toContain('2026-11 考勤月报')
  const own = await (await ask('rep1', '/print?kind=month&month=2026-11')).text()
  expect(own).toContain('名 &#60;rep1&#62;')
  expect(own).not.toContain('leadN') // a rep prints his own month
  expect((await ask('hr', '/print?kind=year')).status).toBe(422)
  expect((await fetch(`${server.url}/print?kind=week&date=${DATE}`)).status).toBe(401)
})
