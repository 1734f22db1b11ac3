import { describe, expect, test } from 'vitest'
import { overtimeAsked, overtimeCounted } from '../../backend/attendance/overtime.ts'
import { ledgerOf } from '../../backend/attendance/index.ts'
import { inputOf, LedgerCase, shown } from '../../backend/cli/ledger.ts'
import type { OvertimeRule } from '../../backend/contract/ruleSets.ts'

/*
 * What other products promise, wherever our policy is the same: the facts of their cases, in our own shape. Where it is
 * another (a day's hours as pairs of punches, an invented punch out, lateness set off against overtime) the numbers of
 * design/attendance.md hold, and the case says what differs.
 */
const MORNING = { kind: 'fixed', sections: [{ in: '08:00', out: '12:00' }], windowBeforeMin: 60, windowAfterMin: 60, graceLateMin: 0, uploadGraceMin: 0 } // prettier-ignore
const OFFICE = { kind: 'fixed', sections: [{ in: '08:00', out: '17:00', rest: [['12:00', '13:00']] }], windowBeforeMin: 420, windowAfterMin: 360, graceLateMin: 0, uploadGraceMin: 0, seriousLateMin: null, absentLateMin: null } // prettier-ignore
const EIGHT_HOURS = { kind: 'free', requiredMin: 480, dayBoundary: '00:00' }
const DAY = { id: 'a peer’s', date: '2026-03-10', dayType: 'workday', now: '2026-03-12T00:00', punches: [] } // prettier-ignore

const judged = (given: object) => {
  const each = LedgerCase.parse({ ...DAY, ...given })
  const { due, minutes } = shown(ledgerOf(inputOf(each)), each.date)
  return { results: due.map(({ result }) => result), punches: due.map(({ punch }) => punch?.slice(11) ?? null), minutes } // prettier-ignore
}

const at = (...times: string[]) => times.map((time) => `2026-03-10T${time}`)

describe('a shift with windows of an hour (Frappe HR)', () => {
  test('who comes at eight and goes at twelve was there for four hours', () => {
    const day = judged({ shift: MORNING, punches: at('08:00', '12:00') })
    expect(day.results).toEqual(['normal', 'normal'])
    expect(day.minutes).toMatchObject({ required: 240, worked: 240 })
  })

  test('beyond a grace of an hour at both ends one is late and early', () => {
    const shift = { ...MORNING, graceLateMin: 60, graceEarlyMin: 60, seriousLateMin: null, absentLateMin: null } // prettier-ignore
    const { results } = judged({ shift, punches: at('09:30', '10:30') })
    expect(results).toEqual(['late', 'early'])
  })

  test('an hour and a half is an hour and a half (they call it half a day; ours leaves that to a counter)', () => {
    expect(judged({ shift: MORNING, punches: at('08:00', '09:30') }).minutes).toMatchObject({ worked: 90, early: 150 }) // prettier-ignore
  })

  test('a holiday asks for nothing, with punches and without', () => {
    for (const punches of [at('08:00', '12:00'), []]) {
      const day = judged({ shift: MORNING, dayType: 'holiday', punches })
      expect([day.results, day.minutes.required, day.minutes.absent]).toEqual([[], 0, 0])
    }
  })

  test('nobody is absent before the shift is over', () => {
    const shift = { ...MORNING, sections: [{ in: '09:30', out: '18:00' }] }
    const day = judged({ shift, now: '2026-03-10T09:01' })
    expect([day.results, day.minutes.absent]).toEqual([['pending', 'pending'], 0])
  })

  test('the last day of a job without punches is absent; the day after it is none', () => {
    expect(judged({ shift: MORNING }).minutes.absent).toBe(240)
    expect(judged({ shift: MORNING, dayType: 'not_employed' }).minutes).toMatchObject({ required: 0, absent: 0 }) // prettier-ignore
  })

  test('first to last of five punches are six and a half hours', () => {
    const shift = { kind: 'free', requiredMin: 390, dayBoundary: '00:00' }
    const punches = at('11:30', '13:00', '13:30', '16:30', '18:00')
    expect(judged({ shift, punches }).minutes).toMatchObject({ worked: 390, short: 0 })
  })

  test('a punch within an hour of the shift is its own, one a minute later is nobody’s', () => {
    const punched = (...times: string[]) => judged({ shift: MORNING, punches: at(...times) }).punches // prettier-ignore
    expect(punched('07:00')).toEqual(['07:00', null])
    expect(punched('08:45')).toEqual(['08:45', null])
    expect(punched('13:00')).toEqual([null, '13:00'])
    expect(punched('13:01')).toEqual([null, null])
    expect(punched('06:59')).toEqual([null, null])
  })

  test('half past twelve begins the afternoon where two shifts follow each other', () => {
    const shift = { ...MORNING, sections: [...MORNING.sections, { in: '12:30', out: '16:30' }] }
    expect(judged({ shift, punches: at('08:00', '12:30') }).punches).toEqual(['08:00', null, '12:30', null]) // prettier-ignore
  })

  test('a night belongs to the date it began on, from an hour before it to an hour after', () => {
    const night = (out: string, punches: string[]) => judged({ shift: { ...MORNING, sections: [{ in: '23:00', out }] }, punches }).punches // prettier-ignore
    expect(night('25:00', ['2026-03-10T23:00'])).toEqual(['23:00', null])
    expect(night('25:00', ['2026-03-10T22:00', '2026-03-11T02:00'])).toEqual(['22:00', '02:00'])
    expect(night('25:00', ['2026-03-10T21:59', '2026-03-11T02:01'])).toEqual([null, null])
    expect(night('31:00', ['2026-03-11T07:00'])).toEqual([null, '07:00'])
  })

  test('without a shift on the date a punch is nobody’s: outside of an assignment, before it and after', () => {
    for (const punch of ['2026-03-09T23:00', '2026-03-10T00:30', '2026-03-10T12:45']) {
      const day = judged({ shift: null, dayType: 'unscheduled', punches: [punch] })
      expect([day.results, day.minutes.required]).toEqual([[], 0])
    }
  })
})

