import { z } from 'zod'
import { Tier } from './customers.ts'
import { Datum, IsoDate, Millis, PersonId } from './terms.ts'

/** What somebody says he does: arrive, leave, or be at work. */
export const CheckinKind = z.enum(['in', 'out', 'punch'])
export type CheckinKind = z.infer<typeof CheckinKind>

export const Whereabouts = z.enum(['inside', 'outside', 'cannot_tell'])
export type Whereabouts = z.infer<typeof Whereabouts>

/** The position that a person gives with his own act. */
export const CheckinPosition = z.object({
  lng: z.number().min(-180).max(180), // degrees
  lat: z.number().min(-90).max(90), // degrees
  datum: Datum.optional(), // wgs84, unless the company requires a datum
  accuracy: z.number().min(0).max(100_000).nullish(), // metres, 68 % radius
  at: Millis.nullish(), // phone clock, when the position was taken
  mock: z.boolean().nullish(),
  source: z.string().max(16).nullish(), // wecom | wechat | browser | wecom_event | wecom_message …
})

/** PostgreSQL takes no NUL. */
const words = (most: number) =>
  z
    .string()
    .max(most)
    .transform((text) => text.replaceAll('\0', '').trim())

export const Answer = z.union([words(2000), z.number(), z.array(z.uuid()).max(9), z.null()])
export const FormAnswers = z.object({
  id: z.uuid(), // of the version of the form that was filled in
  answers: z.record(z.string().max(64), Answer),
})
export type FormAnswers = z.infer<typeof FormAnswers>

/**
 * A check-in, check-out or punch. Works late: `sentAt`, `ageMs` and `notBefore` make an honest time
 * of `at`, also when the phone's clock is wrong or was moved meanwhile.
 */
export const CheckinInput = z
  .object({
    id: z.uuid().toLowerCase(), // made on the phone; the same id twice is the same check-in
    at: Millis, // phone clock, when the button was pressed
    sentAt: Millis.optional(), // phone clock when this leaves
    ageMs: z.number().min(0).max(1e12).optional(), // since the press, by a clock that nobody can move
    notBefore: Millis.optional(), // server's clock: the press was certainly not earlier
    kind: CheckinKind,
    customerId: z.uuid().toLowerCase().optional(),
    workplaceId: z.uuid().toLowerCase().optional(),
    place: words(100).optional(), // a new place, by name
    position: CheckinPosition.nullable(), // null: the phone gives none
    photoIds: z.array(z.uuid().toLowerCase()).max(9).default([]),
    note: words(1000).optional(),
    form: FormAnswers.optional(),
    device: z.string().max(128).optional(), // this phone's own random name
    unattended: z.boolean().optional(), // sent by itself later on: nobody is there to be asked for more
    wifi: z.object({ bssid: z.string().max(32), ssid: z.string().max(64).nullish() }).optional(),
  })
  .refine((given) => !(given.customerId && given.workplaceId), {
    path: ['workplaceId'],
    message: 'a customer or a workplace, not both',
  })
export type CheckinInput = z.input<typeof CheckinInput>

/** What became of a check-in. Nothing is refused without a word, and what is refused is kept. */
export const Decision = z.enum(['accepted', 'flagged', 'outing', 'rejected'])
export type Decision = z.infer<typeof Decision>

export const Signal = z.object({
  code: z.string(), // see backend/checkins/evidence.ts
  points: z.number().int(),
  values: z.record(z.string(), z.union([z.number(), z.string()])),
  text: z.string(), // a sentence, Chinese
  textEn: z.string(),
})
export type Signal = z.infer<typeof Signal>

export const EvidenceScore = z.object({
  score: z.number().int().min(0).max(100),
  signals: z.array(Signal),
})
export type EvidenceScore = z.infer<typeof EvidenceScore>

/** The answer, given after commit; a repeated id gets the same one. */
export const CheckinReply = z.object({
  id: z.uuid(), // of the first, where this is its double tap
  at: Millis, // honest time
  where: Whereabouts.nullable(), // null: no place to compare with
  metres: z.number().nullable(), // from the place's middle
  decision: Decision,
  evidence: EvidenceScore,
  ask: z.enum(['fix', 'photo']).nullable(), // what would make it surer
})
export type CheckinReply = z.infer<typeof CheckinReply>

