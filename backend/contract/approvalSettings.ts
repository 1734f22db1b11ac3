import { z } from 'zod'
import { LeaveKey, Reason, RequestKind, StepBy } from './approvals.ts'
import { IsoDate, Millis, PersonId } from './terms.ts'

const Title = z.string().trim().min(1).max(40)
const Hours = z.number().int().min(1).max(720)

export const FlowStep = z.object({
  by: StepBy,
  need: z.enum(['any', 'all']), // of those who are asked at once
  remindAfterHours: Hours.nullable(),
  escalateAfterHours: Hours.nullable(), // then the next leader above may answer, too
})
export type FlowStep = z.infer<typeof FlowStep>

/** For which requests a rule is; an empty list means all of them. */
export const FlowWhen = z.object({
  kinds: z.array(RequestKind).default([]),
  leaveKinds: z.array(LeaveKey).max(40).default([]),
  daysOver: z.number().min(0).max(366).nullable().default(null),
})
export type FlowWhen = z.infer<typeof FlowWhen>

export const FlowRule = z.object({
  name: Title,
  when: FlowWhen,
  steps: z.array(FlowStep).min(1, 'a rule needs a step').max(10),
})
export type FlowRule = z.infer<typeof FlowRule>

/** How requests go: the first rule that fits decides. */
export const Flow = z
  .object({
    rules: z.array(FlowRule).min(1, 'there must be a rule').max(30),
    whenMissing: z.enum(['next', 'hr']), // of a step that nobody can answer
  })
  .superRefine((flow, context) => {
    for (const { path, rule } of faultsOf(flow))
      context.addIssue({ code: 'custom', path, message: rule })
  })
export type Flow = z.infer<typeof Flow>

interface FlowFault {
  path: (string | number)[]
  rule: string
}

/** What a form can not say: a circle, a rule that nothing reaches, requests that no rule is for. */
function faultsOf(flow: { rules: FlowRule[] }): FlowFault[] {
  const last = flow.rules.length - 1
  const reach = flow.rules.flatMap((rule, index): FlowFault[] => {
    if (index < last && isForAll(rule.when))
      return [
        {
          path: ['rules', index + 1],
          rule: 'is never reached: the rule before is for all requests',
        },
      ]
    if (index === last && !isForAll(rule.when))
      return [{ path: ['rules', index, 'when'], rule: 'the last rule must be for all requests' }]
    return []
  })
  return [...reach, ...flow.rules.flatMap((rule, index) => stepFaults(rule, index))]
}

const isForAll = (when: FlowWhen) =>
  when.kinds.length === 0 && when.leaveKinds.length === 0 && when.daysOver === null

function stepFaults(rule: FlowRule, index: number): FlowFault[] {
  const seen = new Set<string>()
  return rule.steps.flatMap((step, number) => {
    const path = ['rules', index, 'steps', number]
    const asked = askedBy(step.by)
    const again = asked.filter((key) => seen.has(key))
    for (const key of asked) seen.add(key)
    const { remindAfterHours: remind, escalateAfterHours: escalate } = step
    return [
      ...(again.length > 0
        ? [{ path: [...path, 'by'], rule: 'circular: an earlier step asks the same' }]
        : []),
      ...(remind !== null && escalate !== null && escalate <= remind
        ? [{ path: [...path, 'escalateAfterHours'], rule: 'must be later than the reminder' }]
        : []),
    ]
  })
}

function askedBy(by: StepBy): string[] {
  if (by.who === 'person') return by.personIds.map((id) => `person ${id}`)
  return [by.who === 'department_leader' ? `leader ${by.up}` : by.who]
}

/** What is saved: the version that was read, so that two who edit at once do not overwrite each other. */
export const FlowReply = z.object({
  flow: Flow,
  version: z.string(), // '' of the default
  madeBy: z.string().nullable(),
  madeAt: Millis.nullable(),
  people: z.array(z.object({ id: z.string(), name: z.string(), active: z.boolean() })), // named in it
})
export type FlowReply = z.infer<typeof FlowReply>
export const NewFlow = z.object({ flow: Flow, version: z.string().max(36) })

const Days = z.number().min(0).max(366)

