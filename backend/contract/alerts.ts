/**
 * Alerts: what a supervisor should hear of now. A *rule* says what; an *episode* is a time in which it was so,
 * by the clock of the fixes; an *alert* is an episode that was told, once.
 */
import { z } from 'zod'
import { IsoDate, Millis, PageEnd, PersonId, TIME_OF_DAY } from './terms.ts'

/**
 * sos             the person called for help
 * silent          on duty, and nothing was heard
 * no_movement     at one place, whichever it is
 * long_stop       at one place that is nobody's: neither a customer nor a workplace
 * left_territory  outside the territory of the department
 * late            a due punch in did not come
 * missing_punch   a due punch can not come any more
 * low_evidence    a check-in that little speaks for waits for a review
 */
export const AlertKind = z.enum([
  'sos',
  'silent',
  'no_movement',
  'long_stop',
  'left_territory',
  'late',
  'missing_punch',
  'low_evidence',
])
export type AlertKind = z.infer<typeof AlertKind>

/** From how many minutes on an episode counts; kinds that are not here have no length. The least keeps noise out. */
export const LEAST_MINUTES = {
  silent: 6,
  no_movement: 10,
  long_stop: 10,
  left_territory: 1,
  late: 1,
} as const
const MOST_MINUTES = 720

export const hasLength = (kind: AlertKind): kind is keyof typeof LEAST_MINUTES =>
  kind in LEAST_MINUTES

/** A sentence such as: tell of silence of 45 minutes, in quiet hours too, and the next level after an hour. */
export const AlertRule = z
  .object({
    kind: AlertKind,
    departmentId: z.string().max(64), // '' for the whole company; one of a department stands in its place there
    on: z.boolean(),
    minutes: z.number().int().min(0).max(MOST_MINUTES),
    urgent: z.boolean(), // goes out in quiet hours, too
    escalateMin: z.number().int().min(1).max(1440).nullable(), // unanswered so long, the level above hears of it
    digest: z.boolean().default(false), // told together with others at hours of the day, not by itself
  })
  .superRefine(({ kind, minutes, urgent, digest }, context) => {
    if (digest && (urgent || kind === 'sos'))
      context.addIssue({
        code: 'custom',
        path: ['digest'],
        message: 'must not be so of what is urgent',
      })
    const least = hasLength(kind) ? LEAST_MINUTES[kind] : 0
    if (minutes < least)
      context.addIssue({ code: 'custom', path: ['minutes'], message: `must be ${least} or more` })
  })
export type AlertRule = z.infer<typeof AlertRule>

/** What holds until a company says otherwise. */
export const DEFAULT_RULES: readonly AlertRule[] = [
  { kind: 'sos', minutes: 0, on: true, urgent: true, escalateMin: 5 },
  { kind: 'silent', minutes: 60, on: true, urgent: false, escalateMin: null },
  { kind: 'no_movement', minutes: 120, on: false, urgent: false, escalateMin: null },
  { kind: 'long_stop', minutes: 60, on: true, urgent: false, escalateMin: null },
  { kind: 'left_territory', minutes: 10, on: true, urgent: false, escalateMin: null },
  { kind: 'late', minutes: 15, on: true, urgent: false, escalateMin: null },
  { kind: 'missing_punch', minutes: 0, on: true, urgent: false, escalateMin: null },
  { kind: 'low_evidence', minutes: 0, on: true, urgent: false, escalateMin: null },
].map((rule) => AlertRule.parse({ ...rule, departmentId: '' }))

const TimeOfDay = z.string().regex(TIME_OF_DAY, 'must be a time as 17:30')

/** Kinds that somebody may want to hear of together: a call for help is none, a review has its own list. */
const DigestKind = AlertKind.exclude(['sos', 'low_evidence'])
export const DIGEST_KINDS = DigestKind.options

