import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Job } from '../../backend/contract/jobs.ts'
import { WecomGroup } from '../../backend/contract/wecomCheckin.ts'
import { CheckinBridge, ImportResult } from '../../backend/contract/wecomImport.ts'
import { createAttendance } from '../../backend/attendance/index.ts'
import type { Feature } from '../../backend/core/kit.ts'
import { sql } from '../../backend/core/sql.ts'
import { createBridge } from '../../backend/bridge.ts'
import { createJobs } from '../../backend/jobs/index.ts'
import { STANDARD_RULE } from '../../fixtures/wecom-sim/checkin/rule.ts'
import type { SimMember } from '../../fixtures/wecom-sim/index.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'
import { NOW, openCompany, ORG, type Company } from './company.ts'

const PATH = '/api/v1/attendance/wecom'
const at = (time: string) => Date.parse(`2026-11-${time}:00+08:00`)
const memberOf = (id: string): SimMember => ({
  ...{ id, name: id, role: 'rep', departmentId: 'root', position: '' },
})
const RULES = [
  WecomGroup.parse({
    ...STANDARD_RULE,
    groupid: 1,
    groupname: '坐班',
    range: { userid: ['rep1'] },
  }),
  WecomGroup.parse({
    ...{ grouptype: 2, groupid: 11, groupname: '排班', range: { partyid: [2], userid: ['rep2'] } },
    schedulelist: [
      {
        schedule_id: 229,
        schedule_name: '早班',
        time_section: [{ work_sec: 28_800, off_work_sec: 57_600 }],
      },
    ],
  }),
]

let up: SimServer
let company: Company
let chores: Map<string, () => Promise<unknown>>
beforeAll(async () => {
  up = await startWecomSim()
  up.clock.at = NOW
  const features: Feature[] = []
  company = await openCompany((kit) => {
    const jobs = createJobs(kit, ORG)
    const keys = { app: null, contacts: null }
    const { features: bridge } = createBridge(kit, up.client(), { orgId: ORG, keys, jobs })
    features.push(
      jobs,
      createAttendance(kit, async () => [], jobs),
      ...bridge,
    )
    return features
  })
  chores = new Map(
    features.flatMap((each) => (each.chores ?? []).map(({ name, run }) => [name, run])),
  )
  up.sim.directory.replace(['rep1', 'rep2', 'rep3', 'leadN', 'boss', 'hr'].map(memberOf))
})
afterAll(async () => {
  await company.close()
  await up.close()
})
beforeEach(() => {
  up.sim.attendance.groups = RULES
  up.sim.attendance.granted = true
})

const chore = (name: string) => chores.get(name)?.()
const span = { from: '2026-11-01', to: '2026-11-23' }
async function importing(dryRun: boolean): Promise<Job> {
  const started = await company.post(`${PATH}/import`, 'admin', { id: uuid(), dryRun, ...span })
  expect(started.status).toBe(200)
  await chore('jobs.work')
  const jobId = String(Reflect.get(Object(started.body), 'jobId'))
  return Job.parse((await company.get(`/api/v1/jobs/${jobId}`, 'admin')).body)
}
const put = async (settings: object, who: string | null = 'admin') => {
  const headers = who ? { authorization: `Bearer ${await company.tokenOf(who)}` } : {}
  const init = { method: 'PUT', headers, body: JSON.stringify(settings) }
  return (await fetch(company.url + PATH, init)).status
}
const bridge = async () => CheckinBridge.parse((await company.get(PATH, 'admin')).body)
const count = async (table: 'punches' | 'rosters' | 'rule_sets') =>
  Number(
    (
      await company.db.raw(`select count(*) as count from ${table} where org_id = $1`, [ORG])
    ).rows.map((row) => Reflect.get(Object(row), 'count'))[0],
  )
const OFF = { poll: false, writeCheckins: false, writeCorrections: false }

/** A check-in as it lies on disk. */
let seq = 0
async function checkin(personId: string, instant: number, decision: string): Promise<string> {
  const id = uuid()
  await company.db.run(sql`
    insert into checkins (org_id, person_id, id, kind, at, phone_at, received_at, clock, date, zone, place,
      lng, lat, photos, decision, evidence, chain_date, seq, prev_hash, hash)
    values (${ORG}, ${personId}, ${id}::uuid, 'in', to_timestamp(${instant}::float8 / 1000), now(), now(), '{}',
      '2026-11-23', 'Asia/Shanghai', '华强北', 114.02, 22.54, '[]', ${decision}, '{}', '2026-11-23', ${seq++}::int,
      ${'0'.repeat(64)}, ${id.replaceAll('-', '').padEnd(64, '0')})`)
  return id
}