const BY_PUNCHES: OvertimeRule = { by: 'punches', leastMin: 0, stepMin: 1, mostMin: null, beforeShift: true, afterMin: 0, rest: null, as: 'pay', factor: 1 } // prettier-ignore
const WORK = { begins: 480, ends: 1020 }

function overtimeOf(given: object, rule = BY_PUNCHES): number {
  const input = inputOf(LedgerCase.parse({ ...DAY, shift: OFFICE, ...given }))
  const work = input.dayType === 'workday' && input.shift?.kind === 'fixed' ? WORK : null
  const { minutes } = ledgerOf({
    ...input,
    overtime: overtimeAsked(rule, [], { work, owns: () => true }),
  })
  return overtimeCounted(rule, minutes.overtime)
}

describe('overtime by punches (Odoo)', () => {
  test('an hour after five is an hour, also in Brussels', () => {
    const punches = at('08:00', '12:00', '13:00', '18:00')
    for (const zone of ['UTC', 'Europe/Brussels']) expect(overtimeOf({ zone, punches })).toBe(60)
  })

  test('all of a Saturday is overtime', () => {
    expect(overtimeOf({ dayType: 'restday', punches: at('08:00', '11:00') })).toBe(180)
  })

  test('an hour before and an hour after are two', () => {
    expect(overtimeOf({ punches: at('07:00', '18:00') })).toBe(120)
  })

  test('a day without its last punch proves none', () => {
    expect(overtimeOf({ punches: at('08:00') })).toBe(0)
  })

  test('above the threshold every minute counts, below it none', () => {
    const rule = { ...BY_PUNCHES, leastMin: 9 }
    expect(overtimeOf({ punches: at('07:55', '12:00', '13:00', '17:05') }, rule)).toBe(10)
    expect(overtimeOf({ punches: at('07:56', '12:00', '13:00', '17:04') }, rule)).toBe(0)
  })

  test('a night’s work is booked on the local date (its early end is told apart, not set off)', () => {
    const given = { zone: 'Europe/Brussels', date: '2024-05-28', now: '2024-05-30T00:00', punches: ['2024-05-28T01:30', '2024-05-28T15:30'] } // prettier-ignore
    const early = judged({ shift: OFFICE, ...given }).minutes.early
    expect([overtimeOf(given), early]).toEqual([390, 90])
    expect(overtimeOf(given) - early).toBe(5 * 60) // what theirs says in one number
  })

  test('eight free hours make none, in one piece or in three', () => {
    for (const punches of [
      at('08:00', '16:00'),
      at('08:00', '12:00', '13:00', '15:00', '16:00', '18:00'),
    ]) {
      // prettier-ignore
      const { minutes } = judged({ shift: EIGHT_HOURS, punches })
      expect(minutes).toMatchObject({ worked: 480, short: 0, overtime: 0 })
    }
  })

  test('two hours of eight leave six, in Tokyo too', () => {
    const { late, early, worked } = judged({ zone: 'Asia/Tokyo', shift: OFFICE, punches: at('10:00', '13:00') }).minutes // prettier-ignore
    expect([worked, late + early]).toEqual([120, 360])
  })

  test('a forgotten punch out stays missing; nobody invents one', () => {
    const day = judged({ shift: OFFICE, punches: at('08:00') })
    expect(day.results).toEqual(['normal', 'missing'])
    expect(day.punches).toEqual(['08:00', null])
  })
})
