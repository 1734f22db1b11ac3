import type { ClockSpan, RequestDetails, Span } from '../contract/approvals.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { dateAfter } from './spans.ts'

interface Granted {
  requestId: string
  personId: string
}

/** The punch of a due, as it was in truth. */
export interface ApprovedCorrection extends Granted {
  date: string // the work date
  due: string // in1, out1, in2 …
  at: string // on the person's clock, 2026-03-10T18:00
}

/** Time off, or work elsewhere. `coverOn` says what it covers of a work date. */
export interface ApprovedAbsence extends Granted {
  kind: 'leave' | 'outing' | 'trip'
  leaveKind: string | null
  span: Span
}

export interface ApprovedOvertime extends Granted {
  span: ClockSpan
  as: 'compensatory' | 'pay'
}

/** What attendance reckons with. Each list in the order of approval: of two that say different things the later holds. */
export interface Approved {
  corrections: ApprovedCorrection[]
  absences: ApprovedAbsence[]
  overtime: ApprovedOvertime[]
}

/**
 * Everything that holds for these people on work dates from `from` to `to`, both included, and on
 * those next to them: nights reach over. A revocation that waits leaves its request holding.
 */
export async function listApproved(
  db: Db,
  scope: { orgId: string; personIds: readonly string[]; from: string; to: string },
): Promise<Approved> {
  const { orgId, personIds } = scope
  const rows = await db.many<Granted & { details: RequestDetails }>(sql`
    select r.id as "requestId", r.person_id as "personId", r.details
    from requests r
      join request_states s on s.org_id = ${orgId} and s.person_id = r.person_id and s.request_id = r.id
    where r.org_id = ${orgId}
      and r.person_id = any (${personIds}::text[])
      and r.from_date <= ${dateAfter(scope.to, 1)}::date
      and r.to_date >= ${dateAfter(scope.from, -1)}::date
      and s.state in ('approved', 'revoking')
    order by s.approved_at, r.id`)
  const approved: Approved = { corrections: [], absences: [], overtime: [] }
  for (const { details, ...granted } of rows) sort(approved, granted, details)
  return approved
}

function sort(approved: Approved, granted: Granted, details: RequestDetails): void {
  switch (details.kind) {
    case 'correction': {
      const { date, due, at } = details
      approved.corrections.push({ ...granted, date, due, at })
      return
    }
    case 'overtime':
      approved.overtime.push({ ...granted, span: details.span, as: details.as })
      return
    case 'leave':
      approved.absences.push({ ...granted, kind: 'leave', leaveKind: details.leaveKind, span: details.span }) // prettier-ignore
      return
    case 'outing':
    case 'trip':
      approved.absences.push({
        ...granted,
        kind: details.kind,
        leaveKind: null,
        span: details.span,
      })
  }
}
