import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../backend/core/sql.ts'
import { upsertDepartments, upsertOrg, upsertPeople } from '../../backend/people/index.ts'
import {
  createPunchWriting,
  midnightOf,
  notePunch,
  punchDeliveriesOf,
  type PunchToWrite,
} from '../../backend/wecom/index.ts'
import { punchSummary, retryPunches } from '../../backend/wecom/checkin/outbox.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'

const API = '/cgi-bin/checkin/add_checkin_record'
const MINUTE = 60_000
const NOON = Date.parse('2026-11-17T12:00:00+08:00')
const ORG = 'o1'

let borrowed: Borrowed
let up: SimServer
beforeAll(async () => {
  borrowed = await borrowDatabase()
  await upsertOrg(borrowed.db, { id: ORG, name: '公司', zone: 'Asia/Shanghai' })
  await upsertDepartments(borrowed.db, ORG, [{ id: 'east', parentId: null, name: '东' }])
  const person = { departmentId: 'east', position: null, role: 'rep', leads: [] } as const
  await upsertPeople(borrowed.db, ORG, [{ ...person, id: 'rep01', name: '王伟', leads: [] }])
})
afterAll(() => borrowed.close())
beforeEach(async () => {
  up = await startWecomSim()
  up.clock.at = NOON
  await borrowed.db.run(sql`delete from wecom_punches where org_id = ${ORG}`)
})
afterEach(() => up.close())

/** One process of the server. */
const process = () =>
  createPunchWriting({ db: borrowed.db, clock: up.clock, log: up.log }, up.client().call, ORG)
const record = (index: number): PunchToWrite['what'] => ({
  kind: 'record',
  at: NOON - (index + 1) * 1_000,
  title: `客户 ${index}`,
  detail: '深圳市福田区',
  position: { lng: 114.0248, lat: 22.5349 },
})
const note = (key: string, what: PunchToWrite['what'], personId = 'rep01') =>
  notePunch(borrowed.db, { orgId: ORG, personId, key, what, now: up.clock.at })
async function noteMany(count: number) {
  for (let index = 0; index < count; index++) await note(`visit:${index}`, record(index))
}
const states = async () =>
  Object.fromEntries((await punchSummary(borrowed.db, ORG, 0)).counts.entries())
const written = () => up.sim.attendance.records.length
const distinct = () =>
  new Set(up.sim.attendance.records.map(({ record: each }) => each.checkin_time)).size
const calls = () => up.sim.calls.get(API) ?? 0

/** Rounds, each after the time at which the next row is due, until nothing is left to do. */
async function settled() {
  for (let rounds = 0; rounds < 60; rounds++) {
    await process().writeDue()
    const next = await borrowed.db.first<{ at: number | null }>(sql`
      select min(next_at) as at from wecom_punches
      where org_id = ${ORG} and state in ('waiting', 'sending', 'doubtful')`)
    if (!next?.at) return
    up.clock.at = Math.max(up.clock.at, next.at)
  }
  throw new Error('it never ends')
}

test('many records are written once each, at most 200 in a call', async () => {
  await noteMany(450)
  expect(await note('visit:7', record(7))).toBe(false)
  await settled()
  expect([written(), distinct(), calls()]).toEqual([450, 450, 3])
  expect(await states()).toEqual({ written: 450 })
})

test('several processes at once write each record once', async () => {
  await noteMany(420)
  await Promise.all(Array.from({ length: 4 }, () => process().writeDue()))
  await settled()
  expect([written(), distinct()]).toEqual([420, 420])
})

