import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bookOf, BUILT_IN } from '../../backend/attendance/calendars/index.ts'
import { minuteAt, momentOf } from '../../backend/attendance/clock.ts'
import { daysOf, dutiesOf, type PersonEvidence, type TimedPunch } from '../../backend/attendance/days/compute.ts' // prettier-ignore
import { DEFAULT_RULES, DEFAULT_RULE_SET } from '../../backend/attendance/defaults.ts'
import { ledgerOf } from '../../backend/attendance/engine.ts'
import type { CompanyRules } from '../../backend/attendance/rules/book.ts'
import { Rules, type RuleGroup } from '../../backend/contract/ruleSets.ts'

const plain = bookOf(null, [])
const china = bookOf(BUILT_IN[0] ?? null, [])
const NOW = Date.parse('2026-12-31T00:00:00Z')

/** Nine to six and nights, rostered by date. */
const RULES = Rules.parse({
  ...DEFAULT_RULES,
  calendar: null,
  dutyBeforeMin: 30,
  dutyAfterMin: 15,
  shifts: [
    ...DEFAULT_RULES.shifts,
    { id: 'night', name: '夜班', asks: { kind: 'fixed', sections: [{ in: '22:00', out: '30:00' }] } }, // prettier-ignore
  ],
})
const set = (id: string, rules: Rules, version = 1) => ({ ...DEFAULT_RULE_SET, id, rules, version })
const companyOf = (more: Partial<CompanyRules> = {}): CompanyRules => ({
  ...{ sets: [set('default', RULES)], groups: [], parents: new Map(), calendar: (name) => (name ? china : plain) }, // prettier-ignore
  ...more,
})
const somebody = (more: Partial<PersonEvidence> = {}, zone = 'Asia/Shanghai'): PersonEvidence => ({
  member: {
    id: 'p',
    userId: 'p',
    name: '名',
    departmentId: 'd',
    department: '部',
    zone,
    tags: [],
    employed: [],
  },
  ...{ zones: new Map(), departments: new Map(), roster: new Map(), punches: [], visits: [] },
  approved: { absences: [], corrections: [], overtime: [] },
  ...more,
})
const punch = (at: number): TimedPunch => ({ id: `k${at}`, at, source: 'device', customer: false, outside: false }) // prettier-ignore
const on = (zone: string, date: string, minute: number) => punch(momentOf(minute, zone, date))

describe('a zone that changes its clocks', () => {
  const ZONE = 'Europe/Berlin'
  test.each([
    ['springs forward', '2026-03-29', 420],
    ['falls back', '2026-10-25', 540],
    ['does neither', '2026-05-10', 480],
  ])(
    'on the night it %s: the shift is as long on the clock as ever, in truth %s has %i minutes',
    (_, morning, truly) => {
      const date = new Date(Date.parse(morning) - 86_400_000).toISOString().slice(0, 10)
      const punches = [on(ZONE, date, 22 * 60), on(ZONE, date, 30 * 60)]
      expect(((punches[1]?.at ?? 0) - (punches[0]?.at ?? 0)) / 60_000).toBe(truly)
      const roster = new Map([[date, 'night'], [morning, null]]) // prettier-ignore
      const [night, next] = daysOf(somebody({ roster, punches }, ZONE), companyOf(), { from: date, to: morning }, NOW) // prettier-ignore
      expect(night?.ledger.minutes).toMatchObject({ required: 480, worked: 480 })
      expect(next?.input.punches).toEqual([])
    },
  )

  test('each moment has one place on the clock, and each place on the clock a moment', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai', 'Asia/Kathmandu') // prettier-ignore
    const quarters = fc.integer({ min: Date.parse('2026-01-01') / 900_000, max: Date.parse('2026-12-30') / 900_000 }) // prettier-ignore
    fc.assert(
      fc.property(zones, quarters, (zone, quarter) => {
        const at = quarter * 900_000
        const date = new Date(at).toISOString().slice(0, 10)
        const minute = minuteAt(at, zone, date)
        expect(minuteAt(momentOf(minute, zone, date), zone, date)).toBe(minute)
        expect(Math.abs(momentOf(minute, zone, date) - at)).toBeLessThanOrEqual(3_600_000)
      }),
      { numRuns: 500, seed: 7 },
    )
  })
})

