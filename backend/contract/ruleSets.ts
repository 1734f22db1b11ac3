/**
 * Attendance rules: what a company asks of whom, versioned and dated. All that WeCom's 打卡规则 can say has a
 * place here, so that they import without loss; `wecom` keeps what only concerns WeCom itself.
 */
import { z } from 'zod'
import { minuteOf, OvertimeRest, Shift } from './attendance.ts'
import { IsoDate, Millis, PersonId } from './terms.ts'

export const ShiftId = z.string().min(1).max(64)
const Name = z.string().trim().min(1).max(60)
const Minutes = z.number().int().min(0, 'must not be negative').max(2880)

/** Left so long after the due out: so much later one may come the next day (WeCom's 次日晚到). */
const LateAfterOvertime = z.object({ outAfterMin: Minutes, lateMin: Minutes })

/** A shift of a rule set: what it asks, and how it is called and counted. */
export const NamedShift = z
  .object({
    id: ShiftId,
    name: Name,
    days: z.union([z.literal(1), z.literal(0.5)]).default(1), // of attendance that it counts for
    asks: Shift,
    remindInMin: Minutes.nullable().default(10), // before a due in; null: no reminder
    remindOutMin: Minutes.nullable().default(0), // after a due out
    lateAfterOvertime: z.array(LateAfterOvertime).optional(), // after an evening of this shift; left out: as the rule set says
  })
  .superRefine(({ asks }, context) => {
    if (asks.kind === 'free') return
    for (const [index, section] of asks.sections.entries())
      for (const [place, [from, to]] of section.rest.entries())
        if (minuteOf(from) < minuteOf(section.in) || minuteOf(to) > minuteOf(section.out))
          context.addIssue({
            code: 'custom',
            path: ['asks', 'sections', index, 'rest', place],
            message: 'must lie inside its section',
          })
    if (minuteOf(asks.sections[0]?.in ?? '00:00') >= 1440)
      context.addIssue({
        code: 'custom',
        path: ['asks', 'sections', 0, 'in'],
        message: 'must be before 24:00: a shift begins on its work date',
      })
  })
export type NamedShift = z.infer<typeof NamedShift>

/** A date of the rule set's own: a shift, or none. */
const Special = z.object({ date: IsoDate, shiftId: ShiftId.nullable(), note: z.string().max(200).default('') }) // prettier-ignore

const Week = z.array(ShiftId.nullable()).length(7, 'must have seven days, Monday first')

/** How much of overtime counts, and as what. */
const Overtime = z.object({
  by: z.enum(['request', 'punches', 'either', 'approval', 'none']).default('request'), // request: approved and proven; approval: without punches
  leastMin: Minutes.default(0), // less than this is none
  stepMin: z.number().int().min(1).max(240).default(1), // counted in whole steps, rounded down
  mostMin: Minutes.nullable().default(null), // a day
  beforeShift: z.boolean().default(false), // `punches`: early minutes count too
  afterMin: Minutes.default(0), // `punches`: begins so long after the due out
  rest: OvertimeRest.nullable().default(null), // within it; before least, step and most
  as: z.enum(['pay', 'leave', 'choice']).default('pay'), // leave: time off in lieu
  factor: z.number().min(0).max(10), // of pay or of lieu minutes
})
export type OvertimeRule = z.infer<typeof Overtime>

/** "Three lates make half a day absent." */
const Counter = z.object({
  counts: z
    .array(z.enum(['late', 'serious_late', 'early', 'missing', 'absent', 'corrected']))
    .min(1),
  over: z.enum(['month', 'week']).default('month'),
  free: z.number().int().min(0).max(99).default(0), // the first so many are let pass
  freeMin: Minutes.default(0), // of lates, only those up to so many minutes are let pass; 0: all
  every: z.number().int().min(1).max(99), // each so many of the rest
  makes: z.enum(['absent_half_day', 'absent_day', 'notice']),
})
export type CounterRule = z.infer<typeof Counter>

