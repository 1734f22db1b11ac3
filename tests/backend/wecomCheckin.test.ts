import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { createCheckin, midnightOf } from '../../backend/wecom/index.ts'
import { told } from '../../backend/wecom/api/verdict.ts'
import { slicesOf } from '../../backend/wecom/checkin/slices.ts'
import { recordFor } from '../../backend/wecom/checkin/writing.ts'
import { WecomGroup } from '../../backend/contract/wecomCheckin.ts'
import { STANDARD_RULE } from '../../fixtures/wecom-sim/checkin/rule.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'

const MINUTE = 60_000
const DAY = 86_400
const NOON = Date.parse('2026-11-17T12:00:00+08:00') // a Tuesday

let up: SimServer
let waits: number[]
beforeEach(async () => {
  up = await startWecomSim()
  up.clock.at = NOON
  waits = []
})
afterEach(() => up.close())

const wait = (ms: number) => {
  waits.push(ms)
  up.clock.at += ms
  return Promise.resolve()
}
const checkin = () => createCheckin(up.client({ wait }).call, { clock: up.clock, wait })
const calls = (api: string) => up.sim.calls.get(`/cgi-bin/checkin/${api}`) ?? 0
const toldBy = (promise: Promise<unknown>) => promise.then(() => null, told)
const at = (time: string) => Date.parse(`2026-11-${time}:00+08:00`)
const asked = { userIds: ['rep01'], from: '2026-11-16', to: '2026-11-17' }
const SHIFTS: WecomGroup = WecomGroup.parse({
  ...STANDARD_RULE,
  ...{ grouptype: 2, groupid: 11, groupname: '排班', checkindate: [] },
  schedulelist: [
    {
      schedule_id: 229,
      schedule_name: '早班',
      time_section: [{ time_id: 1, work_sec: 32400, off_work_sec: 43200 }],
    },
    {
      schedule_id: 230,
      schedule_name: '夜班',
      time_section: [{ time_id: 1, work_sec: 79200, off_work_sec: 108000 }],
    },
  ],
})

/** Sends a body as it is, past the client that would not. */
async function raw(api: string, body: object): Promise<number> {
  const client = up.client({ wait })
  const failure = await client.call
    .post(`/cgi-bin/checkin/${api}`, body, WecomGroup.partial())
    .then(() => null, told)
  return failure?.errcode ?? 0
}

describe('questions', () => {
  test('are cut into calls of at most 100 members and 30 days that cover each member and day once', () => {
    const size = fc.integer({ min: 1, max: 250 })
    const days = fc.integer({ min: 0, max: 70 })
    fc.assert(
      fc.property(size, days, (members, more) => {
        const userIds = Array.from({ length: members }, (_, index) => `u${index}`)
        const to = new Date(Date.UTC(2026, 10, 1 + more)).toISOString().slice(0, 10)
        const slices = slicesOf({ userIds, from: '2026-11-01', to }, 'second')
        const seen = new Set<string>()
        for (const { useridlist, starttime, endtime } of slices) {
          expect(useridlist.length).toBeLessThanOrEqual(100)
          expect(endtime - starttime).toBeLessThanOrEqual(30 * DAY)
          for (const id of useridlist)
            for (let day = starttime; day < endtime; day += DAY) {
              expect(seen.has(`${id} ${day}`)).toBe(false)
              seen.add(`${id} ${day}`)
            }
        }
        expect(seen.size).toBe(members * (more + 1))
      }),
      { numRuns: 10 },
    )
  })

  test.each([
    ['no member', { useridlist: [] }, 301023],
    ['101 members', { useridlist: Array.from({ length: 101 }, () => 'rep01') }, 301023],
    ['31 days', { endtime: midnightOf('2026-11-16') + 30 * DAY + 1 }, 301024],
    ['an end before the beginning', { endtime: midnightOf('2026-11-15') }, 301024],
    ['a stranger', { useridlist: ['rep01', 'nobody'] }, 301021],
    ['another kind', { opencheckindatatype: 4 }, 40058],
  ])('of %s are refused by WeCom', async (_name, change, errcode) => {
    const starttime = midnightOf('2026-11-16')
    const good = {
      opencheckindatatype: 3,
      starttime,
      endtime: starttime + DAY,
      useridlist: ['rep01'],
    }
    expect(await raw('getcheckindata', { ...good, ...change })).toBe(errcode)
  })

  test('for more than one call answer everything, and a day that was asked twice once', async () => {
    const userIds = Array.from({ length: 150 }, (_, index) => `m${index}`)
    const people = userIds.map(
      (id) => ({ id, name: id, role: 'rep', departmentId: 'east', position: '' }) as const,
    )
    up.sim.directory.replace(people)
    for (const id of userIds) up.sim.attendance.punch(id, at('16T08:55'))
    const { rows } = await checkin().records({
      userIds,
      from: '2026-10-01',
      to: '2026-11-16',
      kind: 3,
    })
    expect(rows.filter((row) => row.exception_type === '')).toHaveLength(150)
    expect(calls('getcheckindata')).toBe(4)
  })

  test('with members whom WeCom does not know answer for all others, and name those', async () => {
    up.sim.attendance.punch('rep01', at('16T08:55'))
    const userIds = ['gone1', 'rep01', 'Rep02', 'gone2', 'lead01']
    const { rows, unknown } = await checkin().records({ ...asked, userIds, kind: 1 })
    expect(unknown.sort()).toEqual(['gone1', 'gone2'])
    expect(rows.some((row) => row.userid === 'rep01' && row.exception_type === '')).toBe(true)
  })

  test('keep within 60 calls a minute of a rule question, and go on when the window is over', async () => {
    const one = checkin()
    for (let of = 0; of < 70; of++) expect(await one.rules()).toHaveLength(1)
    expect(calls('getcorpcheckinoption')).toBe(70)
    expect(waits.length).toBeGreaterThan(0)
    expect(await toldBy(one.rules())).toBeNull()
  })

  test('are asked again when 打卡 failed within or the line broke, and wait out a block', async () => {
    const api = '/cgi-bin/checkin/getcheckindata'
    up.sim.faults.answer(api, 301022, 2)
    up.sim.faults.lose(api)
    expect((await checkin().records({ ...asked, kind: 3 })).unknown).toEqual([])
    up.sim.faults.answer(api, 45009)
    await checkin().records({ ...asked, kind: 3 })
    expect(waits.some((ms) => ms >= MINUTE)).toBe(true)
  })

  test('without the right are told as a setting, once', async () => {
    up.sim.attendance.granted = false
    expect(await toldBy(checkin().rules())).toMatchObject({
      errcode: 48002,
      verdict: 'configuration',
    })
    expect(calls('getcorpcheckinoption')).toBe(1)
  })
})