describe('when the answer is lost', () => {
  test('a record that WeCom took is found there and not sent again', async () => {
    await noteMany(30)
    up.sim.faults.lose(API)
    await process().writeDue()
    expect(await states()).toEqual({ doubtful: 30 })
    await settled()
    expect([written(), calls()]).toEqual([30, 1])
    expect(await states()).toEqual({ written: 30 })
  })

  test('a record that WeCom never got is missed twice there before it is sent again', async () => {
    await noteMany(2)
    up.sim.faults.outage = true
    await process().writeDue()
    up.sim.faults.outage = false
    expect(await states()).toEqual({ waiting: 2 }) // no token either: nothing was sent
    await settled()
    expect(written()).toBe(2)
    await note('visit:9', record(9))
    up.sim.faults.answer(API, 301022)
    await process().writeDue()
    expect(await states()).toEqual({ doubtful: 1, written: 2 })
    const from = up.clock.at
    await settled()
    expect(written()).toBe(3)
    expect(up.clock.at - from).toBe(17 * MINUTE)
  })

  test('what WeCom lists as missing at that very second is not taken for the record', async () => {
    await note('visit:1', { ...record(1), at: Date.parse('2026-11-16T09:00:00+08:00') })
    up.sim.faults.answer(API, 301022)
    await process().writeDue()
    expect(await states()).toEqual({ doubtful: 1 })
    await settled()
    expect([written(), await states()]).toEqual([1, { written: 1 }])
  })

  test('a process that dies in the middle leaves rows that are looked for first', async () => {
    await noteMany(3)
    await borrowed.db.run(sql`
      update wecom_punches set state = 'sending', next_at = to_timestamp(${NOON}::float8 / 1000) + interval '1 minute'
      where org_id = ${ORG}`)
    up.sim.attendance.punch('rep01', NOON - 1_000) // of the first, WeCom has it
    await process().writeDue()
    expect(await states()).toEqual({ sending: 3 })
    await settled()
    expect([written(), distinct()]).toEqual([3, 3])
  })
})

describe('what WeCom refuses', () => {
  test('of one record costs the others nothing, and is told with its code', async () => {
    await noteMany(150)
    await note('visit:x', record(500), 'stranger')
    await settled()
    expect([written(), distinct()]).toEqual([150, 150])
    expect(await states()).toEqual({ refused: 1, written: 150 })
    const [told] = await punchDeliveriesOf(borrowed.db, ORG, ['visit:x'])
    expect(told).toMatchObject({ personId: 'stranger', state: 'refused', errcode: 301021 })
  })

  test('is tried once more when an admin says so', async () => {
    await note('visit:x', record(1), 'lead01')
    up.sim.faults.answer(API, 301021)
    await settled()
    expect(await states()).toEqual({ refused: 1 })
    expect(await retryPunches(borrowed.db, ORG, up.clock.at)).toBe(1)
    await settled()
    expect(await states()).toEqual({ written: 1 })
  })

  test('for want of a right, or for frequency, waits and then goes', async () => {
    await noteMany(5)
    up.sim.attendance.granted = false
    await process().writeDue()
    expect(await states()).toEqual({ waiting: 5 })
    up.sim.attendance.granted = true
    up.clock.at += 5 * MINUTE
    up.sim.faults.answer(API, 45009)
    await process().writeDue()
    expect(await states()).toEqual({ waiting: 5 })
    await settled()
    expect(written()).toBe(5)
  })
})

describe('a correction', () => {
  const correction: PunchToWrite['what'] = {
    kind: 'correction',
    date: '2026-11-16',
    dueSeconds: 32_400,
    at: Date.parse('2026-11-16T08:58:00+08:00'),
    remark: '忘记打卡',
  }

  test('takes the place of what stood there, and is not sent again when the answer is lost', async () => {
    up.sim.attendance.punch('rep01', Date.parse('2026-11-16T09:40:00+08:00'))
    await note('correction:1', correction)
    up.sim.faults.lose('/cgi-bin/checkin/punch_correction')
    await settled()
    expect(up.sim.calls.get('/cgi-bin/checkin/punch_correction')).toBe(1)
    const due = midnightOf('2026-11-16') + 32_400
    const standing = up.sim.attendance.records.filter(
      ({ record: each }) => each.sch_checkin_time === due,
    )
    expect(standing.map(({ by }) => by)).toEqual(['correction'])
    expect(await states()).toEqual({ written: 1 })
  })

  test.each([301080, 301083, 301099])(
    'refused with %i is told and not repeated',
    async (errcode) => {
      await note('correction:1', correction)
      up.sim.faults.answer('/cgi-bin/checkin/punch_correction', errcode)
      await settled()
      const [told] = await punchDeliveriesOf(borrowed.db, ORG, ['correction:1'])
      expect(told).toMatchObject({ state: 'refused', errcode, kind: 'correction' })
    },
  )
})

test('a person whose id changed in WeCom is written under the new one', async () => {
  await borrowed.db.run(
    sql`update people set user_id = 'lead01' where org_id = ${ORG} and id = 'rep01'`,
  )
  await note('visit:1', record(1))
  await settled()
  expect(up.sim.attendance.records[0]?.record.userid).toBe('lead01')
  await borrowed.db.run(
    sql`update people set user_id = null where org_id = ${ORG} and id = 'rep01'`,
  )
})
