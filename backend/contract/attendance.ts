/**
 * The arithmetic of a work day: shifts, evidence, and the ledger in minutes that comes of them.
 *
 * Terminology. *Work date*: the date a shift begins on. *Minute*: of the wall clock in the person's zone,
 * counted from midnight of the work date; 1800 is 06:00 of the next day, -30 is 23:30 of the day before.
 * *Due*: a punch that the shift expects, `in1 out1 in2 …`.
 */
import { z } from 'zod'
import { IsoDate } from './terms.ts'

/** Wall clock of the work date; "30:00" is 06:00 of the next day. */
export const WallClock = z
  .string()
  .regex(/^(?:[0-3]\d|4[0-7]):[0-5]\d$|^48:00$/, 'must be a time HH:MM from 00:00 to 48:00')
export type WallClock = z.infer<typeof WallClock>

/** @returns the minutes after midnight of a time that `WallClock` accepts. */
export const minuteOf = (time: WallClock): number =>
  Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** Wall-clock minutes from midnight of the work date. */
export const Minute = z.number().int()
export type Minute = z.infer<typeof Minute>

/** Half-open: `from` is in it, `to` is not. */
export const Span = z
  .object({ from: Minute, to: Minute })
  .refine(({ from, to }) => to > from, { path: ['to'], message: 'must be after from' })
export type Span = z.infer<typeof Span>

/** A pause that is not required: [from, to). */
const Rest = z
  .tuple([WallClock, WallClock])
  .refine(([from, to]) => minuteOf(to) > minuteOf(from), 'must end after its beginning')

const MOST_MINUTES = 2880 // two days: beyond it a length of time is a slip of the finger
const Minutes = z.number().int().min(0, 'must not be negative').max(MOST_MINUTES)

/**
 * Rests within overtime, which do not count: at times of the clock (after midnight from 24:00 on), or by how long it
 * was: the last line that is reached holds (WeCom's 加班休息扣除).
 */
export const OvertimeRest = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('clock'),
    times: z.array(Rest).min(1, 'must have a rest').max(10),
  }),
  z.object({
    by: z.literal('length'),
    lines: z
      .array(
        z
          .object({ fromMin: Minutes.min(1), restMin: Minutes })
          .refine(({ fromMin, restMin }) => restMin <= fromMin, {
            path: ['restMin'],
            message: 'must not be more than the overtime that it is taken from',
          }),
      )
      .min(1, 'must have a line')
      .max(10)
      .superRefine((lines, context) => {
        lines.forEach(({ fromMin }, index) => {
          if (fromMin <= (lines[index - 1]?.fromMin ?? 0))
            context.addIssue({ code: 'custom', path: [index, 'fromMin'], message: 'must be more than the line before it' }) // prettier-ignore
        })
      }),
  }),
])
export type OvertimeRest = z.infer<typeof OvertimeRest>

/** When people are told: minutes before the due in, after the due out; null: not at all. */
export const Reminders = z.object({ inMin: Minutes.nullable(), outMin: Minutes.nullable() })
export type Reminders = z.infer<typeof Reminders>

export const Section = z
  .object({
    in: WallClock,
    out: WallClock,
    rest: z.array(Rest).default([]),
    remind: Reminders.optional(), // of its own; left out: as the shift says
  })
  .refine((each) => minuteOf(each.out) > minuteOf(each.in), {
    path: ['out'],
    message: 'must be after in',
  })
export type Section = z.infer<typeof Section>

const Sections = z
  .array(Section)
  .min(1, 'must have a section')
  .superRefine((sections, context) => {
    for (const [index, section] of sections.entries()) {
      const before = sections[index - 1]
      if (before && minuteOf(section.in) < minuteOf(before.out))
        context.addIssue({
          code: 'custom',
          path: [index, 'in'],
          message: 'must not be before the end of the section before it',
        })
    }
  })

