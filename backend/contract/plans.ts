import { z } from 'zod'
import { IsoDate, Millis, PersonId } from './terms.ts'

/** Minutes after midnight on the clock of the person's zone. */
const MinuteOfDay = z.number().int().min(0).max(1439)

/** How a stop came into a plan. */
export const StopOrigin = z.enum(['hand', 'recurrence', 'overdue', 'handover'])

/** One intended visit. Stops follow each other in the order of the list. */
export const PlanStop = z.object({
  id: z.uuid(), // stays the stop's when the plan is said anew
  customerId: z.uuid(),
  fixedMinute: MinuteOfDay.nullable().default(null), // an appointment; null: whenever it fits
  minutes: z.number().int().min(1).max(720).nullable().default(null), // meant to stay; null: as learned
  goal: z.string().trim().max(500).default(''),
  origin: StopOrigin.default('hand'),
})
export type PlanStop = z.infer<typeof PlanStop>

export const MOST_STOPS = 60

/** A person's plan of a date, said whole. The same id again changes nothing. */
export const PlanInput = z.object({
  id: z.uuid(),
  date: IsoDate,
  personId: PersonId.optional(), // whose; without it mine
  basedOn: z.uuid().nullable().optional(), // the plan it was made from: refused when another came in between
  stops: z
    .array(PlanStop)
    .max(MOST_STOPS)
    .refine(
      (stops) => new Set(stops.map((stop) => stop.id)).size === stops.length,
      'each stop has an id of its own',
    ),
})
export type PlanInput = z.infer<typeof PlanInput>

/** From one minute to another, half-open. */
export const OpenSpan = z
  .object({ from: MinuteOfDay, to: z.number().int().min(1).max(1440) })
  .refine(({ from, to }) => from < to, 'opens before it closes')

/** Monday first; an empty day is closed. */
export const OpeningHours = z.array(z.array(OpenSpan).max(4)).length(7)
export type OpeningHours = z.infer<typeof OpeningHours>

export const HoursChange = z.object({ hours: OpeningHours.nullable() }) // null: always open
export const HoursPath = z.object({ id: z.uuid() })

export const VisitStatus = z.enum([
  'planned', // its day is not over
  'done',
  'unplanned',
  'missed',
  'unlogged', // a stay without a check-in
  'unproven', // a check-in without a stay
])
export type VisitStatus = z.infer<typeof VisitStatus>

/** A stop as pages show it. */
export const ShownStop = PlanStop.extend({
  customer: z.string(), // name; empty when it is gone
  address: z.string().nullable(),
  tier: z.string().nullable(),
  lng: z.number().nullable(),
  lat: z.number().nullable(),
  open: z.array(OpenSpan).nullable(), // of the date's weekday; null: always
  visitId: z.uuid().nullable(),
  status: VisitStatus,
})
export type ShownStop = z.infer<typeof ShownStop>

/** A visit of the day that no stop asked for. */
const Extra = z.object({
  visitId: z.uuid(),
  customerId: z.string(),
  customer: z.string(),
  status: VisitStatus,
  from: Millis.nullable(),
})

/** A person-day: what was meant, and what came of it. */
export const PlanDay = z.object({
  personId: PersonId,
  person: z.string(),
  date: IsoDate,
  planId: z.uuid().nullable(), // null: nothing planned yet
  madeBy: PersonId.nullable(),
  stops: z.array(ShownStop),
  extra: z.array(Extra),
})
export type PlanDay = z.infer<typeof PlanDay>

export const PlanDays = z.object({ days: z.array(PlanDay) })

const DAY_MS = 86_400_000
const spansAtMost = (days: number) => (range: { from: string; to: string }) => {
  const length = (Date.parse(range.to) - Date.parse(range.from)) / DAY_MS + 1
  return length >= 1 && length <= days
}

export const PlansQuery = z
  .object({
    from: IsoDate,
    to: IsoDate,
    personId: PersonId.optional(), // without it: me, or everybody in a supervisor's scope
    departmentId: z.string().max(64).optional(),
  })
  .refine(spansAtMost(31), {
    path: ['to'],
    message: 'not before from, and at most 31 days',
  })

export const Spot = z.object({
  lng: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
})