test('a leap day is a work day like others, and February has it in its order', () => {
  const punches = [on('Asia/Shanghai', '2028-02-29', 540), on('Asia/Shanghai', '2028-02-29', 1080)]
  const days = daysOf(somebody({ punches }), companyOf(), { from: '2028-02-28', to: '2028-03-01' }, Date.parse('2028-03-05')) // prettier-ignore
  expect(days.map(({ date, marks }) => `${date} ${marks}`)).toEqual(['2028-02-28 a', '2028-02-29 n', '2028-03-01 a']) // prettier-ignore
})

test('a shift over midnight at the end of a month belongs to the month it began in, whole', () => {
  const roster = new Map([['2026-11-30', 'night'], ['2026-12-01', 'day']]) // prettier-ignore
  const zone = 'Asia/Shanghai'
  const punches = [on(zone, '2026-11-30', 1318), on(zone, '2026-12-01', 362), on(zone, '2026-12-01', 538), on(zone, '2026-12-01', 1085)] // prettier-ignore
  const person = somebody({ roster, punches })
  const [november] = daysOf(person, companyOf(), { from: '2026-11-30', to: '2026-11-30' }, NOW)
  const [december] = daysOf(person, companyOf(), { from: '2026-12-01', to: '2026-12-01' }, NOW)
  expect(november?.ledger.due.map(({ punch: at }) => at)).toEqual([1318, 1802])
  expect(december?.ledger.due.map(({ punch: at }) => at)).toEqual([538, 1085])
  expect([november?.marks, december?.marks]).toEqual(['n', 'n'])
})

test('months computed apart are the same days as computed together, and no punch is two days’', () => {
  const zone = 'Asia/Shanghai'
  const dates = ['2026-10-29', '2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03']
  const rostered = fc.array(fc.constantFrom('night', 'day', null), { minLength: 6, maxLength: 6 })
  const minutes = fc.array(fc.integer({ min: 0, max: 6 * 1440 }), { maxLength: 24 })
  fc.assert(
    fc.property(rostered, minutes, (shifts, at) => {
      const roster = new Map(dates.map((date, index) => [date, shifts[index] ?? null]))
      const punches = [...new Set(at)].sort((a, b) => a - b).map((minute) => on(zone, '2026-10-29', minute)) // prettier-ignore
      const person = somebody({ roster, punches })
      const all = daysOf(person, companyOf(), { from: '2026-10-29', to: '2026-11-03' }, NOW)
      const apart = [['2026-10-29', '2026-10-31'], ['2026-11-01', '2026-11-03']].flatMap(([from = '', to = '']) => daysOf(person, companyOf(), { from, to }, NOW)) // prettier-ignore
      expect(apart).toEqual(all)
      const used = all.flatMap(({ ledger }) => ledger.punches.map(({ id }) => id))
      expect(new Set(used).size).toBe(used.length)
      for (const { input, ledger } of all) expect(ledgerOf(input)).toEqual(ledger)
    }),
    { numRuns: 300, seed: 11 },
  )
})

test('who changes group or zone in the middle of a month has each day by what held on it', () => {
  const idle = Rules.parse({ ...RULES, week: Array.from({ length: 7 }, () => null) })
  const groups: RuleGroup[] = [{ ruleSetId: 'idle', kind: 'person', ref: 'p', from: '2026-11-16', to: null }] // prettier-ignore
  const rules = companyOf({ sets: [set('default', RULES), set('idle', idle)], groups })
  const zones = new Map([['2026-11-12', 'Europe/Berlin']])
  const punches = [on('Europe/Berlin', '2026-11-12', 540), on('Europe/Berlin', '2026-11-12', 1080)]
  const days = daysOf(somebody({ zones, punches }), rules, { from: '2026-11-12', to: '2026-11-17' }, NOW) // prettier-ignore
  expect(days.map(({ marks }) => marks)).toEqual(['n', 'a', 'r', 'r', 'r', 'r'])
  expect(days.map(({ zone }) => zone)).toEqual(['Europe/Berlin', ...Array.from({ length: 5 }, () => 'Asia/Shanghai')]) // prettier-ignore
})

