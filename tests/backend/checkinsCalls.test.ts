import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCheckins } from '../../backend/checkins/index.ts'
import { CheckinReply } from '../../backend/contract/checkins.ts'
import { sql } from '../../backend/core/sql.ts'
import { createPrivacy, giveConsent } from '../../backend/privacy/index.ts'
import { addCustomer, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const SHOP = { lng: 114.05, lat: 22.54 }
let company: Company
let shop = ''

beforeAll(async () => {
  company = await openCompany((kit) => [createCheckins(kit), createPrivacy(kit)])
  shop = await addCustomer(company.db, { ...SHOP, name: '青岚茶铺', radius: 80 })
  for (const person of ['rep1', 'rep2', 'rep3', 'leadN'])
    await giveConsent(company.db, ORG, person, NOW - 10_000 * MINUTE)
})
afterAll(() => company.close())

async function checkIn(who: string, mock: boolean) {
  const at = (company.clock.at += MINUTE)
  const position = { ...SHOP, accuracy: 10, at, mock }
  const input = { id: uuid(), at, kind: 'in', customerId: shop, position }
  return CheckinReply.parse((await company.post('/api/v1/checkins', who, input)).body).id
}
const round = () =>
  company.features
    .flatMap((feature) => feature.chores ?? [])
    .find(({ name }) => name === 'tell of check-ins to review')
    ?.run()
const told = (who: string) =>
  company.db.many<{ title: string; text: string; path: string }>(sql`
    select m.title, m.text, m.path
    from wecom_messages m
    where m.org_id = ${ORG} and m.person_id = ${who}
    order by m.created_at`)

describe('a supervisor', () => {
  it('is told once of all that waits, by a message that leads to it; who leads nobody there hears nothing', async () => {
    await checkIn('rep2', false)
    const one = await checkIn('rep1', true)
    for (let time = 0; time < 2; time++) await round()
    expect(await told('leadN')).toMatchObject([
      { title: '1 条签到待复核 Check-ins to review', path: `/checkins/rep1/${one}` },
    ])
    expect((await told('leadN'))[0]?.text).toMatch(
      /^名 rep1 · .*\d\d:\d\d · 青岚茶铺 · \d+ \/ 100$/,
    )
    for (const who of ['leadS', 'boss', 'hr', 'rep2']) expect(await told(who), who).toEqual([])
  })

  it('hears of what comes soon after in one message more, when he had his rest', async () => {
    for (const who of ['rep1', 'rep2', 'rep1']) await checkIn(who, true)
    const south = await checkIn('rep3', true)
    await round()
    expect(await told('leadN')).toHaveLength(1)
    expect(await told('leadS')).toMatchObject([{ path: `/checkins/rep3/${south}` }])
    company.clock.at += 15 * MINUTE
    for (let time = 0; time < 3; time++) await round()
    const [, second, ...others] = await told('leadN')
    expect(second).toMatchObject({ title: '3 条签到待复核 Check-ins to review', path: '/reviews' })
    expect(second?.text.split('\n')).toHaveLength(3)
    expect(others).toEqual([])
  })

  it('is not told of his own: that is for whoever leads him', async () => {
    company.clock.at += 20 * MINUTE
    await checkIn('leadN', true)
    const before = (await told('leadN')).length
    await round()
    expect(await told('leadN')).toHaveLength(before)
    expect(await told('boss')).toHaveLength(1)
  })
})