const punched = {
  graceLateMin: Minutes.default(0), // as late is forgiven
  graceEarlyMin: Minutes.default(0),
  seriousLateMin: Minutes.nullable().default(null), // so late is seriously late
  absentLateMin: Minutes.nullable().default(null), // so late makes the section absent
  windowBeforeMin: Minutes.default(120), // a punch so long before the section counts for it
  windowAfterMin: Minutes.default(240),
  uploadGraceMin: Minutes.default(120), // so long after the window an offline punch may still come in
  noOut: z.boolean().default(false), // nobody punches out: an in proves the rest of its section
}

const Fixed = z.object({ kind: z.literal('fixed'), sections: Sections, ...punched })
const Flexible = z
  .object({
    kind: z.literal('flexible'),
    sections: Sections,
    flexMin: Minutes, // so far the first in and the last out move with the first punch, both ways
    flexEarlyMin: Minutes.nullable().default(null), // towards earlier, when it differs
    ...punched,
  })
  .superRefine(({ sections, flexMin, flexEarlyMin }, context) => {
    const [first, last] = [sections[0], sections.at(-1)]
    if (!first || !last || first === last) return // it moves as a whole
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message }) // prettier-ignore
    if (flexMin >= lengthOf(first)) refuse('flexMin', 'must be shorter than the first section')
    const early = flexEarlyMin === null ? 'flexMin' : 'flexEarlyMin'
    if ((flexEarlyMin ?? flexMin) >= lengthOf(last)) refuse(early, 'must be shorter than the last section') // prettier-ignore
  })
const lengthOf = (section: Section) => minuteOf(section.out) - minuteOf(section.in)
const Free = z.object({
  kind: z.literal('free'),
  requiredMin: Minutes,
  dayBoundary: WallClock.default('00:00'), // the work date lasts 24 h from here
  rest: z.array(Rest).default([]),
  apartMin: Minutes.default(0), // a punch sooner than that after the first one is no out
})

/** What a day asks of a person. */
export const Shift = z.discriminatedUnion('kind', [Fixed, Flexible, Free])
export type Shift = z.infer<typeof Shift>
export type FixedShift = z.infer<typeof Fixed> | z.infer<typeof Flexible>
export type FreeShift = z.infer<typeof Free>

export const DayType = z.enum(['workday', 'restday', 'holiday', 'unscheduled', 'not_employed'])
export type DayType = z.infer<typeof DayType>

/** Where a punch came from: an own check-in, a time clock, WeCom's own punch, a file. */
export const PunchSource = z.enum(['checkin', 'device', 'wecom', 'import'])
export const DueName = z.string().regex(/^(?:in|out)[1-9]\d?$/, 'must be a due such as in1 or out2')

export const Punch = z.object({
  at: Minute,
  source: PunchSource.optional(),
  id: z.string().optional(), // of the fact it is
})
export type Punch = z.infer<typeof Punch>
export const Correction = z.object({ due: DueName, at: Minute, id: z.string().optional() })
const Leave = Span.and(z.object({ kind: z.string(), id: z.string().optional() }))
/**
 * Overtime that was approved, or that a rule counts without (`byRule`). `alone`: its approval counts without punches.
 * `follows`: it begins after work, wherever flexible hours moved that.
 */
const Approved = Span.and(
  z.object({
    id: z.string().optional(),
    alone: z.boolean().optional(),
    byRule: z.boolean().optional(),
    follows: z.boolean().optional(),
  }),
)
const Outing = Span.and(
  z.object({ source: z.enum(['request', 'trip', 'visit']).optional(), id: z.string().optional() }),
)

/** All that a ledger is made of: the same input gives the same ledger, whatever the order of the evidence. */
export const DayInput = z.object({
  zone: z.string(), // IANA
  date: IsoDate, // the work date
  dayType: DayType,
  now: Minute, // until when the facts are known
  shift: Shift.nullable(), // null: not scheduled
  punches: z.array(Punch),
  leaves: z.array(Leave).default([]), // approved
  outings: z.array(Outing).default([]),
  corrections: z.array(Correction).default([]), // approved, in the order of their decision
  overtime: z.array(Approved).default([]),
  overtimeRest: OvertimeRest.optional(), // what of it does not count
  /** Worked late the evening before: so much later one may come (WeCom's 次日晚到). */
  allowance: z.object({ lateMin: Minutes, after: Minute }).optional(),
})
export type DayInput = z.infer<typeof DayInput>