const Corrections = z.object({
  perMonth: z.number().int().min(0).max(99).nullable().default(3), // null: as many as one likes
  withinDays: z.number().int().min(0).max(180).nullable().default(7), // after the day; null: any time
  untilDay: z.number().int().min(1).max(28).nullable().default(3), // of the next month, last day for it
  kinds: z.array(z.enum(['late', 'early', 'missing', 'absent'])).default(['late', 'early', 'missing', 'absent']), // prettier-ignore
  remind: z.boolean().default(true),
})

/** Work outside of the company's places. */
const Outside = z.object({
  punch: z.enum(['normal', 'outing', 'flag', 'refuse']).default('flag'), // a punch away from every place
  customerCheckin: z.enum(['punch', 'none']).default('punch'), // a check-in at a customer is a punch
  visit: z.enum(['outing', 'none']).default('none'), // a proven visit is outing time
  visitLeastMin: Minutes.default(5),
})

const Place = z.object({
  lng: z.number(), // as WeCom has it: GCJ-02
  lat: z.number(),
  title: z.string(),
  detail: z.string().default(''),
  metres: z.number().min(0),
})

/** What WeCom's rules can say and only its own punching uses; kept so that nothing is lost. */
const FromWecom = z.object({
  groupId: z.number().int(),
  groupType: z.union([z.literal(1), z.literal(2), z.literal(3)]), // fixed, shifts, free
  punchBy: z.enum(['phone', 'device', 'both']).default('phone'),
  places: z.array(Place).default([]),
  wifi: z.array(z.object({ name: z.string(), mac: z.string() })).default([]),
  needPhoto: z.boolean().default(false),
  noteMayUseAlbum: z.boolean().default(false),
  punchOnRestDays: z.boolean().default(true),
  applyOnRestDays: z.boolean().default(true),
  exempt: z.array(z.string()).default([]), // white_users
  raw: z.unknown(), // the whole answer
})

export const Rules = z
  .object({
    shifts: z.array(NamedShift).min(1),
    week: Week, // the shift of each weekday, Monday first; null rests
    cycle: z
      .object({
        from: IsoDate,
        shifts: z.array(ShiftId.nullable()).min(1).max(366),
        makeUp: z.boolean().default(false), // a rest in it gives way to the first shift on make-up workdays, as in a week
      }) // rotation; stands instead of the week
      .nullable()
      .default(null),
    calendar: z.string().max(16).nullable().default('CN'), // whose holidays and make-up days hold; null: none
    restOnHolidays: z.boolean().default(true), // also of a rotation
    specials: z.array(Special).default([]),
    overtime: z.object({ workday: Overtime, restday: Overtime, holiday: Overtime }),
    lateAfterOvertime: z.array(LateAfterOvertime).default([]), // of shifts without a word of their own
    counters: z.array(Counter).default([]),
    corrections: Corrections,
    outside: Outside,
    dutyBeforeMin: Minutes.default(0), // positions are taken so long before the shift
    dutyAfterMin: Minutes.default(0),
    exempt: z.array(PersonId).default([]), // need not punch
    wecom: FromWecom.nullable().default(null),
  })
  .superRefine((rules, context) => {
    const known = new Set<string>()
    for (const [index, { id }] of rules.shifts.entries()) {
      if (known.has(id)) context.addIssue({ code: 'custom', path: ['shifts', index, 'id'], message: 'must be unique' }) // prettier-ignore
      known.add(id)
    }
    const refuse = (path: (string | number)[], id: string | null) => {
      if (id !== null && !known.has(id))
        context.addIssue({ code: 'custom', path, message: 'must be a shift of this rule set' })
    }
    rules.week.forEach((id, index) => refuse(['week', index], id))
    rules.cycle?.shifts.forEach((id, index) => refuse(['cycle', 'shifts', index], id))
    rules.specials.forEach((each, index) => refuse(['specials', index, 'shiftId'], each.shiftId))
  })
