import { z } from 'zod'
import {
  Checkin,
  CheckinKind,
  EvidenceScore,
  Form,
  FormAnswers,
  Policy,
  Review,
  Standing,
} from './checkins.ts'
import { Millis, PageEnd } from './terms.ts'

/** Which check-ins a supervisor asks for. */
export const QueueQuery = z.object({
  standing: Standing.default('waiting'),
  departmentId: z.string().max(64).optional(),
  before: PageEnd.optional(), // `next` of the page before
})
export const Queue = z.object({ checkins: z.array(Checkin), next: PageEnd.nullable() })
export type Queue = z.infer<typeof Queue>

const Spot = z.object({
  at: Millis,
  lng: z.number(),
  lat: z.number(),
  accuracy: z.number().nullable(),
})

/** One check-in with everything that speaks for or against it. */
export const CheckinDetail = z.object({
  checkin: Checkin,
  zone: z.string(),
  department: z.string(),
  site: z.object({ lng: z.number(), lat: z.number(), radius: z.number() }).nullable(),
  photos: z.array(z.object({ id: z.uuid(), readable: z.boolean() })),
  form: z.object({ form: Form, answers: FormAnswers.shape.answers }).nullable(),
  track: z.array(Spot), // half an hour before and after
  evidence: EvidenceScore, // by everything known now
  first: EvidenceScore, // as it was answered then
  reviewBelow: z.number(), // the score under which it waits for a review
  reviews: z.array(Review),
  link: z.object({ date: z.string(), seq: z.number().int(), hash: z.string() }),
})
export type CheckinDetail = z.infer<typeof CheckinDetail>

/** A supervisor's word, or the answer of the person himself. */
export const ReviewInput = z.object({
  id: z.uuid().toLowerCase(),
  kind: z.enum(['accept', 'reject', 'answer']),
  text: z
    .string()
    .max(1000)
    .transform((text) => text.replaceAll('\0', '').trim()),
})

/** What the page needs to offer the right button, also without a network. */
export const Desk = z.object({
  now: Millis,
  policy: Policy,
  forms: z.array(Form),
  open: z
    .object({
      id: z.uuid(),
      at: Millis,
      customerId: z.uuid().nullable(),
      workplaceId: z.uuid().nullable(),
      place: z.string().nullable(),
    })
    .nullable(),
  workplaces: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      lng: z.number(),
      lat: z.number(),
      radius: z.number(),
    }),
  ),
})
export type Desk = z.infer<typeof Desk>

export const PolicyEntry = z.object({
  departmentId: z.string().max(64), // '' for the whole company
  department: z.string().nullable(),
  policy: Policy,
})
export const CheckinSettings = z.object({
  policies: z.array(PolicyEntry), // the company's first
  forms: z.array(Form),
})
export type CheckinSettings = z.infer<typeof CheckinSettings>

export const PolicyInput = z.object({
  departmentId: z.string().max(64),
  policy: Policy.nullable(), // null: what stands above holds again
})
export const FormInput = z.object({
  key: z.uuid().optional(), // of the form that this is a new version of
  name: Form.shape.name,
  tags: Form.shape.tags,
  tiers: Form.shape.tiers,
  kinds: z.array(CheckinKind).min(1).max(3),
  fields: Form.shape.fields,
  active: z.boolean(),
})
export type FormInput = z.input<typeof FormInput>
