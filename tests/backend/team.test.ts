import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TeamDay, TeamWeeks } from '../../backend/contract/team.ts'
import { sql } from '../../backend/core/sql.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { createTeam } from '../../backend/team/index.ts'
import { addCustomer, DATE, DUTY, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany((kit) => [createTeam(kit)])
  for (const rep of ['rep1', 'rep2']) await giveConsent(company.db, ORG, rep, DUTY.from)
  await keepDay('rep1', [
    { kind: 'silent', from: DUTY.from, to: DUTY.from + 20 * MINUTE },
    { kind: 'stay', from: DUTY.from + 20 * MINUTE, to: DUTY.from + 60 * MINUTE },
    { kind: 'move', from: DUTY.from + 60 * MINUTE, to: DUTY.from + 90 * MINUTE },
    { kind: 'inferred_stay', from: DUTY.from + 90 * MINUTE, to: NOW },
  ])
  const shop = await addCustomer(company.db, { lng: 114.05, lat: 22.54, name: '近店' })
  for (const status of ['done', 'missed', 'unplanned', 'unlogged'] as const)
    await company.db.run(sql`
      insert into visits (org_id, person_id, id, date, customer_id, status, stop_id, checkin_ids, stay_seconds,
        confirmed)
      values (${ORG}, 'rep1', ${uuid()}::uuid, ${DATE}::date, ${shop}::uuid, ${status},
        ${status === 'done' || status === 'missed' ? uuid() : null}::uuid, '{}', 0, false)`)
})
afterAll(() => company.close())

/** As tracks leaves a day behind. */
const keepDay = (personId: string, segments: readonly object[], date = DATE) =>
  company.db.run(sql`
    insert into track_days (org_id, person_id, date, version, algorithm_version, derived_at, final, day)
    values (${ORG}, ${personId}, ${date}::date, 1, 'test', to_timestamp(${NOW}::float8 / 1000), false,
      ${JSON.stringify({ segments, totals: { movedMetres: 12_345.6, silentSeconds: 1200 } })}::jsonb)`)

const dayOf = async (who: string, query = '') => {
  const { status, body } = await company.get(`/api/v1/team/days?date=${DATE}${query}`, who)
  expect(status, JSON.stringify(body)).toBe(200)
  return TeamDay.parse(body)
}
const ids = (day: TeamDay) => day.rows.map((row) => row.personId)
const ROUTES = ['days', 'weeks', 'days.csv', 'days.xlsx']

describe('the day of a team', () => {
  it.each(ROUTES)('is for those who lead: %s', async (route) => {
    const ask = (who: string | null, query: string) =>
      company.get(`/api/v1/team/${route}?${query}`, who)
    expect((await ask(null, `date=${DATE}`)).status).toBe(401)
    for (const who of ['rep1', 'hr', 'admin'])
      expect((await ask(who, `date=${DATE}`)).status, who).toBe(403)
    const refused = await ask('leadN', 'date=2026-13-01')
    expect(refused.status).toBe(422)
    expect(JSON.stringify(refused.body)).toContain('date')
  })

  it('says that nothing may be heard of who has not agreed, and calls it no silence', async () => {
    const { rows } = await dayOf('leadS')
    expect(rows).toMatchObject([{ personId: 'rep3', firstAt: null, silentSeconds: 0, reasons: ['no_consent'] }]) // prettier-ignore
  })

  it('tells plan and actual, times and lengths, and what nobody heard', async () => {
    const { rows, sums } = await dayOf('leadN')
    expect(rows.map(({ personId }) => personId)).toEqual(['rep2', 'rep1'])
    expect(rows[1]).toMatchObject({
      ...{ planned: 2, done: 1, missed: 1, extra: 1, unclear: 1, movedMetres: 12_345.6 },
      ...{ firstAt: DUTY.from + 20 * MINUTE, lastAt: DUTY.from + 90 * MINUTE, silentSeconds: 1200 },
      ...{ dutySeconds: (NOW - DUTY.from) / 1000, reasons: ['missed'] },
    })
    const dutySeconds = (NOW - DUTY.from) / 1000
    expect(rows[0]).toMatchObject({ firstAt: null, dutySeconds, silentSeconds: dutySeconds, reasons: ['unheard'] }) // prettier-ignore
    expect(sums).toMatchObject({ people: 2, heard: 1, wanting: 2, planned: 2, done: 1 })
  })

  it('shows each leader his own people, a department of them, and pages', async () => {
    expect(ids(await dayOf('leadS'))).toEqual(['rep3'])
    expect(ids(await dayOf('leadN', '&departmentId=south'))).toEqual([])
    expect(ids(await dayOf('boss', '&departmentId=south'))).toEqual(['rep3'])
    expect(ids(await dayOf('boss', '&sort=name'))).toEqual(['rep1', 'rep2', 'rep3'])
    const second = await dayOf('boss', '&sort=name&from=1&limit=1')
    expect([ids(second), second.sums.people]).toEqual([['rep2'], 3])
  })

  it('keeps who has left in the days he worked, and no other', async () => {
    await company.db.run(sql`update people set active = false where org_id = ${ORG} and id in ('rep1', 'rep2')`) // prettier-ignore
    expect(ids(await dayOf('leadN'))).toEqual(['rep1'])
    await company.db.run(sql`update people set active = true where org_id = ${ORG} and id in ('rep1', 'rep2')`) // prettier-ignore
  })
})