/** What order is best. Nothing is kept: whoever likes it says the plan anew. */
export const OptimiseInput = z.object({
  personId: PersonId.optional(),
  stops: z.array(PlanStop).max(MOST_STOPS).optional(), // without them those of the plan
  start: Spot.optional(), // where the day begins, or where I am; without it at the first stop
  startMinute: MinuteOfDay.optional(), // without it 09:00
})

/** A stop on its way: minutes after midnight, and how it got there. */
export const Leg = z.object({
  stopId: z.uuid(),
  metres: z.number(), // along the estimated way
  travelMinutes: z.number(),
  waitMinutes: z.number(), // before it opens or the appointment
  arriveMinute: z.number(),
  leaveMinute: z.number(),
  lateMinutes: z.number(), // after the appointment, or after it closed
})
export type Leg = z.infer<typeof Leg>

const Route = z.object({
  legs: z.array(Leg),
  metres: z.number(),
  travelMinutes: z.number(),
  waitMinutes: z.number(),
  lateMinutes: z.number(),
  endMinute: z.number(),
})
export type Route = z.infer<typeof Route>

/** Speed as learned from the person's own ways, with how much of it is his. */
export const SpeedBand = z.object({
  upToMetres: z.number().nullable(), // straight distance; null: any
  metresPerMinute: z.number(), // of straight distance
  moves: z.number(), // of his own that it was learned from
})
export type SpeedBand = z.infer<typeof SpeedBand>

export const Optimised = z.object({
  order: z.array(z.uuid()), // stop ids
  exact: z.boolean(), // no order is better; else the best that was found
  before: Route,
  after: Route,
  speeds: z.array(SpeedBand),
})
export type Optimised = z.infer<typeof Optimised>

export const DatePath = z.object({ date: IsoDate })

/** How often each tier is visited, in days, and what else a company plans with. */
export const PlanRules = z.object({
  everyDaysA: z.number().int().min(1).max(365).default(14),
  everyDaysB: z.number().int().min(1).max(365).default(28),
  everyDaysC: z.number().int().min(1).max(730).default(91),
  visitMinutes: z.number().int().min(5).max(480).default(20), // where nothing is learned yet
  stopsPerDay: z.number().int().min(1).max(30).default(8), // that a proposal fills
  workWeekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5]), // 1 Monday
  shareHours: z.number().int().min(1).max(720).default(72), // a customer's link lives so long
})
export type PlanRules = z.infer<typeof PlanRules>

/** Who is due, and why. */
export const Due = z.object({
  customerId: z.uuid(),
  customer: z.string(),
  tier: z.string().nullable(),
  lng: z.number().nullable(), // null: nobody knows where it is
  lat: z.number().nullable(),
  lastVisit: IsoDate.nullable(), // null: never
  dueOn: IsoDate.nullable(), // null: at once
  overdueDays: z.number(), // by the end of the range; never visited counts from the beginning of the range
})
export type Due = z.infer<typeof Due>

export const ProposalsQuery = z.object({
  from: IsoDate, // a week begins here
  personId: PersonId.optional(),
})

/** A week filled by the rules; what does not fit stays in `left`, most overdue first. */
export const Proposals = z.object({
  days: z.array(z.object({ date: IsoDate, due: z.array(Due) })),
  left: z.array(Due),
})
export type Proposals = z.infer<typeof Proposals>

export const HandoverInput = z.object({
  id: z.uuid(),
  stopId: z.uuid(),
  toId: PersonId,
  note: z.string().trim().max(300).default(''),
})

export const Handover = z.object({
  id: z.uuid(),
  date: IsoDate,
  fromId: PersonId,
  from: z.string(),
  toId: PersonId,
  to: z.string(),
  customerId: z.uuid(),
  customer: z.string(),
  note: z.string(),
  madeAt: Millis,
  accepted: z.boolean().nullable(), // null: not answered yet
})
export type Handover = z.infer<typeof Handover>

export const Handovers = z.object({ handovers: z.array(Handover) })
export const HandoverAnswer = z.object({ accept: z.boolean() })

/** Who can take a stop over: those of my department. */
export const Colleagues = z.object({
  colleagues: z.array(z.object({ id: PersonId, name: z.string() })),
})