/** A kind of leave as the company has it. */
export const LeaveKind = z.object({
  key: LeaveKey,
  name: z.string().trim().min(1).max(12),
  nameEn: z.string().trim().min(1).max(32),
  unit: z.enum(['day', 'half_day', 'hour']),
  paid: z.boolean(),
  counts: z.enum(['workdays', 'calendar']), // whether rest days and holidays in between count
  balance: z.enum(['none', 'granted', 'overtime']), // overtime: approved overtime gives it
  daysPerYear: Days, // given to everybody on 1 January; 0 none
  fromYear: z.number().int().min(2000).max(2100), // the first year in which it is given
  carryOverDays: Days, // at most so much of last year's rest …
  carryUntil: z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'MM-DD'), // … until this day
  lastsMonths: z.number().int().min(1).max(24), // of what overtime gave
  maxDays: Days.nullable(), // of one request
  photoAfterDays: Days.nullable(), // a longer one needs a photo
  active: z.boolean(),
})
export type LeaveKind = z.infer<typeof LeaveKind>

export const LeaveKinds = z
  .object({
    minutesPerDay: z.number().int().min(60).max(1440), // what a day of leave is
    kinds: z.array(LeaveKind).max(40),
  })
  .superRefine(({ kinds }, context) => {
    const seen = new Set<string>()
    kinds.forEach((kind, index) => {
      if (seen.has(kind.key))
        context.addIssue({ code: 'custom', path: ['kinds', index, 'key'], message: 'another kind has it already' }) // prettier-ignore
      seen.add(kind.key)
    })
  })
export type LeaveKinds = z.infer<typeof LeaveKinds>
export const LeaveKindsReply = z.object({ leave: LeaveKinds, version: z.string() })
export const NewLeaveKinds = LeaveKindsReply.extend({ version: z.string().max(36) })

/** What somebody has of one kind of leave, in minutes. */
export const Balance = z.object({
  leaveKind: LeaveKey,
  granted: z.number().int(), // usable on the date asked for, with what was carried over
  used: z.number().int(), // of that, approved
  pending: z.number().int(),
  left: z.number().int(), // granted − used − pending, and less what was taken without being there
  expired: z.number().int(), // lapsed this year
  expiring: z.object({ minutes: z.number().int(), on: IsoDate }).nullable(), // the next part that lapses
})
export type Balance = z.infer<typeof Balance>
export const Balances = z.object({
  personId: z.string(),
  person: z.string(),
  date: IsoDate,
  minutesPerDay: z.number().int(),
  kinds: z.array(LeaveKind),
  balances: z.array(Balance), // of the kinds that have one
})
export type Balances = z.infer<typeof Balances>

export const BalanceList = z.object({
  minutesPerDay: z.number().int(),
  people: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      department: z.string(),
      balances: z.array(Balance),
    }),
  ),
  next: z.string().nullable(),
})
export type BalanceList = z.infer<typeof BalanceList>

export const BalancesQuery = z.object({ personId: PersonId.optional(), date: IsoDate.optional() })
export const PeopleQuery = z.object({
  text: z.string().trim().max(64).default(''), // of a name, or a whole id
  after: z.string().max(64).default(''), // the last id of the page before
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const NewGrant = z
  .object({
    id: z.uuid(),
    personId: PersonId,
    leaveKind: LeaveKey,
    minutes: z.number().int().min(-527_040).max(527_040), // less than 0 takes back
    from: IsoDate,
    to: IsoDate,
    note: Reason,
  })
  .refine(({ minutes }) => minutes !== 0, { path: ['minutes'], message: 'must not be 0' })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' })
export type NewGrant = z.infer<typeof NewGrant>

/** What a file of leave did, or would do. */
export const GrantOutcome = z.object({
  people: z.number().int(),
  grants: z.number().int(),
  errors: z.array(z.object({ line: z.number().int(), field: z.string(), rule: z.string() })),
  saved: z.boolean(), // false: a dry run, or errors
})
export type GrantOutcome = z.infer<typeof GrantOutcome>

/** Who stands in for whom, and until when. */
export const DelegationView = z.object({
  id: z.uuid(),
  personId: z.string(),
  person: z.string(),
  toId: z.string(),
  to: z.string(),
  from: Millis,
  until: Millis,
  ended: z.boolean(),
})
export type DelegationView = z.infer<typeof DelegationView>
export const Delegations = z.object({ delegations: z.array(DelegationView) })
export const NewDelegation = z
  .object({ id: z.uuid(), toId: PersonId, from: Millis, until: Millis })
  .refine(({ from, until }) => from < until, { path: ['until'], message: 'must be after from' })
  .refine(({ from, until }) => until - from <= 366 * 86_400_000, {
    path: ['until'],
    message: 'at most a year',
  })
export type NewDelegation = z.infer<typeof NewDelegation>

/** Colleagues to choose from: who may be asked or stand in. */
export const Colleagues = z.object({
  people: z.array(z.object({ id: z.string(), name: z.string(), department: z.string() })),
})