describe('the weeks of a team', () => {
  it('are sums by week, none left out', async () => {
    await keepDay('rep1', [{ kind: 'stay', from: 1, to: 2 }], '2026-11-22') // a Sunday
    const { body } = await company.get(`/api/v1/team/weeks?date=${DATE}&weeks=3`, 'leadN')
    const { weeks } = TeamWeeks.parse(body)
    expect(weeks.map(({ monday, days }) => [monday, days])).toEqual([
      ['2026-11-09', 0],
      ['2026-11-16', 1],
      ['2026-11-23', 1],
    ])
    expect(weeks[2]).toMatchObject({ planned: 2, done: 1, missed: 1, extra: 1, movedMetres: 12_345.6 }) // prettier-ignore
  })
})

describe('a file of the day', () => {
  const file = async (kind: string, language = 'zh') => {
    const headers = { authorization: `Bearer ${await company.tokenOf('leadN')}` }
    const path = `/api/v1/team/days.${kind}?date=${DATE}&language=${language}`
    return fetch(company.url + path, { headers })
  }

  it('has a row for each person of the page, in its order', async () => {
    const lines = (await (await file('csv')).text()).trim().split(/\r?\n/)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain('计划拜访')
    expect(lines[2]).toMatch(/rep1.*2026-11-23 09:20,2026-11-23 10:30,5:00,0:20/)
    expect(await (await file('csv', 'en')).text()).toContain('First activity')
  })

  it('is a workbook, too', async () => {
    const reply = await file('xlsx')
    expect(reply.status).toBe(200)
    expect(
      Buffer.from(await reply.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
  })
})

describe('the card of a week', () => {
  it('goes on Monday morning to those who lead somebody that was about, once', async () => {
    const run = async (at: string) => {
      company.clock.at = Date.parse(at)
      for (const chore of company.features.flatMap((each) => each.chores ?? [])) await chore.run()
    }
    const told = () =>
      company.db.many<{ personId: string; key: string; topic: string }>(sql`
        select m.person_id as "personId", m.key, m.topic from wecom_messages m
        where m.org_id = ${ORG} order by m.person_id`)
    await run('2026-11-30T08:00:00+08:00')
    expect(await told()).toEqual([])
    await run('2026-11-30T08:40:00+08:00')
    await run('2026-11-30T08:50:00+08:00')
    const card = { key: 'team:week:2026-11-23', topic: 'report' }
    expect(await told()).toEqual([
      { personId: 'boss', ...card },
      { personId: 'leadN', ...card },
    ])
    company.clock.at = NOW
  })
})
