import { CheckinSettings } from '../../contract/wecomImport.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

export interface BridgeRow {
  settings: CheckinSettings
  polledAt: number | null
  polledNew: number | null
  pollError: string | null
}

const OFF: CheckinSettings = { poll: false, writeCheckins: false, writeCorrections: false }

export async function loadBridge(db: Db, orgId: string): Promise<BridgeRow> {
  const row = await db.first<Omit<BridgeRow, 'settings'> & { settings: unknown }>(sql`
    select settings, polled_at as "polledAt", polled_new as "polledNew", poll_error as "pollError"
    from attendance_bridges
    where org_id = ${orgId}`)
  if (!row) return { settings: OFF, polledAt: null, polledNew: null, pollError: null }
  const known = CheckinSettings.safeParse({ ...OFF, ...Object(row.settings) })
  return { ...row, settings: known.data ?? OFF }
}

export const saveBridge = (
  db: Db,
  orgId: string,
  { settings, by, now }: { settings: CheckinSettings; by: string; now: number },
) =>
  db.run(sql`
    insert into attendance_bridges (org_id, settings, changed_by, changed_at)
    values (${orgId}, ${JSON.stringify(settings)}::jsonb, ${by}, to_timestamp(${now}::float8 / 1000))
    on conflict (org_id) do update
    set settings = excluded.settings, changed_by = excluded.changed_by, changed_at = excluded.changed_at`)

export const notePoll = (
  db: Db,
  orgId: string,
  { now, added, error }: { now: number; added: number | null; error: string | null },
) =>
  db.run(sql`
    update attendance_bridges
    set polled_at = to_timestamp(${now}::float8 / 1000), polled_new = ${added}::int, poll_error = ${error}
    where org_id = ${orgId}`)

export interface BridgeMember {
  id: string
  userId: string
  zone: string
}

/** Everybody active, with what WeCom calls him and his zone. */
export const listBridgeMembers = (db: Db, orgId: string) =>
  db.many<BridgeMember>(sql`
    select p.id, coalesce(p.user_id, p.id) as "userId", coalesce(p.zone, o.zone) as zone
    from people p
      join orgs o on o.id = p.org_id
    where p.org_id = ${orgId} and p.active
    order by p.id`)
