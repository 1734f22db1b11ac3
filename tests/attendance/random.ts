import fc from 'fast-check'
import { Shift, type DayInput } from '../../backend/contract/attendance.ts'

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

const some = (most: number) => fc.integer({ min: 0, max: most })
/** Often the edge itself: round numbers meet dues, windows and middles. */
const near = (from: number, to: number) =>
  fc.oneof(fc.integer({ min: from, max: to }), fc.integer({ min: Math.ceil(from / 30), max: Math.floor(to / 30) }).map((each) => each * 30)) // prettier-ignore

const punched = fc.record({
  graceLateMin: some(15),
  graceEarlyMin: some(15),
  seriousLateMin: fc.option(fc.integer({ min: 10, max: 60 })),
  absentLateMin: fc.option(fc.integer({ min: 30, max: 200 })),
  windowBeforeMin: some(240),
  windowAfterMin: some(360),
  uploadGraceMin: some(180),
})

/** Sections one after the other from somewhere in the day, some over midnight, with rests inside or at an edge. */
const section = fc.record({ gap: some(180), length: fc.integer({ min: 30, max: 600 }), rest: fc.array(fc.tuple(some(590), fc.integer({ min: 5, max: 90 })), { maxLength: 2 }) }) // prettier-ignore

const sectionsFrom = (
  begin: number,
  parts: { gap: number; length: number; rest: [number, number][] }[],
) => {
  // prettier-ignore
  let at = begin
  return parts.map(({ gap, length, rest }) => {
    const from = at + gap
    at = Math.min(from + length, 2879)
    const inside = rest
      .map(([offset, size]) => [
        from + (offset % length),
        Math.min(from + (offset % length) + size, at),
      ]) // prettier-ignore
      .filter(([a = 0, b = 0]) => b > a)
    return { in: clock(from), out: clock(at), rest: inside.map((each) => each.map(clock)) }
  })
}

const begins = near(0, 1400)
const fixed = fc
  .tuple(begins, fc.array(section, { minLength: 1, maxLength: 3 }), punched)
  .map(([begin, parts, rules]) => ({ kind: 'fixed', sections: sectionsFrom(begin, parts), ...rules })) // prettier-ignore
const flexible = fc
  .tuple(begins, fc.oneof({ weight: 2, arbitrary: fc.tuple(section) }, { weight: 1, arbitrary: fc.array(section, { minLength: 2, maxLength: 3 }) }), punched, some(90), fc.option(some(90))) // prettier-ignore
  .map(([begin, parts, rules, flexMin, flexEarlyMin]) => ({ kind: 'flexible', flexMin, flexEarlyMin, sections: sectionsFrom(begin, parts), ...rules })) // prettier-ignore
const free = fc
  .tuple(fc.integer({ min: 1, max: 600 }), some(480), fc.oneof(fc.constant(0), some(600)), fc.array(fc.tuple(near(0, 1400), fc.integer({ min: 5, max: 90 })), { maxLength: 2 })) // prettier-ignore
  .map(([requiredMin, boundary, apartMin, rest]) => ({ kind: 'free', requiredMin, apartMin, dayBoundary: clock(boundary), rest: rest.map(([from, size]) => [clock(from), clock(from + size)]) })) // prettier-ignore

export const shifts = fc.oneof({ weight: 5, arbitrary: fixed }, { weight: 2, arbitrary: flexible }, { weight: 2, arbitrary: free }).filter((each) => Shift.safeParse(each).success).map((each) => Shift.parse(each)) // prettier-ignore

const span = fc
  .tuple(near(-300, 2300), fc.integer({ min: 1, max: 700 }))
  .map(([from, size]) => ({ from, to: from + size }))
const overtime = fc
  .tuple(
    span,
    fc.constantFrom({}, {}, {}, { alone: true }, { byRule: true }, { byRule: true, follows: true }),
  ) // prettier-ignore
  .map(([each, more]) => ({ ...each, ...more }))
const clockRest = fc
  .array(fc.tuple(near(0, 2800), fc.integer({ min: 5, max: 90 })), { minLength: 1, maxLength: 2 })
  .map((times) => ({ by: 'clock' as const, times: times.map(([from, size]) => [clock(from), clock(Math.min(2880, from + size))] satisfies [string, string]) })) // prettier-ignore
const lengthRest = fc
  .array(fc.tuple(fc.integer({ min: 10, max: 240 }), some(120)), { minLength: 1, maxLength: 3 })
  .map((steps) => {
    let fromMin = 0
    const lines = steps.map(([step, most]) => {
      fromMin += step
      return { fromMin, restMin: Math.min(fromMin, most) }
    })
    return { by: 'length' as const, lines }
  })
const dueName = fc.constantFrom('in1', 'out1', 'in2', 'out2', 'in3', 'out3')

/** Days of every kind, with evidence of every kind. */
export const days: fc.Arbitrary<DayInput> = fc.record({
  zone: fc.constant('Asia/Shanghai'),
  date: fc.constant('2026-03-10'),
  dayType: fc.oneof(
    { weight: 8, arbitrary: fc.constant('workday' as const) },
    { weight: 1, arbitrary: fc.constantFrom('restday' as const, 'holiday' as const) },
  ),
  now: near(0, 3600),
  shift: fc.option(shifts, { freq: 20 }),
  punches: fc.array(near(-200, 2400).map((at) => ({ at })), { maxLength: 6 }), // prettier-ignore
  leaves: fc.array(span.map((each) => ({ ...each, kind: 'annual' })), { maxLength: 2 }), // prettier-ignore
  outings: fc.array(span, { maxLength: 2 }),
  corrections: fc.array(fc.record({ due: dueName, at: near(0, 2000) }), { maxLength: 2 }),
  allowance: fc.option(fc.record({ lateMin: some(90), after: near(-400, 0) }), { freq: 5, nil: undefined }), // prettier-ignore
  overtime: fc.array(overtime, { maxLength: 2 }),
  overtimeRest: fc.option(fc.oneof(clockRest, lengthRest), { nil: undefined }),
})
