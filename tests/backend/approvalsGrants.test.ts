import { afterAll, beforeAll, expect, test } from 'vitest'
import { Balances, GrantOutcome } from '../../backend/contract/approvalSettings.ts'
import { openCompany, ORG, type Company } from './company.ts'
import { createApprovals } from '../../backend/approvals/index.ts'

const TO = '/api/v1/leave-grants/import'
const HEAD = '账号,姓名,假期,天数,生效日期,失效日期,说明\n'
let company: Company
beforeAll(async () => {
  company = await openCompany((kit) => [createApprovals(kit, ORG)])
})
afterAll(() => company.close())

async function upload(who: string | null, body: string, query = '') {
  const headers: Record<string, string> = { 'content-type': 'text/csv' }
  if (who) headers['authorization'] = `Bearer ${await company.tokenOf(who)}`
  const reply = await fetch(company.url + TO + query, { method: 'POST', headers, body })
  const given: unknown = await reply.json()
  return { status: reply.status, body: given }
}
const outcome = async (body: string, query = '') =>
  GrantOutcome.parse((await upload('hr', body, query)).body)
const left = async (who: string) => {
  const { body } = await company.get('/api/v1/leave-balances?date=2026-11-23', who)
  return Balances.parse(body).balances.find(({ leaveKind }) => leaveKind === 'annual')?.left ?? 0
}

test('leave from a file is HR’s alone', async () => {
  expect((await upload(null, HEAD)).status).toBe(401)
  expect((await upload('leadN', HEAD)).status).toBe(403)
  expect((await upload('hr', HEAD, '?dryRun=yes')).status).toBe(422)
})

test('a dry run gives nothing; the deed gives each his days, and the same file again nothing more', async () => {
  const [before, other] = [await left('rep1'), await left('rep2')]
  const file = `${HEAD}rep1,名 rep1,年假,2.5,2026-01-01,2026-12-31,结转\nREP2,,annual,-1,2026/01/01,2026/12/31,\n`
  expect(await outcome(file, '?dryRun=1')).toEqual({ people: 2, grants: 2, errors: [], saved: false }) // prettier-ignore
  expect(await left('rep1')).toBe(before)
  for (let times = 0; times < 2; times++) expect((await outcome(file)).saved).toBe(true)
  expect(await left('rep1')).toBe(before + 1200)
  expect(await left('rep2')).toBe(other - 480)
})

test('with a wrong line nothing is given, and each is named with field and rule', async () => {
  const before = await left('rep1')
  const rows = [
    'nobody,,年假,1,2026-01-01,2026-12-31,',
    'rep1,别人,年假,1,2026-01-01,2026-12-31,',
    'rep1,,病假,1,2026-01-01,2026-12-31,',
    'rep1,,年假,一天,2026-01-01,2026-12-31,',
    'rep1,,年假,0,2026-01-01,2026-12-31,',
    'rep1,,年假,1,2026-02-30,2026-12-31,',
    'rep1,,年假,1,2026-12-31,2026-01-01,',
    'rep1,,年假,1,2026-01-01,2026-12-31,',
  ]
  const { errors, saved } = await outcome(HEAD + rows.join('\n'))
  expect(saved).toBe(false)
  expect(errors.map(({ line, field }) => `${line} ${field}`)).toEqual(
    ['2 account', '3 name', '4 kind', '5 days', '6 minutes', '7 from', '8 to'],
  ) // prettier-ignore
  expect(await left('rep1')).toBe(before)
  expect((await outcome('姓名\n某某\n')).errors.map(({ field }) => field)).toEqual(['account', 'kind', 'days', 'from', 'to']) // prettier-ignore
})
