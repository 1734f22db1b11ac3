import type { Contacts, ContactSync } from '../../contract/contacts.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import { nextSyncAt, type Past } from './due.ts'

/** Userids of those whom the directory knew last. */
export async function listLinked(db: Db, orgId: string): Promise<string[]> {
  const rows = await db.many<{ userId: string }>(sql`
    select user_id as "userId" from people
    where org_id = ${orgId} and active and user_id is not null
    order by id`)
  return rows.map((row) => row.userId)
}

/** What the next sync is planned by, and the company's zone. `running`: one is under way. */
export async function loadPast(db: Db, orgId: string) {
  const rows = await db.many<{ state: ContactSync['state']; finishedAt: number | null }>(sql`
    select state, finished_at as "finishedAt"
    from contact_syncs
    where org_id = ${orgId}
    order by finished_at desc nulls first, id desc
    limit 1`)
  const state = await db.first<{ wantedAt: number | null; zone: string | null }>(sql`
    select (select zone from orgs where id = ${orgId}) as zone,
      (select wanted_at from contact_states where org_id = ${orgId}) as "wantedAt"`)
  const [last] = rows
  const past: Past | 'running' =
    last?.finishedAt === null
      ? 'running'
      : {
          last: last ? { state: last.state, finishedAt: last.finishedAt } : null,
          wantedAt: state?.wantedAt ?? null,
        }
  return { past, zone: state?.zone ?? 'Asia/Shanghai' }
}

/** How the company stands to its directory, for the admin's page. */
export async function loadContacts(db: Db, orgId: string, now: number): Promise<Contacts> {
  const syncs = await db.many<ContactSync>(sql`
    select s.id, s.cause, s.state, s.started_at as "startedAt", s.finished_at as "finishedAt",
      s.waits_until as "waitsUntil", s.departments_read as "departmentsRead",
      s.departments_total as "departmentsTotal", s.members_read as "membersRead", s.summary, s.error::json as error,
      r.name as "requestedBy", d.name as "decidedBy", s.decided_at as "decidedAt"
    from contact_syncs s
      left join people r on r.org_id = ${orgId} and r.id = s.requested_by
      left join people d on d.org_id = ${orgId} and d.id = s.decided_by
    where s.org_id = ${orgId}
    order by coalesce(s.decided_at, s.finished_at) desc nulls first, s.id desc
    limit 10`)
  const counts = await db.first<{ people: number; departments: number }>(sql`
    select (select count(*) from people where org_id = ${orgId} and active) as people,
      (select count(*) from departments where org_id = ${orgId} and active) as departments`)
  const { past, zone } = await loadPast(db, orgId)
  return {
    now,
    people: counts?.people ?? 0,
    departments: counts?.departments ?? 0,
    running: syncs.find((each) => each.state === 'running') ?? null,
    pending: syncs.find((each) => each.state === 'held') ?? null,
    last: syncs.find((each) => LAST.includes(each.state)) ?? null,
    nextAt: past === 'running' ? now : Math.max(now, nextSyncAt(past, zone)),
  }
}

const LAST: readonly ContactSync['state'][] = ['applied', 'refused', 'failed']