test('is for admins, and names what is wrong', async () => {
  const input = { id: uuid(), dryRun: true, ...span }
  for (const path of [`${PATH}/import`, `${PATH}/retry`]) {
    expect((await company.post(path, null, input)).status).toBe(401)
    for (const who of ['rep1', 'leadN', 'hr'])
      expect((await company.post(path, who, input)).status).toBe(403)
  }
  expect((await company.get(PATH, null)).status).toBe(401)
  expect((await company.get(PATH, 'hr')).status).toBe(403)
  expect([await put(OFF, null), await put(OFF, 'hr'), await put({ poll: 1 })]).toEqual([
    401, 403, 422,
  ])
  const { status, body } = await company.post(`${PATH}/import`, 'admin', {
    ...input,
    to: '2026-10-01',
  })
  expect([status, JSON.stringify(body)]).toEqual([
    422,
    expect.stringContaining('body.to: must not be before from'),
  ])
})

describe('an import', () => {
  beforeAll(() => {
    up.sim.attendance.groups = RULES
    up.sim.attendance.punch('rep1', at('20T08:55'))
    up.sim.attendance.punch('rep1', at('20T18:03'))
    up.sim.attendance.punch('rep2', at('20T08:10'), { checkin_type: '外出打卡' })
    up.sim.attendance.roster('rep2', at('20T00:00') / 1000, 229)
    up.sim.attendance.roster('rep2', at('25T00:00') / 1000, 0)
  })

  test('that is tried first says what it would do and changes nothing', async () => {
    const { state, result } = await importing(true)
    expect(state).toBe('done')
    expect(ImportResult.parse(result)).toMatchObject({
      dryRun: true,
      sets: [
        { id: 'wecom-1', name: '坐班', change: 'new', shifts: 1 },
        { id: 'wecom-11', name: '排班', change: 'new', shifts: 1 },
      ],
      ...{ groups: 3, roster: { days: 2, people: 1 }, punches: { found: 2, added: 0 } },
      unknown: ['admin', 'leadS'],
    })
    expect([await count('rule_sets'), await count('rosters'), await count('punches')]).toEqual([
      0, 0, 0,
    ])
  })

  test('brings rules, whom they are for, rosters and punches; and the same again nothing', async () => {
    const first = ImportResult.parse((await importing(false)).result)
    expect(first.punches).toEqual({ found: 2, added: 2 })
    expect([await count('rule_sets'), await count('rosters'), await count('punches')]).toEqual([
      2, 2, 2,
    ])
    const rules = await company.get('/api/v1/attendance/rules', 'hr')
    expect(JSON.stringify(rules.body)).toContain(
      '"ruleSetId":"wecom-11","kind":"department","ref":"2"',
    )
    const again = ImportResult.parse((await importing(false)).result)
    expect(again.sets.map(({ change }) => change)).toEqual(['same', 'same'])
    expect(again.punches).toEqual({ found: 2, added: 0 })
    expect([await count('rule_sets'), await count('rosters'), await count('punches')]).toEqual([
      2, 2, 2,
    ])
  })

  test('of a rule that changed makes its next version', async () => {
    up.sim.attendance.groups = RULES.map((each) => ({ ...each, groupname: `${each.groupname}新` }))
    expect(
      ImportResult.parse((await importing(false)).result).sets.map(({ change }) => change),
    ).toEqual(['changed', 'changed'])
    expect(await count('rule_sets')).toBe(4)
  })

  test('without the right fails with the code that says so', async () => {
    up.sim.attendance.granted = false
    const { state, error } = await importing(true)
    expect([state, error]).toEqual(['failed', expect.stringContaining('48002')])
  })
})

describe('switched on', () => {
  test('punches are read every few minutes, and a failure is told', async () => {
    up.sim.attendance.punch('rep1', at('23T08:50'))
    await chore('attendance.wecom-poll')
    expect(await bridge()).toMatchObject({ polledAt: null, settings: OFF })
    expect(await put({ ...OFF, poll: true })).toBe(200)
    const before = await count('punches')
    await chore('attendance.wecom-poll')
    await chore('attendance.wecom-poll')
    expect(await count('punches')).toBe(before + 1)
    expect(await bridge()).toMatchObject({ polledAt: NOW, polledNew: 0, pollError: null })
    up.sim.attendance.granted = false
    await chore('attendance.wecom-poll')
    expect((await bridge()).pollError).toContain('48002')
  })

  test('check-ins that count are written once, those that were refused never, and do not come back', async () => {
    await put({ ...OFF, writeCheckins: true, poll: true })
    const good = await checkin('rep3', at('23T10:00'), 'accepted')
    await checkin('rep3', at('23T11:00'), 'rejected')
    for (let times = 0; times < 2; times++) {
      company.kit.facts.publish('checkinStored', {
        orgId: ORG,
        personId: 'rep3',
        id: good,
        at: at('23T10:00'),
        date: '2026-11-23',
      })
      await chore('attendance.wecom-write')
      await chore('wecom.punches')
    }
    const mine = up.sim.attendance.records.filter(({ by }) => by === 'api')
    expect(mine.map(({ record }) => [record.userid, record.checkin_time * 1000])).toEqual([
      ['rep3', at('23T10:00')],
    ])
    expect(mine[0]?.record.lat).toBeGreaterThan(22_530_000) // GCJ-02 × 1e6
    expect((await bridge()).written).toEqual({ waiting: 0, written: 1, refused: 0 })
    const before = await count('punches')
    await chore('attendance.wecom-poll')
    expect(await count('punches')).toBe(before)
  })
})