export const Result = z.enum([
  'normal',
  'late',
  'serious_late',
  'early',
  'missing',
  'absent',
  'excused',
  'pending',
])
export type Result = z.infer<typeof Result>

export const DueResult = z.object({
  due: DueName,
  at: Minute, // when it is due, as leave, outing and flexible hours moved it
  result: Result,
  punch: Minute.nullable(),
  corrected: z.boolean(), // the punch is an approved correction
  lateMin: Minute, // of an in: how late; of an out: how early; 0 or more
  closesAt: Minute, // until then a missing punch is pending
})
export type DueResult = z.infer<typeof DueResult>

/** The classes of required minutes: each is in exactly one, so they add up to `required`. */
export const MinuteClass = z.enum([
  'leave',
  'outing',
  'worked',
  'forgiven',
  'late',
  'early',
  'unproven',
  'absent',
  'short',
])
export type MinuteClass = z.infer<typeof MinuteClass>

const count = z.number().int().nonnegative()
export const LedgerMinutes = z.object({
  required: count,
  worked: count,
  forgiven: count, // lost within a grace
  late: count,
  early: count,
  unproven: count, // a due punch is missing or pending
  absent: count,
  leave: count,
  outing: count,
  short: count, // of free hours
  overtime: count, // apart from the others, without the rests within it
})
export type LedgerMinutes = z.infer<typeof LedgerMinutes>

/** A run of required minutes of one class; of free hours only what has a place in the day. */
export const Piece = z.object({ from: Minute, to: Minute, kind: MinuteClass })
export type Piece = z.infer<typeof Piece>

/**
 * What became of a punch: a due's name, `between` (first and last of its section count), `repeated` (a minute
 * or less after the one before), `outside` of every window, `overwritten` by a correction, `day` of free
 * hours or of a day that requires nothing, `too_soon` of free hours after the first.
 */
export const PunchUse = Punch.extend({ use: z.string() })

/**
 * A step of the reasoning as data: h5 words it as `attendance.why.<code>`. Values whose name ends in `At` are
 * minutes of the work date, in `Min` lengths in minutes.
 */
export const Reason = z.object({
  code: z.enum([
    'holiday', 'restday', 'unscheduled', 'not_employed', // nothing is required
    'required', 'free_required', // what is
    'flexed', 'flexed_ends', // the section moved with the first punch, of several the first in and the last out
    'due_moved', 'excused', // by leave or outing
    'allowance', // worked late the evening before
    'repeated', 'outside', 'between', 'too_soon', // punches that change nothing, and why
    'corrected',
    'in_normal', 'in_forgiven', 'in_late', 'in_serious_late', 'in_absent',
    'out_normal', 'out_forgiven', 'out_early',
    'pending', 'missing', 'absent',
    'leave', 'outing', 'short', 'free_one', 'free_none',
    'overtime', 'overtime_ruled', 'overtime_unproven', // by punches
    'overtime_alone', 'overtime_none', // by approval
    'overtime_rest_clock', 'overtime_rest_length', // what of it does not count
  ]), // prettier-ignore
  values: z.record(z.string(), z.union([z.number(), z.string()])),
})
export type Reason = z.infer<typeof Reason>

export const DayLedger = z.object({
  due: z.array(DueResult),
  minutes: LedgerMinutes,
  pieces: z.array(Piece),
  overtime: z.array(z.object({ from: Minute, to: Minute })), // proven, with the rests within it
  punches: z.array(PunchUse),
  movedMin: Minute, // by which flexible hours moved
  explanation: z.array(Reason),
})
export type DayLedger = z.infer<typeof DayLedger>