test('duty lies around the shifts by what the rules add, on the person’s clock, and nowhere else', () => {
  const roster = new Map([['2026-10-24', 'night'], ['2026-10-25', null]]) // prettier-ignore
  const member = { ...somebody({}, 'Europe/Berlin').member, employed: [{ from: '2026-10-23', to: '2026-10-26' }] } // prettier-ignore
  const duties = dutiesOf(somebody({ roster, member }), companyOf(), { from: '2026-10-22', to: '2026-10-28' }) // prettier-ignore
  const told = duties.map(({ date, rostered, from, to }) => `${date} ${rostered} ${new Date(from).toISOString()} ${new Date(to).toISOString()}`) // prettier-ignore
  expect(told).toEqual([
    '2026-10-23 false 2026-10-23T06:30:00.000Z 2026-10-23T16:15:00.000Z',
    '2026-10-24 true 2026-10-24T19:30:00.000Z 2026-10-25T05:15:00.000Z', // clocks fall back in that night
    '2026-10-26 false 2026-10-26T07:30:00.000Z 2026-10-26T17:15:00.000Z',
  ])
})

test('an approval of overtime that counts alone is one day’s, whole, also after a night', () => {
  const alone = { ...RULES.overtime.workday, by: 'approval' as const, leastMin: 0, stepMin: 1 }
  const overtime = { workday: alone, restday: alone, holiday: alone }
  const rules = companyOf({ sets: [set('default', Rules.parse({ ...RULES, overtime }))] })
  const zone = 'Asia/Shanghai'
  const roster = new Map([['2026-11-24', 'night'], ['2026-11-25', null]]) // prettier-ignore
  const approval = (requestId: string, from: string, to: string) => ({ requestId, personId: 'p', as: 'pay' as const, span: { by: 'clock' as const, from, to } }) // prettier-ignore
  const approved = {
    ...{ absences: [], corrections: [] },
    overtime: [
      approval('evening', '2026-11-23T18:00', '2026-11-23T20:00'),
      approval('morning', '2026-11-25T05:00', '2026-11-25T08:00'), // the night's last hour, and two more
      approval('saturday', '2026-11-28T22:00', '2026-11-29T02:00'),
    ],
  }
  const days = daysOf(somebody({ roster, approved }), rules, { from: '2026-11-22', to: '2026-11-29' }, NOW) // prettier-ignore
  expect(days.map(({ overtimeMin }) => overtimeMin)).toEqual([0, 120, 120, 0, 0, 0, 240, 0])
  expect(days.map(({ input }) => input.overtime.map(({ id }) => id).join())).toEqual(['', 'evening', 'morning', '', '', '', 'saturday', '']) // prettier-ignore
  for (const { input, ledger, zone: theirs } of days) expect([ledgerOf(input), theirs]).toEqual([ledger, zone]) // prettier-ignore
})

test('a late evening allows what its shift says, else what the rules say, however the dates are asked for', () => {
  const [day, night] = RULES.shifts
  const shifts = [
    day,
    { ...night, lateAfterOvertime: [{ outAfterMin: 60, lateMin: 90 }] },
    { ...day, id: 'never', lateAfterOvertime: [] },
  ]
  const late = Rules.parse({ ...RULES, shifts, lateAfterOvertime: [{ outAfterMin: 60, lateMin: 30 }] }) // prettier-ignore
  const rules = companyOf({ sets: [set('default', late)] })
  const zone = 'Asia/Shanghai'
  const allowed = (shiftId: string, out: number) => {
    const punches = [on(zone, '2026-11-24', out - 480), on(zone, '2026-11-24', out)]
    const person = somebody({ roster: new Map([['2026-11-24', shiftId]]), punches })
    const lateOn = (from: string) => daysOf(person, rules, { from, to: '2026-11-25' }, NOW).at(-1)?.input.allowance?.lateMin // prettier-ignore
    expect(lateOn('2026-11-25')).toBe(lateOn('2026-11-20'))
    return lateOn('2026-11-25')
  }
  expect([allowed('day', 1139), allowed('day', 1140)]).toEqual([undefined, 30])
  expect([allowed('night', 1859), allowed('night', 1860)]).toEqual([undefined, 90])
  expect(allowed('never', 1300)).toBeUndefined()
})