describe('answers', () => {
  test('a short window brings the whole day, with the due punches that nobody made', async () => {
    up.sim.attendance.punch('rep01', at('16T09:20'))
    const { rows } = await checkin().records({ ...asked, to: '2026-11-16', kind: 1 })
    expect(rows.map((row) => [row.checkin_type, row.exception_type])).toEqual([
      ['上班打卡', '时间异常'],
      ['下班打卡', '未打卡'],
    ])
    expect(rows[1]).toMatchObject({ lat: 0, lng: 0, location_title: '' })
  })

  test('tell each member his rule, and the company all of them with more', async () => {
    const { rows } = await checkin().rulesOn({ userIds: ['rep01', 'hr01'], date: '2026-11-16' })
    expect(rows.map(({ userid, group }) => [userid, group.groupid])).toEqual([
      ['rep01', 1],
      ['hr01', 1],
    ])
    expect(rows[0]?.group.allow_apply_bk_cnt).toBeUndefined()
    expect((await checkin().rules())[0]?.allow_apply_bk_cnt).toBe(3)
  })

  test('days are judged when they are over, months are their sum', async () => {
    up.sim.attendance.punch('rep01', at('16T09:20'))
    up.sim.attendance.punch('rep01', at('16T18:02'))
    const { rows } = await checkin().days(asked)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      base_info: { date: midnightOf('2026-11-16'), record_type: 1, acctid: 'rep01', day_type: 0 },
      summary_info: { checkin_count: 2, standard_work_sec: 32_400, regular_work_sec: 31_320 },
      exception_infos: [{ exception: 1, count: 1, duration: 1_200 }],
    })
    const months = await checkin().months({ ...asked, from: '2026-11-01', to: '2026-11-30' })
    expect(months.rows[0]?.summary_info).toMatchObject({ work_days: 11, except_days: 11 })
    expect(() => checkin().months({ ...asked, from: '2026-11-01', to: '2026-12-02' })).toThrow(
      '31 dates',
    )
  })

  test('shifts are written for days to come, and read back as one row a month', async () => {
    up.sim.attendance.groups = [SHIFTS]
    const days = [18, 19, 30].map((day) => ({
      userId: 'rep01',
      day,
      scheduleId: day === 30 ? 0 : 229,
    }))
    await checkin().writeRoster({ groupId: 11, yearMonth: 202611, days })
    const { rows } = await checkin().rosters({ ...asked, from: '2026-11-01', to: '2026-12-15' })
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ yearmonth: 202611, groupid: 11, userid: 'rep01' })
    expect(
      rows[0]?.schedule.scheduleList.map(({ day, schedule_info }) => [
        day,
        schedule_info.schedule_id,
      ]),
    ).toEqual([
      [18, 229],
      [19, 229],
      [30, 0],
    ])
    const late = checkin().writeRoster({
      groupId: 11,
      yearMonth: 202611,
      days: [{ userId: 'rep01', day: 17, scheduleId: 229 }],
    })
    expect(await toldBy(late)).toMatchObject({ errcode: 301073 })
  })
})

