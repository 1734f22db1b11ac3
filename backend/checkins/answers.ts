import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/** What a customer said of a visit by the link of it. */
export interface CustomerAnswer {
  orgId: string
  personId: string // whose visit it is
  id: string // of the link
  checkinIds: readonly string[] // of the visit
  at: number // epoch ms
  tookPlace: boolean
  rating: number | null // 1 to 5
}

/** Keeps it as evidence for or against each check-in; the next scoring counts it. The same link again changes nothing. */
export const noteAnswer = (tx: Db, answer: CustomerAnswer) =>
  tx.run(sql`
    insert into checkin_answers (org_id, person_id, checkin_id, id, at, took_place, rating)
    select ${answer.orgId}, ${answer.personId}, each.id::uuid, ${answer.id}::uuid,
      to_timestamp(${answer.at}::float8 / 1000), ${answer.tookPlace}, ${answer.rating}::int
    from unnest(${answer.checkinIds}::text[]) as each (id)
    on conflict do nothing`)

/** The newest word of a customer about a check-in; null when none has answered. */
export const findAnswer = async (
  db: Db,
  { orgId, personId, id }: { orgId: string; personId: string; id: string },
) =>
  (await db.first<{ tookPlace: boolean; rating: number | null }>(sql`
    select a.took_place as "tookPlace", a.rating
    from checkin_answers a
    where a.org_id = ${orgId} and a.person_id = ${personId} and a.checkin_id = ${id}::uuid
    order by a.at desc, a.id
    limit 1`)) ?? null
