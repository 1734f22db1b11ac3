import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import type { PersonDate } from './queries.ts'

/** A call that nobody ended is taken for over after so long. */
const LASTS_MS = 86_400_000

export interface Call {
  readonly id: string
  readonly at: number // epoch ms
  readonly endedAt: number | null
  readonly note: string
}

/** Calls for help of person-days. */
export async function listCalls(
  db: Db,
  orgId: string,
  days: readonly PersonDate[],
  now: number,
): Promise<(Call & PersonDate)[]> {
  const rows = await db.many<Call & PersonDate>(sql`
    select s.person_id as "personId", s.date, s.id, s.at, s.ended_at as "endedAt", s.note
    from json_to_recordset(${JSON.stringify(days)}::json) as w ("personId" text, date date)
      join sos_calls s on s.org_id = ${orgId} and s.person_id = w."personId" and s.date = w.date
    order by s.at, s.id`)
  return rows.map((row) => ({
    ...row,
    endedAt: row.endedAt ?? (row.at + LASTS_MS <= now ? row.at + LASTS_MS : null),
  }))
}

export interface NewCall {
  orgId: string
  personId: string
  id: string
  at: number
  receivedAt: number
  date: string
  lng: number | null // WGS-84
  lat: number | null
  accuracy: number | null
  note: string
}

/** @returns whether it was added; false when its id was there. */
export async function insertCall(tx: Db, call: NewCall): Promise<boolean> {
  const rows = await tx.many(sql`
    insert into sos_calls (org_id, person_id, id, at, received_at, date, point, accuracy, note)
    values (${call.orgId}, ${call.personId}, ${call.id}::uuid, to_timestamp(${call.at}::float8 / 1000),
      to_timestamp(${call.receivedAt}::float8 / 1000), ${call.date}::date,
      case when ${call.lng}::float8 is null then null
        else st_point(${call.lng}::float8, ${call.lat}::float8, 4326) end,
      ${call.accuracy}::float8, ${call.note})
    on conflict do nothing
    returning id`)
  return rows.length > 0
}

/** @returns the date of the call that ended now; null when there was none that lasted. */
export const endCall = (
  tx: Db,
  { orgId, personId, id }: { orgId: string; personId: string; id: string },
  at: number,
) =>
  tx.first<{ date: string }>(sql`
    update sos_calls
    set ended_at = greatest(at, to_timestamp(${at}::float8 / 1000))
    where org_id = ${orgId} and person_id = ${personId} and id = ${id}::uuid and ended_at is null
    returning date`)

/** My newest call that lasts, and what became of it. */
export const findOwnCall = (db: Db, orgId: string, personId: string, now: number) =>
  db.first<{
    id: string
    at: number
    told: string[]
    heardBy: string | null
    heardAt: number | null
  }>(sql`
    select s.id, s.at, h.name as "heardBy", a.heard_at as "heardAt",
      array(
        select p.name from people p
        where p.org_id = ${orgId} and p.id = any (a.told)
        order by p.id) as told
    from sos_calls s
      left join alerts a on a.org_id = ${orgId} and a.person_id = ${personId} and a.kind = 'sos'
        and a.key = s.id::text
      left join people h on h.org_id = ${orgId} and h.id = a.heard_by
    where s.org_id = ${orgId}
      and s.person_id = ${personId}
      and s.ended_at is null
      and s.at > to_timestamp(${now - LASTS_MS}::float8 / 1000)
    order by s.at desc
    limit 1`)
