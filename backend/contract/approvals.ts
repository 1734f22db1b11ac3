import { z } from 'zod'
import { IsoDate, Millis, PersonId } from './terms.ts'

/** 补卡 · 请假 · 外出 · 出差 · 加班 */
export const RequestKind = z.enum(['correction', 'leave', 'outing', 'trip', 'overtime'])
export type RequestKind = z.infer<typeof RequestKind>

/** `revoking`: approved, and its applicant asks to take it back; it holds until that is granted. */
export const RequestState = z.enum([
  'pending',
  'approved',
  'rejected',
  'withdrawn',
  'revoking',
  'revoked',
])
export type RequestState = z.infer<typeof RequestState>

/** The half of a work date that is meant: before its rest, or after it. */
export const Half = z.enum(['am', 'pm'])
export type Half = z.infer<typeof Half>

/** A minute on the person's own clock, as `2026-03-10T09:00`. */
export const LocalTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/, 'YYYY-MM-DDTHH:MM on the person’s clock')
  .refine((text) => IsoDate.safeParse(text.slice(0, 10)).success, 'there is no such date')

/** Whole work dates, the first and last perhaps by half; whatever hours those dates have. */
export const DaySpan = z.object({
  by: z.literal('days'),
  from: IsoDate,
  fromHalf: Half.default('am'),
  to: IsoDate,
  toHalf: Half.default('pm'),
})
export type DaySpan = z.infer<typeof DaySpan>

/** From one minute of the person's clock up to another. */
export const ClockSpan = z.object({ by: z.literal('clock'), from: LocalTime, to: LocalTime })
export type ClockSpan = z.infer<typeof ClockSpan>

export const Span = z.discriminatedUnion('by', [DaySpan, ClockSpan])
export type Span = z.infer<typeof Span>

/** A due punch of a work date: the way in or out of its first section, its second … */
export const DueKey = z.string().regex(/^(in|out)[1-9]$/, 'in1, out1, in2 …')

/** Text of people: any script, no NUL, no half of a surrogate pair. */
const words = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((text) => !/[\0\p{Cs}]/u.test(text), 'NUL and halves of surrogate pairs are no text')

export const Reason = words(500).min(1)
export const LeaveKey = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'a–z, 0–9 and _, at most 32')
export const Place = words(100)
export const OvertimeAs = z.enum(['compensatory', 'pay'])

const Correction = z.object({
  kind: z.literal('correction'),
  date: IsoDate, // the work date
  due: DueKey,
  at: LocalTime, // when the punch was in truth
})
const Leave = z.object({ kind: z.literal('leave'), leaveKind: LeaveKey, span: Span })
const Outing = z.object({ kind: z.literal('outing'), span: Span, place: Place })
const Trip = z.object({ kind: z.literal('trip'), span: Span, place: Place })
const Overtime = z.object({ kind: z.literal('overtime'), span: ClockSpan, as: OvertimeAs })

/** What is asked for. */
export const RequestDetails = z.discriminatedUnion('kind', [
  Correction,
  Leave,
  Outing,
  Trip,
  Overtime,
])
export type RequestDetails = z.infer<typeof RequestDetails>

const filing = {
  id: z.uuid(), // made by the reporter: sent again it changes nothing
  reason: Reason,
  photoIds: z.array(z.uuid()).max(6).default([]), // evidence
}
export const NewCorrection = Correction.omit({ kind: true }).extend(filing)
export const NewLeave = Leave.omit({ kind: true }).extend(filing)
export const NewOuting = Outing.omit({ kind: true }).extend({ ...filing, place: Place.default('') })
export const NewTrip = Trip.omit({ kind: true }).extend({ ...filing, place: Place.default('') })
export const NewOvertime = Overtime.omit({ kind: true }).extend(filing)

/** Whom a step of a flow asks. `up`: 1 the nearest department with a leader, 2 the next one above … */
export const StepBy = z.discriminatedUnion('who', [
  z.object({ who: z.literal('direct_leader') }),
  z.object({ who: z.literal('department_leader'), up: z.number().int().min(1).max(10) }),
  z.object({ who: z.literal('hr') }),
  z.object({ who: z.literal('person'), personIds: z.array(PersonId).min(1).max(20) }),
])
export type StepBy = z.infer<typeof StepBy>

