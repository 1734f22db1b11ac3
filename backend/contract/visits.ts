import { z } from 'zod'
import { Form, FormAnswers } from './checkins.ts'
import { Spot, VisitStatus } from './plans.ts'
import { IsoDate, Millis, PersonId } from './terms.ts'

/** What came of a person's presence at a customer, or of a stop that was planned. */
export const Visit = z.object({
  id: z.uuid(), // of person, date, customer and which of them it was that day
  personId: PersonId,
  person: z.string(),
  date: IsoDate,
  customerId: z.uuid(),
  customer: z.string(),
  status: VisitStatus,
  stopId: z.uuid().nullable(),
  checkinIds: z.array(z.uuid()),
  from: Millis.nullable(), // null: nobody was there
  to: Millis.nullable(),
  staySeconds: z.number(),
  confirmed: z.boolean(), // by its person's tap
  customerConfirmed: z.boolean().nullable(), // what the customer answered; null: nothing yet
  rating: z.number().nullable(), // 1 to 5
})
export type Visit = z.infer<typeof Visit>

export const Visits = z.object({ visits: z.array(Visit) })

const DAY_MS = 86_400_000

export const VisitsQuery = z
  .object({
    from: IsoDate,
    to: IsoDate,
    personId: PersonId.optional(),
    customerId: z.uuid().optional(),
    status: VisitStatus.optional(),
  })
  .refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < 92 * DAY_MS, {
    path: ['to'],
    message: 'not before from, and at most 92 days',
  })

export const VisitPath = z.object({ id: z.uuid() })

const Told = { id: z.uuid() } // made by whoever says it: again changes nothing

/** What its person says of a visit. */
export const VisitEntry = z.discriminatedUnion('kind', [
  z.object({ ...Told, kind: z.literal('confirm') }), // I was there
  z.object({
    ...Told,
    kind: z.literal('note'),
    text: z.string().trim().min(1).max(2000),
  }),
  z.object({ ...Told, kind: z.literal('goal'), reached: z.boolean() }),
  z.object({
    ...Told,
    kind: z.literal('photos'),
    photoIds: z.array(z.uuid()).min(1).max(9),
  }),
  z.object({
    ...Told,
    kind: z.literal('form'),
    form: FormAnswers,
  }),
])
export type VisitEntry = z.infer<typeof VisitEntry>

export const RecordedEntry = VisitEntry.and(z.object({ madeAt: Millis, madeBy: PersonId }))

export const StepInput = z.object({
  ...Told,
  text: z.string().trim().min(1).max(300),
  dueAt: Millis,
})

export const Step = StepInput.extend({ doneAt: Millis.nullable() })
export type Step = z.infer<typeof Step>

/** The company's form of a visit, as far as it is filled in. */
export const VisitForm = z.object({
  form: Form,
  answers: FormAnswers.shape.answers,
  questions: z.array(z.string()), // required ones that are open
})
export type VisitForm = z.infer<typeof VisitForm>

/** Everything about one visit. */
export const VisitPage = z.object({
  visit: Visit,
  goal: z.string(), // of its stop
  address: z.string().nullable(),
  place: Spot.nullable(), // of the customer
  tier: z.string().nullable(),
  mine: z.boolean(), // and so mine to tell about
  photoIds: z.array(z.uuid()), // of its check-ins, then those taken later
  form: VisitForm.nullable(), // null: none is for this customer, or nobody was there
  entries: z.array(RecordedEntry), // oldest first
  steps: z.array(Step),
  shares: z.array(z.object({ expiresAt: Millis, answeredAt: Millis.nullable() })),
})
export type VisitPage = z.infer<typeof VisitPage>

export const StepPath = z.object({ id: z.uuid(), stepId: z.uuid() })

/** A link that the customer opens without signing in. */
export const Share = z.object({
  url: z.string(),
  qr: z.string(),
  expiresAt: Millis,
}) // qr: SVG
export type Share = z.infer<typeof Share>

/** What a customer says by it. */
export const ShareAnswer = z.object({
  tookPlace: z.boolean(),
  rating: z.number().int().min(1).max(5).nullable().default(null),
  comment: z.string().trim().max(500).default(''),
})

/** Everything of a customer in time order, newest first. */
export const TimelineItem = z.object({
  visit: Visit,
  notes: z.array(z.object({ text: z.string(), madeAt: Millis })),
  steps: z.array(Step),
})
export const Timeline = z.object({
  items: z.array(TimelineItem),
  next: IsoDate.nullable(), // goes into `before` for what is older
})
export type Timeline = z.infer<typeof Timeline>
export const TimelineQuery = z.object({ before: IsoDate.optional() })

/** Who has not been visited, for how long. */
export const CoverageQuery = z.object({
  days: z.coerce.number().int().min(0).max(3650).optional(), // at least so many; without it those beyond their tier's rule
  tier: z.enum(['A', 'B', 'C']).optional(),
  ownerId: PersonId.optional(),
  departmentId: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(500),
})
export const CoverageRow = z.object({
  customerId: z.uuid(),
  customer: z.string(),
  address: z.string().nullable(),
  tier: z.string().nullable(),
  ownerId: PersonId.nullable(),
  owner: z.string().nullable(),
  department: z.string().nullable(),
  lng: z.number().nullable(),
  lat: z.number().nullable(),
  lastVisit: IsoDate.nullable(), // proven or confirmed; null: never
  days: z.number().nullable(), // since then
  everyDays: z.number(), // of its tier
})
export type CoverageRow = z.infer<typeof CoverageRow>
export const Coverage = z.object({
  total: z.number(), // that match, also beyond `limit`
  customers: z.number(), // in scope, whether due or not
  rows: z.array(CoverageRow), // longest unvisited first
})
export type Coverage = z.infer<typeof Coverage>