/** When somebody hears of some alerts together; what is urgent by its rule comes at once all the same. */
export const AlertDigest = z.object({
  hours: z.array(TimeOfDay).min(1).max(6),
  kinds: z.array(DigestKind).max(DIGEST_KINDS.length), // beside those that the rules put there
})
export type AlertDigest = z.infer<typeof AlertDigest>
export const NO_DIGEST: AlertDigest = { hours: ['12:00', '17:30'], kinds: [] }

const ruleKey = ({ kind, departmentId }: AlertRule) => `${kind} ${departmentId}`

/** All rules at once: a kind has at most one for each department. */
export const AlertRules = z.object({
  rules: z
    .array(AlertRule)
    .max(500)
    .superRefine((rules, context) => {
      const known = new Set<string>()
      for (const [index, rule] of rules.entries()) {
        if (known.has(ruleKey(rule)))
          context.addIssue({
            code: 'custom',
            path: [index, 'kind'],
            message: 'must not come twice for one department',
          })
        known.add(ruleKey(rule))
      }
    }),
})
export type AlertRules = z.infer<typeof AlertRules>

/** How an alert ended: it was over, or what was heard later says it was not so. */
export const AlertOutcome = z.enum(['over', 'withdrawn'])

export const Alert = z.object({
  id: z.uuid(),
  kind: AlertKind,
  personId: PersonId,
  person: z.string(),
  departmentId: z.string(),
  department: z.string(),
  date: IsoDate, // work date
  since: Millis, // of what happened, by the clock of the fixes
  until: Millis.nullable(), // null while it lasts
  raisedAt: Millis, // when it was told
  closedAt: Millis.nullable(),
  outcome: AlertOutcome.nullable(),
  urgent: z.boolean(),
  detail: z.record(z.string(), z.union([z.number(), z.string()])), // values of its words in h5
  at: z.object({ lng: z.number(), lat: z.number(), accuracy: z.number().nullable() }).nullable(), // of a call for help alone: other places are the track's to show
  heard: z.object({ by: PersonId, name: z.string(), at: Millis, note: z.string() }).nullable(),
  escalatedAt: Millis.nullable(),
})
export type Alert = z.infer<typeof Alert>

/** open: it lasts, nobody took it on · heard: somebody did, it lasts · past: over or withdrawn. */
export const AlertView = z.enum(['open', 'heard', 'past'])
export type AlertView = z.infer<typeof AlertView>

export const AlertsQuery = z.object({
  view: AlertView.default('open'),
  kind: AlertKind.optional(),
  departmentId: z.string().max(64).optional(),
  before: PageEnd.optional(), // `next` of the page before
})
/** Newest first. `open` counts what waits in the viewer's scope. */
export const Alerts = z.object({
  now: Millis,
  open: z.number().int(),
  alerts: z.array(Alert),
  next: PageEnd.nullable(),
})
export type Alerts = z.infer<typeof Alerts>

export const AlertPath = z.object({ personId: PersonId, id: z.uuid().toLowerCase() })
export const HeardInput = z.object({ note: z.string().trim().max(500).default('') })

/** A call for help: the position is sent because the person says so, on duty or not. */
export const SosInput = z.object({
  id: z.uuid().toLowerCase(),
  at: Millis,
  position: z
    .object({
      lng: z.number().min(-180).max(180),
      lat: z.number().min(-90).max(90),
      accuracy: z.number().min(0).nullable().default(null), // metres
    })
    .nullable(),
  note: z.string().trim().max(500).default(''),
})
export const SosEnd = z.object({ id: z.uuid().toLowerCase(), at: Millis })
/** My own call that is not over; who was told, so that nobody waits in vain. */
export const MySos = z.object({
  call: z.object({ id: z.uuid(), at: Millis }).nullable(),
  heard: z.object({ name: z.string(), at: Millis }).nullable(),
  told: z.array(z.string()), // names
})
export type MySos = z.infer<typeof MySos>
