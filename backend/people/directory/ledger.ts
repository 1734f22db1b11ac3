import { randomUUID } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import type { ContactSummary, SyncCause, SyncError, SyncState } from '../../contract/contacts.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import type { SourceDepartment, SourceMember } from './directory.ts'

/** A sync that somebody works on. */
export interface RunningSync {
  id: string
  owner: string
  approves: string | null
  startedAt: number
  departments: SourceDepartment[] | null // as read; null: not yet
  membersRead: number
}

/** Which work is whose: whoever lost it to another one writes nothing more. */
export type Held = Pick<RunningSync, 'id' | 'owner'>

export const ABANDONED_MS = 60_000 // nothing was seen of the one who works on it
const KEPT_DAYS = 90

const instant = (at: number) => sql`to_timestamp(${at}::float8 / 1000)`

const RUNNING = sql`id, owner, approves, started_at as "startedAt", departments,
  members_read as "membersRead"`

/** A new company has no row before its first sync; its name comes with that. */
export const makeOrg = (db: Db, orgId: string) =>
  db.run(sql`insert into orgs (id, name) values (${orgId}, ${orgId}) on conflict do nothing`)

/** Begins a sync; null while one is running anywhere. */
export async function beginSync(
  db: Db,
  orgId: string,
  ask: { cause: SyncCause; requestedBy?: string; approves?: string },
  now: number,
): Promise<RunningSync | null> {
  await makeOrg(db, orgId)
  const [begun] = await db.many<RunningSync>(sql`
    insert into contact_syncs (org_id, id, cause, state, requested_by, approves, owner, started_at, seen_at)
    values (${orgId}, ${uuid()}::uuid, ${ask.cause}, 'running', ${ask.requestedBy ?? null},
      ${ask.approves ?? null}, ${randomUUID()}::uuid, ${instant(now)}, ${instant(now)})
    on conflict do nothing
    returning ${RUNNING}`)
  return begun ?? null
}

/** Takes over a sync of which nothing was seen for a minute: its process is gone. */
export async function adoptSync(db: Db, orgId: string, now: number): Promise<RunningSync | null> {
  const [adopted] = await db.many<RunningSync>(sql`
    update contact_syncs set owner = ${randomUUID()}::uuid, seen_at = ${instant(now)}, waits_until = null
    where org_id = ${orgId} and state = 'running' and seen_at < ${instant(now - ABANDONED_MS)}
    returning ${RUNNING}`)
  return adopted ?? null
}

/** Leaves a sync to whoever comes next. */
export const abandonSync = (db: Db, orgId: string, { id, owner }: Held) =>
  db.run(sql`
    update contact_syncs set seen_at = ${instant(0)}, waits_until = null
    where org_id = ${orgId} and id = ${id}::uuid and owner = ${owner}::uuid and state = 'running'`)

export interface Page {
  departmentId: string
  members: readonly SourceMember[]
}

export const loadPages = (db: Db, orgId: string, syncId: string) =>
  db.many<{ departmentId: string; members: SourceMember[] }>(sql`
    select department_id as "departmentId", members
    from contact_pages
    where org_id = ${orgId} and sync_id = ${syncId}::uuid`)

/**
 * Keeps what was read and shows that somebody works.
 * @returns whether the work is still his.
 */
export async function saveProgress(
  db: Db,
  orgId: string,
  { id, owner }: Held,
  progress: {
    now: number
    departments?: readonly SourceDepartment[]
    pages?: readonly Page[]
    waitsUntil?: number
  },
): Promise<boolean> {
  const { now, departments, pages = [], waitsUntil } = progress
  const read = pages.reduce((sum, page) => sum + page.members.length, 0)
  return db.transact(async (tx) => {
    const mine = await tx.run(sql`
      update contact_syncs
      set seen_at = ${instant(now)}, waits_until = to_timestamp(${waitsUntil ?? null}::float8 / 1000),
        departments = coalesce(${departments ? JSON.stringify(departments) : null}::jsonb, departments),
        departments_total = coalesce(${departments?.length ?? null}::integer, departments_total),
        departments_read = departments_read + ${pages.length}::integer,
        members_read = members_read + ${read}::integer
      where org_id = ${orgId} and id = ${id}::uuid and owner = ${owner}::uuid and state = 'running'`)
    if (mine > 0 && pages.length > 0)
      await tx.run(sql`
        insert into contact_pages (org_id, sync_id, department_id, members)
        select ${orgId}, ${id}::uuid, p."departmentId", p.members
        from json_to_recordset(${JSON.stringify(pages)}::json) as p ("departmentId" text, members jsonb)
        on conflict do nothing`)
    return mine > 0
  })
}

export interface Outcome {
  state: SyncState
  fingerprint?: string
  summary?: ContactSummary
  error?: SyncError
}

/**
 * Closes a sync and drops what it had read. A difference that waited for an admin is replaced by
 * what a later sync found.
 * @returns whether the work was still his; if not, nothing of his transaction may stay.
 */
export async function finishSync(
  tx: Db,
  orgId: string,
  { id, owner }: Held,
  outcome: Outcome & { now: number },
): Promise<boolean> {
  const { now, state, fingerprint = null, summary = null, error = null } = outcome
  const mine = await tx.run(sql`
    update contact_syncs
    set state = ${state}, finished_at = ${instant(now)}, seen_at = ${instant(now)}, waits_until = null,
      fingerprint = ${fingerprint}, summary = ${summary && JSON.stringify(summary)}::jsonb,
      error = ${error && JSON.stringify(error)}, departments = null
    where org_id = ${orgId} and id = ${id}::uuid and owner = ${owner}::uuid and state = 'running'`)
  if (mine === 0) return false
  await tx.run(sql`
    delete from contact_pages where org_id = ${orgId} and sync_id = ${id}::uuid`)
  if (state !== 'failed') await settle(tx, orgId, id)
  await tx.run(sql`
    delete from contact_syncs
    where org_id = ${orgId} and state not in ('running', 'held')
      and started_at < ${instant(now - KEPT_DAYS * 86_400_000)}`)
  return true
}

/** What waited is replaced, and what was wanted before this sync began is done. */
async function settle(tx: Db, orgId: string, id: string): Promise<void> {
  await tx.run(sql`
    update contact_syncs set state = 'replaced'
    where org_id = ${orgId} and state = 'held' and id <> ${id}::uuid`)
  await tx.run(sql`
    update contact_states set wanted_at = null
    where org_id = ${orgId} and wanted_at <=
      (select started_at from contact_syncs where org_id = ${orgId} and id = ${id}::uuid)`)
}

/** Decides on a difference that waits; its fingerprint, or null when none of this id waits any more. */
export async function decideSync(
  tx: Db,
  orgId: string,
  decision: { id: string; state: 'approved' | 'refused'; by: string; now: number },
): Promise<string | null> {
  const [decided] = await tx.many<{ fingerprint: string }>(sql`
    update contact_syncs
    set state = ${decision.state}, decided_by = ${decision.by}, decided_at = ${instant(decision.now)}
    where org_id = ${orgId} and id = ${decision.id}::uuid and state = 'held'
    returning fingerprint`)
  return decided?.fingerprint ?? null
}
