import assert from 'node:assert/strict'
import { DayInput, Shift } from '../../backend/contract/attendance.ts'
import type { Check } from './checks.ts'

type LedgerOf = Parameters<Check['run']>[0]

const DAY = { zone: 'Asia/Shanghai', date: '2026-03-10', dayType: 'workday', now: 3000 }
export const NINE_TO_SIX = { kind: 'fixed', sections: [{ in: '09:00', out: '18:00', rest: [['12:00', '13:00']] }], graceLateMin: 5 } // prettier-ignore

const dayBy = (ledgerOf: LedgerOf) => (shift: object | null, punches: (number | object)[], more: object = {}) =>
  ledgerOf(DayInput.parse({ ...DAY, shift: shift && Shift.parse(shift), punches: punches.map((at) => (typeof at === 'number' ? { at } : at)), ...more })) // prettier-ignore

/** Days written by hand, each for one rule that chance seldom meets. */
export const directChecks: Check[] = [
  {
    name: 'where nobody punches out an in proves the rest of its section',
    run: (ledgerOf) => {
      const day = dayBy(ledgerOf)
      const { due, minutes, punches } = day({ ...NINE_TO_SIX, noOut: true }, [550, 700, 1090])
      assert.deepEqual(due, [{ due: 'in1', at: 540, result: 'late', punch: 550, corrected: false, lateMin: 10, closesAt: 1440 }]) // prettier-ignore
      assert.deepEqual(
        punches.map(({ use }) => use),
        ['in1', 'between', 'between'],
      )
      const { required, late, worked, unproven } = minutes
      assert.deepEqual({ required, late, worked, unproven }, { required: 480, late: 10, worked: 470, unproven: 0 }) // prettier-ignore
      assert.equal(day({ ...NINE_TO_SIX, noOut: true }, []).minutes.absent, 480)
      const evening = day({ ...NINE_TO_SIX, noOut: true }, [1075])
      assert.equal(evening.due[0]?.punch, 1075) // the nearer due is the out, which nobody punches
    },
  },
  {
    name: 'after a late evening one may come later to the first section, and the reasoning says so',
    run: (ledgerOf) => {
      const allowance = { lateMin: 60, after: -120 }
      const { due, minutes, explanation } = dayBy(ledgerOf)(NINE_TO_SIX, [580, 1080], { allowance }) // prettier-ignore
      assert.equal(due[0]?.result, 'normal')
      assert.deepEqual([minutes.forgiven, minutes.worked, minutes.late], [40, 440, 0])
      assert.deepEqual(explanation[1], { code: 'allowance', values: { due: 'in1', dueAt: 540, punchAt: 580, lateMin: 40, graceMin: 5, allowedMin: 60, afterAt: -120 } }) // prettier-ignore
      const halves = { kind: 'fixed', graceLateMin: 5, sections: [{ in: '09:00', out: '12:00' }, { in: '13:00', out: '18:00' }] } // prettier-ignore
      const split = dayBy(ledgerOf)(halves, [600, 720, 800, 1080], { allowance })
      assert.deepEqual(split.due.map(({ result }) => result), ['normal', 'normal', 'late', 'normal']) // prettier-ignore
      const small = dayBy(ledgerOf)(NINE_TO_SIX, [545, 1080], { allowance: { lateMin: 2, after: -9 } }) // prettier-ignore
      assert.equal(small.due[0]?.result, 'normal') // the grace of the shift is more
    },
  },
  {
    name: 'the reasoning names every step of a day as codes and numbers, in this order',
    run: (ledgerOf) => {
      const input = { leaves: [{ kind: 'sick', from: 540, to: 720 }], overtime: [{ from: 1080, to: 1200 }], corrections: [{ due: 'out1', at: 1080 }] } // prettier-ignore
      const { explanation } = dayBy(ledgerOf)(NINE_TO_SIX, [300, 775, 790, 791, 900, 1150], input)
      assert.deepEqual(explanation.map(({ code }) => code), ['required', 'due_moved', 'outside', 'between', 'repeated', 'between', 'in_normal', 'corrected', 'out_normal', 'leave', 'overtime']) // prettier-ignore
    },
  },
  {
    name: 'each result has its reason, at the very minute where it begins',
    run: (ledgerOf) => {
      const shift = { ...NINE_TO_SIX, seriousLateMin: 30, absentLateMin: 120, graceEarlyMin: 5 }
      const reasons = (punches: number[], more: object = {}) =>
        dayBy(ledgerOf)(shift, punches, more).explanation.map(({ code }) => code).slice(1).join(' ') // prettier-ignore
      assert.equal(reasons([545, 1075]), 'in_forgiven out_forgiven')
      assert.equal(reasons([546, 1074]), 'in_late out_early')
      assert.equal(reasons([569, 1080]), 'in_late out_normal')
      assert.equal(reasons([570, 1080]), 'in_serious_late out_normal')
      assert.equal(reasons([659, 1080]), 'in_serious_late out_normal')
      assert.equal(reasons([660, 1080]), 'in_absent out_normal')
      assert.equal(reasons([540]), 'in_normal missing')
      assert.equal(reasons([1080]), 'missing out_normal')
      assert.equal(reasons([810]), 'in_absent missing') // as near to both: the in
      assert.equal(reasons([811]), 'missing out_early')
      assert.equal(reasons([]), 'absent absent')
      assert.equal(reasons([], { now: 1439 }), 'pending pending') // 18:00, four hours, two hours of grace
      assert.equal(reasons([], { now: 1440 }), 'absent absent')
      assert.equal(reasons([], { leaves: [{ kind: 'x', from: 0, to: 1440 }] }), 'excused excused leave') // prettier-ignore
      assert.equal(reasons([540, 1080], { outings: [{ from: 600, to: 660 }], overtime: [{ from: 1100, to: 1200 }] }), 'in_normal out_normal outing overtime_unproven') // prettier-ignore
    },
  },
  {
    name: 'two punches of one minute are one, and which one stays depends on nothing but themselves',
    run: (ledgerOf) => {
      const two = [{ at: 535, id: 'b', source: 'wecom' }, { at: 535, id: 'a', source: 'wecom' }, { at: 536, id: '0', source: 'device' }, { at: 1085, id: 'z' }, { at: 1085, id: 'y', source: 'checkin' }] // prettier-ignore
      const used = (punches: object[]) =>
        dayBy(ledgerOf)(NINE_TO_SIX, punches).punches.filter(({ use }) => use !== 'repeated').map(({ id, use }) => `${id} ${use}`) // prettier-ignore
      assert.deepEqual(used(two), ['a in1', 'z out1'])
      assert.deepEqual(used([...two].reverse()), ['a in1', 'z out1'])
    },
  },
  {
    name: 'a window has its ends in it, and not one minute more',
    run: (ledgerOf) => {
      const uses = (at: number) => dayBy(ledgerOf)(NINE_TO_SIX, [at]).punches[0]?.use
      assert.deepEqual([419, 420, 1320, 1321].map(uses), ['outside', 'in1', 'out1', 'outside'])
      const halves = { kind: 'fixed', sections: [{ in: '09:00', out: '12:00' }, { in: '13:01', out: '18:00' }] } // prettier-ignore
      const split = (at: number) => dayBy(ledgerOf)(halves, [at]).punches[0]?.use
      assert.deepEqual([750, 751].map(split), ['out1', 'in2']) // 12:00 to 13:01: the middle, rounded down, is the earlier one's
    },
  },
  {
    name: 'flexible hours move with the first punch, as far as each way allows',
    run: (ledgerOf) => {
      const flexible = { ...NINE_TO_SIX, kind: 'flexible', flexMin: 30, flexEarlyMin: 15 }
      const moved = (at: number, shift: object = flexible) => {
        const { movedMin, due } = dayBy(ledgerOf)(shift, [at, 1110])
        return [movedMin, ...due.map((each) => each.at)]
      }
      assert.deepEqual(moved(560), [20, 560, 1100])
      assert.deepEqual(moved(600), [30, 570, 1110])
      assert.deepEqual(moved(530), [-10, 530, 1070])
      assert.deepEqual(moved(500), [-15, 525, 1065])
      assert.deepEqual(moved(500, { ...flexible, flexEarlyMin: null }), [-30, 510, 1050])
      assert.deepEqual(moved(560, NINE_TO_SIX), [0, 540, 1080])
    },
  },
  {
    name: 'a day that requires nothing, and one before somebody came, keep the punches and say so',
    run: (ledgerOf) => {
      for (const dayType of ['restday', 'holiday', 'unscheduled', 'not_employed']) {
        const { minutes, punches, explanation, due, pieces } = dayBy(ledgerOf)(NINE_TO_SIX, [540, 541, 700], { dayType }) // prettier-ignore
        assert.deepEqual(explanation, [{ code: dayType, values: {} }, { code: 'repeated', values: { punchAt: 541 } }]) // prettier-ignore
        assert.deepEqual([minutes.required, due, pieces], [0, [], []])
        assert.deepEqual(
          punches.map(({ use }) => use),
          ['day', 'repeated', 'day'],
        )
      }
      const over = { dayType: 'holiday', overtime: [{ from: 600, to: 700 }, { from: 650, to: 900 }] } // prettier-ignore
      assert.deepEqual(dayBy(ledgerOf)(null, [540, 800], over).overtime, [{ from: 600, to: 800 }])
      assert.deepEqual(dayBy(ledgerOf)(null, [540], over).overtime, [])
      assert.equal(dayBy(ledgerOf)(null, []).explanation[0]?.code, 'unscheduled')
    },
  },
  {
    name: 'free hours take leave, then outing, then what lies between the punches, each with its place',
    run: (ledgerOf) => {
      const free = { kind: 'free', requiredMin: 480, dayBoundary: '04:00', rest: [['12:00', '13:00']] } // prettier-ignore
      const { pieces, minutes, punches } = dayBy(ledgerOf)(free, [238, 240, 600, 1679, 1681], { leaves: [{ kind: 'x', from: 300, to: 420 }], outings: [{ from: 400, to: 480 }] }) // prettier-ignore
      assert.deepEqual(pieces, [
        { from: 240, to: 300, kind: 'worked' },
        { from: 300, to: 420, kind: 'leave' },
        { from: 420, to: 480, kind: 'outing' },
        { from: 480, to: 720, kind: 'worked' },
      ]) // prettier-ignore
      assert.deepEqual([minutes.leave, minutes.outing, minutes.worked, minutes.short], [120, 60, 300, 0]) // prettier-ignore
      assert.deepEqual(
        punches.map(({ use }) => use),
        ['outside', 'day', 'day', 'day', 'outside'],
      )
      assert.deepEqual(dayBy(ledgerOf)(free, []).explanation.map(({ code }) => code), ['free_required', 'free_none']) // prettier-ignore
      assert.equal(dayBy(ledgerOf)(free, [600]).minutes.unproven, 480)
      assert.equal(dayBy(ledgerOf)(free, [600, 900]).minutes.short, 240)
    },
  },
  {
    name: 'one minute is enough: without a grace, of free hours, of lateness as it is told',
    run: (ledgerOf) => {
      const day = dayBy(ledgerOf)
      const strict = { kind: 'fixed', sections: [{ in: '09:00', out: '12:00' }, { in: '13:00', out: '18:00' }] } // prettier-ignore
      const told = (punches: number[]) => day(strict, punches).due.map(({ result, lateMin }) => `${result} ${lateMin}`) // prettier-ignore
      assert.deepEqual(told([541, 719, 781, 1079]), ['late 1', 'early 1', 'late 1', 'early 1'])
      assert.deepEqual(told([539, 721, 780, 1090]), ['normal 0', 'normal 0', 'normal 0', 'normal 0']) // prettier-ignore
      assert.deepEqual(told([]), ['absent 0', 'absent 0', 'absent 0', 'absent 0'])
      const codes = (requiredMin: number, punches: number[]) =>
        day({ kind: 'free', requiredMin }, punches).explanation.map(({ code, values }) => `${code} ${Object.values(values).join(' ')}`) // prettier-ignore
      assert.deepEqual(codes(301, [600, 900]), ['free_required 301', 'short 1 300'])
      assert.deepEqual(codes(1, [600]), ['free_required 1', 'free_one 1'])
      assert.deepEqual(codes(1, []), ['free_required 1', 'free_none 1'])
      assert.deepEqual(codes(300, [600, 900]), ['free_required 300'])
    },
  },
  {
    name: 'overtime whose approval counts alone needs no punch, and no required minute is in it',
    run: (ledgerOf) => {
      const told = (punches: number[], overtime: object[]) => {
        const { minutes, overtime: spans, explanation } = dayBy(ledgerOf)(NINE_TO_SIX, punches, { overtime }) // prettier-ignore
        return [minutes.overtime, spans, explanation.at(-1)]
      }
      const evening = { from: 1020, to: 1140 }
      const counted = { code: 'overtime_alone', values: { overtimeMin: 60 } }
      assert.deepEqual(told([], [{ ...evening, alone: true }]), [60, [{ from: 1080, to: 1140 }], counted]) // prettier-ignore
      assert.deepEqual(told([540, 1100], [{ ...evening, alone: true }]), [60, [{ from: 1080, to: 1140 }], counted]) // prettier-ignore
      assert.deepEqual(told([540, 1100], [{ ...evening, alone: false }]), [20, [{ from: 1080, to: 1100 }], { code: 'overtime', values: { overtimeMin: 20 } }]) // prettier-ignore
      const both = [
        { ...evening, alone: true },
        { from: 1130, to: 1200 },
      ]
      assert.deepEqual(told([540, 1180], both).slice(0, 2), [100, [{ from: 1080, to: 1180 }]])
      assert.deepEqual(told([], [{ from: 600, to: 660, alone: true }]), [0, [], { code: 'overtime_none', values: {} }]) // prettier-ignore
      const rest = dayBy(ledgerOf)(NINE_TO_SIX, [], { dayType: 'restday', overtime: [{ ...evening, alone: true }] }) // prettier-ignore
      assert.equal(rest.minutes.overtime, 120)
    },
  },
  {
    name: 'flexible hours of several sections move the first in and the last out together, and nothing between',
    run: (ledgerOf) => {
      const halves = { kind: 'flexible', flexMin: 30, flexEarlyMin: 20, sections: [{ in: '09:00', out: '12:00' }, { in: '13:00', out: '18:00' }] } // prettier-ignore
      const told = (punches: number[], more: object = {}) => {
        const { movedMin, due, minutes, explanation } = dayBy(ledgerOf)(halves, punches, more)
        return [movedMin, due.map((each) => each.at), minutes.required, minutes.worked, explanation[1]?.code] // prettier-ignore
      }
      assert.deepEqual(told([560, 720, 780, 1100]), [20, [560, 720, 780, 1100], 480, 480, 'flexed_ends']) // prettier-ignore
      assert.deepEqual(told([600, 720, 780, 1110]), [30, [570, 720, 780, 1110], 480, 450, 'flexed_ends']) // prettier-ignore
      assert.deepEqual(told([500, 720, 780, 1060]), [-20, [520, 720, 780, 1060], 480, 480, 'flexed_ends']) // prettier-ignore
      assert.deepEqual(told([540, 720, 790, 1080]).slice(0, 3), [0, [540, 720, 780, 1080], 480])
      assert.deepEqual(told([780, 1080]).slice(0, 2), [0, [540, 720, 780, 1080]]) // nobody came in the morning
      const fixed = told([700, 720, 780, 1100], { corrections: [{ due: 'in1', at: 560 }] })
      assert.deepEqual(fixed.slice(0, 2), [20, [560, 720, 780, 1100]])
      const moved = { leaves: [{ kind: 'x', from: 780, to: 840 }] }
      assert.deepEqual(told([560, 720, 840, 1100], moved).slice(0, 2), [20, [560, 720, 840, 1100]])
    },
  },
  {
    name: 'free hours: a punch too soon after the first is no out, at the very minute',
    run: (ledgerOf) => {
      const free = { kind: 'free', requiredMin: 480, apartMin: 120 }
      const told = (punches: number[]) => {
        const { minutes, punches: uses, explanation } = dayBy(ledgerOf)(free, punches)
        return [minutes.worked, minutes.unproven, uses.map(({ use }) => use).join(' '), explanation[1]] // prettier-ignore
      }
      const early = { code: 'too_soon', values: { punchAt: 659, apartMin: 120 } }
      assert.deepEqual(told([540, 659]), [0, 480, 'day too_soon', early])
      assert.deepEqual(told([540, 660]).slice(0, 3), [120, 0, 'day day'])
      assert.deepEqual(told([540, 600, 659, 1020]).slice(0, 3), [480, 0, 'day too_soon too_soon day']) // prettier-ignore
      const { overtime } = dayBy(ledgerOf)(free, [540, 600], { overtime: [{ from: 540, to: 600 }] })
      assert.deepEqual(overtime, [])
    },
  },
  {
    name: 'rests within overtime do not count: at times of the clock, or by the last line that it reaches',
    run: (ledgerOf) => {
      const told = (overtimeRest: object, to: number) => {
        const { minutes, overtime, explanation } = dayBy(ledgerOf)(NINE_TO_SIX, [540, to], { overtime: [{ from: 1080, to: 1800 }], overtimeRest }) // prettier-ignore
        return [minutes.overtime, overtime, explanation.slice(3)]
      }
      const proven = (to: number) => [{ from: 1080, to }]
      const supper = { by: 'clock', times: [['18:30', '19:00'], ['18:45', '19:15']] } // prettier-ignore
      const counted = (overtimeMin: number) => ({ code: 'overtime', values: { overtimeMin } })
      assert.deepEqual(told(supper, 1110), [30, proven(1110), [counted(30)]])
      assert.deepEqual(told(supper, 1200), [75, proven(1200), [{ code: 'overtime_rest_clock', values: { provenMin: 120, restMin: 45 } }, counted(75)]]) // prettier-ignore
      const lines = { by: 'length', lines: [{ fromMin: 120, restMin: 30 }, { fromMin: 200, restMin: 60 }] } // prettier-ignore
      assert.deepEqual(told(lines, 1199), [119, proven(1199), [counted(119)]])
      assert.deepEqual(told(lines, 1200), [90, proven(1200), [{ code: 'overtime_rest_length', values: { provenMin: 120, restMin: 30, fromMin: 120 } }, counted(90)]]) // prettier-ignore
      assert.deepEqual(told(lines, 1279).slice(0, 1), [169])
      assert.deepEqual(told(lines, 1280).slice(0, 1), [140])
      const all = { by: 'clock', times: [['18:00', '20:00']] }
      assert.deepEqual(told(all, 1140), [0, proven(1140), [{ code: 'overtime_rest_clock', values: { provenMin: 60, restMin: 60 } }, counted(0)]]) // prettier-ignore
      const idle = dayBy(ledgerOf)(null, [540, 1020], { dayType: 'restday', overtime: [{ from: 540, to: 1020 }], overtimeRest: { by: 'clock', times: [['12:00', '13:00']] } }) // prettier-ignore
      assert.equal(idle.minutes.overtime, 420)
      const free = dayBy(ledgerOf)({ kind: 'free', requiredMin: 60 }, [540, 1020], { overtime: [{ from: 540, to: 1020 }], overtimeRest: lines }) // prettier-ignore
      assert.equal(free.minutes.overtime, 420)
    },
  },
  {
    name: 'overtime by rule begins after work wherever flexible hours moved its end, and is not called approved',
    run: (ledgerOf) => {
      const flexible = { ...NINE_TO_SIX, kind: 'flexible', flexMin: 30 }
      const evening = { from: 1110, to: 3000, byRule: true, follows: true } // half an hour after work
      const told = (punches: number[], overtime: object[] = [evening]) => {
        const { minutes, explanation } = dayBy(ledgerOf)(flexible, punches, { overtime })
        return [minutes.overtime, explanation.at(-1)?.code]
      }
      assert.deepEqual(told([540, 1170]), [60, 'overtime_ruled'])
      assert.deepEqual(told([570, 1170]), [30, 'overtime_ruled'])
      assert.deepEqual(told([510, 1170]), [90, 'overtime_ruled'])
      assert.deepEqual(told([570, 1170], [{ ...evening, follows: false }]), [60, 'overtime_ruled'])
      assert.deepEqual(told([540, 1080]), [0, 'out_normal'])
      assert.deepEqual(told([540, 1080], [evening, { from: 1090, to: 1100 }]), [0, 'overtime_unproven']) // prettier-ignore
      assert.deepEqual(told([540, 1170], [evening, { from: 1090, to: 1100 }]), [70, 'overtime'])
    },
  },
]
