import type { Colleague } from '../contract/colleagues.ts'
import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'

const colleagues = (orgId: string): Sql => sql`
    select p.id, p.name, d.name as department, p.position, b.month_day as birthday
    from people p
      join departments d on d.org_id = ${orgId} and d.id = p.department_id
      left join birthdays b on b.org_id = ${orgId} and b.person_id = p.id
    where p.org_id = ${orgId} and p.active`

const matching = (q: string | null): Sql => sql`(${q}::text is null
      or strpos(lower(concat_ws(' ', p.name, p.position, d.name)), lower(${q}::text)) > 0)`

/** By name, a page after somebody. */
export const listColleagues = (
  db: Db,
  orgId: string,
  wanted: { q: string | null; after: string | null; limit: number },
) =>
  db.many<Colleague>(sql`
    ${colleagues(orgId)} and ${matching(wanted.q)}
      and (${wanted.after}::text is null or (p.name, p.id) > (
        select l.name, l.id from people l where l.org_id = ${orgId} and l.id = ${wanted.after}))
    order by p.name, p.id
    limit ${wanted.limit}`)

export async function countColleagues(db: Db, orgId: string, q: string | null): Promise<number> {
  const row = await db.first<{ n: number }>(sql`
    select count(*)::int as n
    from people p join departments d on d.org_id = ${orgId} and d.id = p.department_id
    where p.org_id = ${orgId} and p.active and ${matching(q)}`)
  return row?.n ?? 0
}

/** Those who gave their birthday, of these days of a year. */
export const listBirthdays = (db: Db, orgId: string, monthDays: readonly string[]) =>
  db.many<Colleague & { birthday: string }>(sql`
    ${colleagues(orgId)} and b.month_day = any (${monthDays}::text[])
    order by p.name, p.id`)

export const findBirthday = (db: Db, orgId: string, personId: string) =>
  db.first<{ birthday: string }>(sql`
    select b.month_day as birthday from birthdays b
    where b.org_id = ${orgId} and b.person_id = ${personId}`)

export const saveBirthday = (
  db: Db,
  orgId: string,
  said: { personId: string; birthday: string; at: number },
) =>
  db.run(sql`
    insert into birthdays (org_id, person_id, month_day, changed_at)
    values (${orgId}, ${said.personId}, ${said.birthday}, to_timestamp(${said.at}::float8 / 1000))
    on conflict (org_id, person_id) do update
    set month_day = excluded.month_day, changed_at = excluded.changed_at`)

export const deleteBirthday = (db: Db, orgId: string, personId: string) =>
  db.run(sql`delete from birthdays where org_id = ${orgId} and person_id = ${personId}`)