const Named = z.object({ id: z.string(), name: z.string() })

/** A step as it stands: who is asked, who has answered. */
export const StepView = z.object({
  by: StepBy,
  need: z.enum(['any', 'all']),
  state: z.enum(['waiting', 'open', 'approved', 'rejected', 'dropped']),
  approvers: z.array(Named.extend({ answer: z.enum(['approve', 'reject']).nullable() })),
})

export const EventKind = z.enum([
  'filed',
  'approve',
  'reject',
  'withdraw',
  'revoke',
  'replace', // an approver has left
  'escalate',
  'remind',
])
export const TimelineEntry = z.object({
  kind: EventKind,
  at: Millis,
  round: z.number().int(),
  by: Named.nullable(), // null: by itself
  onBehalfOf: Named.nullable(), // decided as somebody's delegate
  to: z.array(Named), // who was asked instead
  note: z.string(),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

/** A request as lists show it. */
export const RequestRow = z.object({
  id: z.uuid(),
  personId: z.string(),
  person: z.string(),
  department: z.string(),
  details: RequestDetails,
  leaveName: z.string().nullable(), // of the kind of leave, in Chinese
  from: IsoDate, // work dates that it touches
  to: IsoDate,
  minutes: z.number().int(), // working time it takes, or overtime it gives; 0 of a correction
  days: z.number(), // the same in days of the company's leave rules
  reason: z.string(),
  state: RequestState,
  round: z.number().int(), // 0 the request itself, 1 its first revocation …; a decision names it
  filedAt: Millis,
  changedAt: Millis,
  waitingFor: z.array(Named),
  mine: z.boolean(),
  mayDecide: z.boolean(), // I, or those I stand in for, are asked now
})
export type RequestRow = z.infer<typeof RequestRow>

export const RequestPage = RequestRow.extend({
  zone: z.string(),
  photoIds: z.array(z.uuid()),
  steps: z.array(StepView),
  timeline: z.array(TimelineEntry),
  mayWithdraw: z.boolean(),
  mayRevoke: z.boolean(),
})
export type RequestPage = z.infer<typeof RequestPage>

/**
 * `mine` my own · `decide` those that wait for me · `decided` those I have decided · `team` of my
 * departments · `all` of the company, for HR.
 */
export const RequestScope = z.enum(['mine', 'decide', 'decided', 'team', 'all'])
export type RequestScope = z.infer<typeof RequestScope>

export const RequestsQuery = z.object({
  scope: RequestScope.default('mine'),
  kind: RequestKind.optional(),
  state: RequestState.optional(),
  personId: PersonId.optional(),
  from: IsoDate.optional(),
  to: IsoDate.optional(),
  before: z.uuid().optional(), // the last id of the page before
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type RequestsQuery = z.infer<typeof RequestsQuery>

/** Newest first; `next` goes into `before`, null at the end. */
export const Requests = z.object({ requests: z.array(RequestRow), next: z.uuid().nullable() })
export type Requests = z.infer<typeof Requests>

export const Decision = z.object({
  round: z.number().int().min(0).max(99).default(0),
  note: words(500).default(''),
})
export const BatchDecision = z.object({
  decision: z.enum(['approve', 'reject']),
  items: z
    .array(z.object({ id: z.uuid(), round: z.number().int().min(0).max(99).default(0) }))
    .min(1)
    .max(100),
  note: words(500).default(''),
})
export const BatchReply = z.object({
  items: z.array(
    z.object({ id: z.uuid(), code: z.string().nullable(), state: RequestState.nullable() }),
  ),
})
export const TakeBack = z.object({ note: words(500).default('') })
/** What would be asked for, before it is: what it takes, and who will decide. */
export const Preview = z.object({
  minutes: z.number().int(),
  days: z.number(),
  steps: z.array(z.object({ need: z.enum(['any', 'all']), approvers: z.array(Named) })),
})
export type Preview = z.infer<typeof Preview>
export const PreviewInput = z.object({
  details: RequestDetails,
  photoIds: z.array(z.uuid()).max(6).default([]),
})

export const Waiting = z.object({ count: z.number().int() })