/** What a reviewer, or the person himself, said of a check-in. */
export const ReviewKind = z.enum(['accept', 'reject', 'answer'])
export const Review = z.object({
  id: z.uuid(),
  at: Millis,
  by: z.string(),
  name: z.string(),
  kind: ReviewKind,
  text: z.string(),
})
export type Review = z.infer<typeof Review>

export const Standing = z.enum(['counts', 'waiting', 'refused'])
export type Standing = z.infer<typeof Standing>

/** A check-in as lists show it. */
export const Checkin = z.object({
  id: z.uuid(),
  personId: z.string(),
  person: z.string(),
  kind: CheckinKind,
  at: Millis,
  receivedAt: Millis,
  date: IsoDate, // work date
  customerId: z.uuid().nullable(),
  workplaceId: z.uuid().nullable(),
  place: z.string().nullable(), // its name then
  lng: z.number().nullable(), // WGS-84
  lat: z.number().nullable(),
  accuracy: z.number().nullable(), // metres
  where: Whereabouts.nullable(),
  metres: z.number().nullable(),
  note: z.string().nullable(),
  photoIds: z.array(z.uuid()),
  decision: Decision,
  score: z.number().int(), // by everything known now
  standing: Standing, // waiting: for a review; refused: by the policy or a supervisor
})
export type Checkin = z.infer<typeof Checkin>

/** A check-out that nobody pressed, as far as can be told. A view, not a fact. */
export const InferredOut = z.object({
  at: Millis,
  by: z.enum(['next_checkin', 'track', 'duty_end']),
})
export type InferredOut = z.infer<typeof InferredOut>

export const MyCheckinsQuery = z.object({
  from: IsoDate,
  to: IsoDate,
  personId: PersonId.optional(), // whose, asked by a program; a person's are his own
})
export const Checkins = z.object({
  checkins: z.array(Checkin.extend({ inferredOut: InferredOut.nullable() })),
})
export type Checkins = z.infer<typeof Checkins>

export const CheckinPath = z.object({ personId: PersonId, id: z.uuid().toLowerCase() })

/** What becomes of a check-in that is not inside, and what it must come with. */
export const Policy = z.object({
  outside: z.enum(['reject', 'flag', 'outing']),
  note: z.enum(['required', 'optional']), // with a check-in that is not inside
  photo: z.enum(['required', 'optional']), // with every check-in at a customer
  reviewBelow: z.number().int().min(0).max(100), // score
  datum: z.enum(['required', 'optional']), // whether a position must name its datum
})
export type Policy = z.infer<typeof Policy>

export const DEFAULT_POLICY: Policy = {
  outside: 'flag',
  note: 'required',
  photo: 'optional',
  reviewBelow: 60,
  datum: 'optional',
}

export const FieldType = z.enum(['text', 'number', 'choice', 'photo'])
export const FormField = z.object({
  key: z.string().regex(/^[a-z0-9_]{1,64}$/),
  label: words(100).pipe(z.string().min(1)),
  type: FieldType,
  required: z.boolean(),
  options: z
    .array(words(100).pipe(z.string().min(1)))
    .max(30)
    .default([]), // of a choice
})
export type FormField = z.infer<typeof FormField>

/** A form of the company: for every customer, or for those with one of the tags and of one of the tiers. */
export const Form = z.object({
  id: z.uuid(), // of this version
  key: z.uuid(), // of the form over its versions
  name: words(100).pipe(z.string().min(1)),
  tags: z.array(words(50)).max(20),
  tiers: z.array(Tier).max(3).default([]),
  kinds: z.array(CheckinKind).min(1).max(3),
  fields: z
    .array(FormField)
    .max(30)
    .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'keys differ')
    .refine(
      (all) => all.every(({ type, options }) => type !== 'choice' || options.length > 1),
      'a choice has two options at least',
    ),
  active: z.boolean(),
})
export type Form = z.infer<typeof Form>

/** Milliseconds and metres of the rules. */
export const CHECKIN_RULES = {
  futureMs: 2 * 60_000, // later than this after the server's clock: in_future
  ageMs: 7 * 86_400_000, // older than this: too_old
  lateMs: 2 * 60_000, // older than this on arrival: captured without a network
  doubleTapMs: 10_000, // the same act at the same place again
  clockOffsetMs: 60_000, // a phone clock further off than this is corrected
} as const
