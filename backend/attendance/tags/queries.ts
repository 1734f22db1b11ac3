import type { TagMember } from '../../contract/tags.ts'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'

/** Every tag with its people. */
export const listTagged = (db: Db, orgId: string) =>
  db.many<TagMember & { tag: string; name: string }>(sql`
    select t.tag, t.person_id as "personId", p.name, t.from_on as "from", t.to_on as "to"
    from attendance_tags t
      join people p on p.org_id = ${orgId} and p.id = t.person_id
    where t.org_id = ${orgId}
    order by t.tag, t.person_id`)

/** The people of one tag, as a whole; strangers are left out. */
export async function replaceTagged(
  tx: Db,
  orgId: string,
  tag: string,
  members: readonly TagMember[],
): Promise<void> {
  await tx.run(sql`delete from attendance_tags where org_id = ${orgId} and tag = ${tag}`)
  await tx.run(sql`
    insert into attendance_tags (org_id, person_id, tag, from_on, to_on)
    select ${orgId}, p.id, ${tag}, m."from", m."to"
    from people p
      join json_to_recordset(${JSON.stringify(members)}::json)
        as m ("personId" text, "from" date, "to" date) on m."personId" = p.id
    where p.org_id = ${orgId}
    on conflict do nothing`)
}