export type Rules = z.infer<typeof Rules>

/** One version of a rule set. A day keeps the version in force on it. */
export const RuleSet = z.object({
  id: z.string(), // of the set, the same in all its versions
  version: z.number().int().positive(),
  name: Name,
  validFrom: IsoDate,
  rules: Rules,
  madeBy: z.string(),
  madeAt: Millis,
})
export type RuleSet = z.infer<typeof RuleSet>

/** Whom a set is for. The nearest wins: person, then tag, then department (the innermost), then company. */
export const RuleGroup = z
  .object({
    ruleSetId: z.string(),
    kind: z.enum(['person', 'tag', 'department', 'org']),
    ref: z.string().max(64), // userid, tag, department id; '' of the company
    from: IsoDate.nullable().default(null),
    to: IsoDate.nullable().default(null), // last day
  })
  .refine(({ from, to }) => !from || !to || to >= from, { path: ['to'], message: 'must not be before from' }) // prettier-ignore
export type RuleGroup = z.infer<typeof RuleGroup>

export const RuleSets = z.object({
  sets: z.array(RuleSet.extend({ versions: z.array(z.object({ version: z.number(), validFrom: IsoDate, madeAt: Millis, madeBy: z.string() })) })), // prettier-ignore
  groups: z.array(RuleGroup),
})
export type RuleSets = z.infer<typeof RuleSets>

/** A new version of a set, or a new set. `validFrom` may be past only when every day from it is unlocked. */
export const RuleSetInput = z.object({
  id: z.uuid(), // of this version: sending it again changes nothing
  name: Name,
  validFrom: IsoDate,
  rules: Rules,
})
export type RuleSetInput = z.infer<typeof RuleSetInput>

/** A shift for one person and date, before week and rotation; null rests. */
export const RosterEntry = z.object({
  personId: PersonId,
  date: IsoDate,
  shiftId: ShiftId.nullable(),
})
export type RosterEntry = z.infer<typeof RosterEntry>
export const RosterInput = z.object({
  entries: z.array(RosterEntry).max(20_000),
  clear: z
    .array(RosterEntry.omit({ shiftId: true }))
    .max(20_000)
    .default([]), // back to the rule set's week
})
export type RosterInput = z.infer<typeof RosterInput>

/** A year of a calendar as it is announced. */
export const CalendarYear = z.object({
  year: z.number().int().min(2000).max(2100),
  off: z.array(
    z
      .tuple([IsoDate, IsoDate, z.string().trim().max(60)])
      .refine(([from, to]) => to >= from, 'must end on or after its first day'),
  ), // first day, last day, name; weekends among them too
  work: z.array(IsoDate), // make-up workdays
  statutory: z.array(IsoDate), // work on them is paid threefold
})
export type CalendarYear = z.infer<typeof CalendarYear>
export const CalendarYearInput = CalendarYear.extend({ source: z.string().trim().min(1).max(200) })

/** The company's own exception to the public calendar. */
export const CalendarException = z.object({
  date: IsoDate,
  type: z.enum(['workday', 'restday', 'holiday']),
  name: z.string().trim().max(60),
})
export type CalendarException = z.infer<typeof CalendarException>

export const CalendarDay = z.object({
  date: IsoDate,
  type: z.enum(['workday', 'restday', 'holiday']),
  name: z.string().nullable(), // of the holiday, or of what a make-up day is for
  makeUp: z.boolean(), // 调休上班
  statutory: z.boolean(), // work on it is paid threefold
  from: z.enum(['weekday', 'calendar', 'org']), // who says so; a day off that is not statutory is a rest day with a name
})
export type CalendarDay = z.infer<typeof CalendarDay>
export const Calendar = z.object({
  calendar: z.string(),
  coveredUntil: z.number().int(), // last year whose arrangement is known; later ones are plain weeks
  source: z.string(),
  days: z.array(CalendarDay),
})
export type Calendar = z.infer<typeof Calendar>
