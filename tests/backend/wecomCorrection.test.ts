import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createApprovals } from '../../backend/approvals/index.ts'
import { standardRules } from '../../backend/approvals/rules.ts'
import { createBridge } from '../../backend/bridge.ts'
import type { Feature } from '../../backend/core/kit.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { sql } from '../../backend/core/sql.ts'
import { createJobs } from '../../backend/jobs/index.ts'
import { told } from '../../backend/wecom/api/verdict.ts'
import { midnightOf, punchDeliveriesOf } from '../../backend/wecom/index.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'
import { MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const WRITE = '/cgi-bin/checkin/punch_correction'
const RULE = '/cgi-bin/checkin/getcheckinoption'
const FRIDAY = '2026-11-20'
const DUE = midnightOf(FRIDAY) + 9 * 3_600
const AT = DUE - 4 * 60

let up: SimServer
let company: Company
/** What WeCom wrote down. */
const adding = () => vi.spyOn(up.sim.attendance, 'add')
let took: ReturnType<typeof adding>
let running: readonly Feature[] = []
beforeAll(async () => {
  up = await startWecomSim()
  company = await openCompany((kit) => [createApprovals(kit, ORG, standardRules)])
  const settings = { poll: false, writeCheckins: false, writeCorrections: true }
  await company.db.run(sql`
    insert into attendance_bridges (org_id, settings, changed_by, changed_at)
    values (${ORG}, ${JSON.stringify(settings)}::jsonb, 'admin', now())`)
})
afterAll(async () => {
  await stop()
  await company.close()
  await up.close()
})
beforeEach(async () => {
  for (const table of ['wecom_punches', 'request_tasks', 'request_states', 'request_events', 'requests'])
    await company.db.raw(`delete from ${table} where org_id = $1`, [ORG]) // prettier-ignore
  const member = { role: 'rep', departmentId: 'east', position: '' } as const
  up.sim.directory.replace(['rep1', 'leadN'].map((id) => ({ id, name: id, ...member })))
  up.sim.attendance.removeDue('rep1', DUE)
  up.sim.faults.clear()
  took = adding()
  took.mockClear()
  up.clock.at = company.clock.at = NOW
  await start()
})

/** A process of the server that is gone leaves nothing behind but the database. */
async function stop() {
  for (const feature of running) await feature.close?.()
}
async function start() {
  await stop()
  const keys = { app: null, contacts: null }
  const kit = { ...company.kit, metrics: createMetrics() }
  const jobs = createJobs(kit, ORG)
  running = createBridge(kit, up.client(), { orgId: ORG, keys, jobs }).features
}
const chore = async (name: string) =>
  running
    .flatMap(({ chores = [] }) => chores)
    .find((each) => each.name === name)
    ?.run()
const noting = () => chore('attendance.wecom-write')

/** The rep asks for 上班 of Friday, and the supervisor approves. @returns the key under which WeCom is told. */
async function approved(): Promise<string> {
  const id = uuid()
  const asked = {
    id,
    reason: '忘记打卡',
    photoIds: [],
    date: FRIDAY,
    due: 'in1',
    at: `${FRIDAY}T08:56`,
  }
  for (const [path, who, body] of [
    ['corrections', 'rep1', asked],
    [`approvals/${id}/approve`, 'leadN', {}],
  ] as const)
    expect((await company.post(`/api/v1/${path}`, who, body)).status).toBe(200)
  return `correction:${id}`
}

/** A minute later, with a round of both chores. */
async function aMinute() {
  up.clock.at = company.clock.at += MINUTE
  await noting().catch(told) // the runner of chores logs it and comes round again
  await chore('wecom.punches')
}
const standing = () =>
  up.sim.attendance.records
    .filter(({ record }) => record.sch_checkin_time === DUE)
    .map(({ by, record }) => [by, record.userid, record.checkin_time, record.exception_type])
const stateOf = async (key: string) =>
  (await punchDeliveriesOf(company.db, ORG, [key])).map(({ state }) => state)

/** What may go wrong between the approval and WeCom's answer. */
const COURSES: Record<string, (key: string) => unknown> = {
  'when all goes well': () => undefined,
  'when WeCom is out of reach for half an hour': async () => {
    up.sim.faults.outage = true
    for (let half = 0; half < 30; half++) await aMinute()
    up.sim.faults.outage = false
  },
  'when WeCom does not tell the due at first': () => up.sim.faults.lose(RULE, 5),
  'when WeCom is busy, throttles, and fails within': () => {
    for (const errcode of [-1, 45009, 301022]) up.sim.faults.answer(WRITE, errcode, 2)
  },
  'when the app may not write at first': async () => {
    up.sim.attendance.granted = false
    for (let of = 0; of < 4; of++) await aMinute()
    up.sim.attendance.granted = true
  },
  'when WeCom took it and the answer is lost': () => up.sim.faults.lose(WRITE),
  'when the process dies before it noted the approval': () => start(),
  'when the process dies before it sent': async () => {
    await noting()
    await start()
  },
  'when the process dies before it kept that WeCom has it': async (key) => {
    await aMinute()
    await company.db.run(sql`
      update wecom_punches
      set state = 'sending', settled_at = null,
        next_at = to_timestamp(${company.clock.at + MINUTE}::float8 / 1000)
      where org_id = ${ORG} and key = ${key}`)
    await start()
  },
  'when all of that happens': async () => {
    up.sim.faults.outage = true
    await aMinute()
    await start()
    up.sim.faults.outage = false
    up.sim.faults.answer(WRITE, 301022)
    up.sim.faults.lose(WRITE, 2)
    await aMinute()
    await start()
  },
}

test.each(Object.entries(COURSES))(
  'an approved correction is written to WeCom once %s',
  async (_name, course) => {
    const key = await approved()
    await course(key)
    for (let minute = 0; minute < 90; minute++) await aMinute()
    expect(await stateOf(key)).toEqual(['written'])
    expect(took.mock.calls.map(([{ by }]) => by)).toEqual(['correction'])
    expect(standing()).toEqual([['correction', 'rep1', AT, '']])
  },
)
