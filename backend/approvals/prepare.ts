import { Temporal } from 'temporal-polyfill'
import type { RequestDetails, Span } from '../contract/approvals.ts'
import type { Flow, LeaveKind, LeaveKinds } from '../contract/approvalSettings.ts'
import type { Db } from '../core/db.ts'
import { Fault, found } from '../core/errors.ts'
import { findPerson } from '../people/index.ts'
import { loadChart, namedOf } from './chart.ts'
import { refuseLeave, refuseOverlap } from './leaves.ts'
import { refuseCorrection } from './corrections.ts'
import { planOf } from './plan.ts'
import { countPhotos, type StoredRequest } from './queries.ts'
import type { RequestRules } from './rules.ts'
import { loadFlow, loadLeaveKinds } from './settings.ts'
import {
  boundsOf,
  costOf,
  dateAfter,
  faceMinute,
  firstDate,
  lastDate,
  type WorkDate,
} from './spans.ts'

/** What somebody asks for, with the id he gave it. */
export interface Asking {
  id: string
  details: RequestDetails
  reason: string
  photoIds: string[]
}

export interface Applicant {
  orgId: string
  personId: string
  zone: string
}

/** An application under examination: what it touches and takes. */
export interface Examined {
  who: Applicant
  asking: Asking
  from: string // work dates
  to: string
  bounds: { from: string; to: string } // on the person's clock
  minutes: number
  leave: LeaveKinds
  leaveKind: LeaveKind | null
  today: string // on the person's clock, 2026-03-10T09:00
}

const MOST_DAYS = 366
const MOST_OVERTIME = 24 * 60

/**
 * Examines an application as the company's rules say.
 * @returns the request as it would be kept
 * @throws Fault `bad_input`, `in_future`, `month_locked`, `overlaps`, `over_quota`, `not_enough`, `no_approver`
 */
export async function prepare(
  tx: Db,
  rules: RequestRules,
  {
    orgId,
    personId,
    asking,
    now,
  }: { orgId: string; personId: string; asking: Asking; now: number },
): Promise<StoredRequest> {
  const person = found(await findPerson(tx, orgId, personId), 'your account')
  const who = { orgId, personId, zone: person.zone }
  const examined = await examine(tx, rules, { who, asking, now })
  await refuseLocked(tx, rules, examined)
  await refuseStrangePhotos(tx, examined)
  if (asking.details.kind === 'correction') await refuseCorrection(tx, rules, examined)
  else await refuseOverlap(tx, examined)
  if (examined.leaveKind) await refuseLeave(tx, examined, examined.leaveKind)
  const { from, to, bounds, minutes } = examined
  return {
    ...{ orgId, personId, zone: who.zone, ...asking, from, to, minutes },
    fromLocal: bounds.from,
    toLocal: bounds.to,
    plan: await planFor(tx, examined),
    filedAt: now,
  }
}

/** The person's clock at an instant, as 2026-03-10T09:00. */
export const localNow = (at: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })

async function examine(
  tx: Db,
  rules: RequestRules,
  { who, asking, now }: { who: Applicant; asking: Asking; now: number },
): Promise<Examined> {
  const { leave } = await loadLeaveKinds(tx, who.orgId)
  const base = { who, asking, leave, today: localNow(now, who.zone) }
  const { details } = asking
  if (details.kind === 'correction') {
    const { date, at } = details
    return {
      ...base,
      from: date,
      to: date,
      bounds: { from: at, to: at },
      minutes: 0,
      leaveKind: null,
    }
  }
  const { span } = details
  refuseShape(span, details.kind === 'overtime' ? MOST_OVERTIME : MOST_DAYS * 1440)
  const [from, to] = [firstDate(span), lastDate(span)]
  const { orgId, personId } = who
  const work = await rules.workOf(tx, { orgId, personId, from: dateAfter(from, -1), to })
  const leaveKind = details.kind === 'leave' ? kindOf(leave, details.leaveKind, span) : null
  const minutes = minutesFor(details.kind, span, work, { leave, leaveKind })
  return { ...base, from, to, bounds: boundsOf(span, work), minutes, leaveKind }
}

/** Throws Fault `bad_input`. */
function refuseShape(span: Span, mostMinutes: number) {
  const start =
    span.by === 'days' ? `${span.from}T${span.fromHalf === 'am' ? '00' : '12'}:00` : span.from
  const end = span.by === 'days' ? `${span.to}T${span.toHalf === 'pm' ? '23' : '12'}:00` : span.to
  if (end <= start) throw new Fault('bad_input', 'span.to: must be later than span.from')
  if (faceMinute(end) - faceMinute(start) > mostMinutes)
    throw new Fault('bad_input', `span.to: at most ${mostMinutes / 1440} days after span.from`)
}

function kindOf(leave: LeaveKinds, key: string, span: Span): LeaveKind {
  const kind = leave.kinds.find((each) => each.key === key && each.active)
  if (!kind) throw new Fault('bad_input', 'leaveKind: there is no such kind of leave')
  if (span.by === 'clock' && kind.unit !== 'hour')
    throw new Fault('bad_input', 'span.by: this leave is taken by days')
  const halves = span.by === 'days' && (span.fromHalf === 'pm' || span.toHalf === 'am')
  if (kind.unit === 'day' && halves)
    throw new Fault('bad_input', 'span: this leave is taken by whole days')
  return kind
}

function minutesFor(
  kind: RequestDetails['kind'],
  span: Span,
  work: readonly WorkDate[],
  { leave, leaveKind }: { leave: LeaveKinds; leaveKind: LeaveKind | null },
): number {
  if (kind === 'overtime') return faceMinute(span.to) - faceMinute(span.from)
  const { minutesPerDay } = leave
  const counts = leaveKind?.counts ?? (kind === 'trip' ? 'calendar' : 'workdays')
  return costOf(span, work, { counts, minutesPerDay })
}

async function refuseLocked(tx: Db, rules: RequestRules, { who, from, to }: Examined) {
  const { orgId, personId } = who
  if (await rules.isLocked(tx, { orgId, personId, from, to }))
    throw new Fault('month_locked', 'date: the attendance of this month is locked')
}

async function refuseStrangePhotos(tx: Db, { who, asking }: Examined) {
  const ids = [...new Set(asking.photoIds)]
  if (ids.length > 0 && (await countPhotos(tx, who, ids)) < ids.length)
    throw new Fault('bad_input', 'photoIds: there is no such photo of yours')
}

async function planFor(tx: Db, { who, asking, minutes, leave, leaveKind }: Examined) {
  const { flow } = await loadFlow(tx, who.orgId)
  const plan = await planIn(tx, who, flow, {
    kind: asking.details.kind,
    leaveKind: leaveKind?.key ?? null,
    days: minutes / leave.minutesPerDay,
  })
  if (plan.length === 0) throw new Fault('no_approver', 'nobody in the company may decide this')
  return plan
}

async function planIn(tx: Db, who: Applicant, flow: Flow, asked: Parameters<typeof planOf>[1]) {
  return planOf(flow, asked, await loadChart(tx, who, namedOf(flow)))
}