describe('WeCom takes', () => {
  const record = { at: at('17T10:00'), title: '华强北电子城', detail: '深圳市福田区华强北路' }
  const write = (more: object) =>
    raw('add_checkin_record', { records: [{ ...recordFor('rep01', record), ...more }] })

  test.each([
    ['a record', {}, 0],
    ['one outside of every place', { lat: 22_000_000, lng: 114_000_000 }, 0],
    ['none of a stranger', { userid: 'nobody' }, 301021],
    ['none without a place', { location_title: '' }, 40058],
    ['none with two photos', { mediaids: ['a', 'b'] }, 40058],
    ['none with a title of 1,025', { location_title: 'x'.repeat(1025) }, 40058],
    ['none in degrees beyond the earth', { lat: 90_000_001 }, 40058],
    ['none with a network without its address', { wifiname: 'x' }, 40058],
    [
      'none with an address of another form',
      { wifiname: 'x', wifimac: 'a2-8b-7f-c0-27-4b' },
      40058,
    ],
    ['none of an unknown device', { device_type: 4 }, 40058],
    ['none in the future', { checkin_time: NOON / 1000 + 1 }, 40058],
  ])('%s', async (_name, more, errcode) => {
    expect(await write(more)).toBe(errcode)
    expect(up.sim.attendance.records).toHaveLength(errcode === 0 ? 1 : 0)
  })

  test('at most 200 records', async () => {
    const many = (count: number) => Array.from({ length: count }, () => recordFor('rep01', record))
    expect(await raw('add_checkin_record', { records: many(200) })).toBe(0)
    expect(await raw('add_checkin_record', { records: many(201) })).toBe(40058)
    expect(await raw('add_checkin_record', { records: [] })).toBe(40058)
    expect(up.sim.attendance.records).toHaveLength(200) // the same again is a further record
  })

  test('what the client makes of any texts, cut to size, with degrees as millionths', () => {
    const wide = '足'.repeat(2_000)
    const made = recordFor('rep01', {
      ...{ at: 1_705_899_000_999, title: wide, detail: '', notes: wide },
      position: { lng: 114.0248004, lat: 22.5349 },
      wifi: { name: 'x', mac: 'not a mac' },
    })
    expect(made).toMatchObject({ checkin_time: 1_705_899_000, lng: 114_024_800, lat: 22_534_900 })
    expect([made.location_title.length, made.notes?.length]).toEqual([1_024, 1_024])
    expect([made.location_detail.length > 0, made.wifimac]).toEqual([true, undefined])
    const wrong = { ...record, position: { lng: 114_024_800, lat: 22_534_900 } }
    expect(() => recordFor('rep01', wrong)).toThrow('degrees')
  })

  test.each([
    ['a correction of a due', {}, 0],
    ['none of another time', { schedule_checkin_time: 32_401 }, 301080],
    ['none of a day that asks nothing', { schedule_date_time: midnightOf('2026-11-15') }, 301082],
    ['none far from the day', { checkin_time: midnightOf('2026-11-13') }, 301081],
    ['none in the future', { checkin_time: NOON / 1000 + 60 }, 301083],
    ['none whose day is no midnight', { schedule_date_time: midnightOf('2026-11-16') + 1 }, 301083],
    ['none with a long remark', { remark: '足'.repeat(171) }, 40058],
    ['none of a stranger', { userid: 'nobody' }, 301021],
  ])('%s', async (_name, change, errcode) => {
    up.sim.attendance.punch('rep01', at('16T09:40'))
    const good = {
      ...{ userid: 'rep01', schedule_date_time: midnightOf('2026-11-16'), remark: '忘打卡' },
      ...{ schedule_checkin_time: 32_400, checkin_time: at('16T08:58') / 1000 },
    }
    expect(await raw('punch_correction', { ...good, ...change })).toBe(errcode)
    const { rows } = await checkin().records({ ...asked, to: '2026-11-16', kind: 1 })
    const [first] = rows
    const expected =
      errcode === 0 ? { exception_type: '', notes: '忘打卡' } : { exception_type: '时间异常' }
    expect(first).toMatchObject(expected)
  })
})
