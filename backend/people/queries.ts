import type { Department, Person } from '../contract/people.ts'
import type { Db } from '../core/db.ts'
import { quietHoursOf, type QuietHours } from '../core/quiet.ts'
import { sql } from '../core/sql.ts'
import { inScope } from './scope.ts'

export interface PersonRow {
  id: string
  name: string
  role: 'rep' | 'supervisor' | 'hr' | 'admin'
  departmentId: string
  department: string
  leads: string[]
  circles: string[] // further keys under which supervisors may see the person
  zone: string
  orgName: string
}

export const findPerson = (db: Db, orgId: string, id: string) =>
  db.first<PersonRow>(sql`
    select p.id, p.name, p.role, p.department_id as "departmentId", d.name as department, p.leads, p.circles,
      coalesce(p.zone, o.zone) as zone, o.name as "orgName"
    from people p
      join departments d on d.org_id = ${orgId} and d.id = p.department_id
      join orgs o on o.id = ${orgId}
    where p.org_id = ${orgId} and p.id = ${id} and p.active`)

/**
 * Whom the directory calls so now. Userids are unique without regard to case, and may change once:
 * the person's id, which facts point to, stays.
 */
export const findPersonId = (db: Db, orgId: string, userId: string) =>
  db.first<{ id: string }>(sql`
    select id from people
    where org_id = ${orgId} and lower(coalesce(user_id, id)) = lower(${userId}) and active`)

/** What the directory calls these people now, by id: whom to write to. */
export async function userIdsOf(db: Db, orgId: string, personIds: readonly string[]) {
  const rows = await db.many<{ id: string; userId: string }>(sql`
    select id, coalesce(user_id, id) as "userId"
    from people
    where org_id = ${orgId} and id = any (${personIds}::text[]) and active`)
  return new Map(rows.map((row) => [row.id, row.userId]))
}

export const listDepartments = (db: Db, orgId: string) =>
  db.many<Department>(sql`
    select id, parent_id as "parentId", name
    from departments
    where org_id = ${orgId} and active
    order by sort, id`)

/** The departments below `roots`, themselves included. */
export async function subtreeOf(
  db: Db,
  orgId: string,
  roots: readonly string[],
): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`
    with recursive tree as (
      select d.id from departments d where d.org_id = ${orgId} and d.id = any (${roots}::text[])
      union
      select d.id from departments d join tree t on d.parent_id = t.id where d.org_id = ${orgId}
    )
    select id from tree order by id`)
  return rows.map((row) => row.id)
}

/** People of departments with what is known of them now; the state is the caller's to say. */
export type KnownPerson = Omit<Person, 'state' | 'since' | 'reason'> & { stillSince: number | null }

/** @param departments 'all' or the ids that may be seen. */
export function listKnown(
  db: Db,
  scope: { orgId: string; departments: readonly string[] | 'all'; personId?: string },
  now: number,
) {
  return db.many<KnownPerson>(sql`
    select p.id, p.name, p.department_id as "departmentId", d.name as department, p.position,
      l.customer_id as "customerId", c.name as customer,
      w.from_at as "dutyFrom", w.to_at as "dutyTo", l.still_since as "stillSince",
      case when l.at is null then null else json_build_object(
        'lng', st_x(l.point), 'lat', st_y(l.point), 'at', (extract(epoch from l.at) * 1000)::bigint,
        'accuracy', l.accuracy, 'heading', l.heading, 'battery', l.battery, 'network', l.network) end as last
    from people p
      join departments d on d.org_id = ${scope.orgId} and d.id = p.department_id
      left join last_positions l on l.org_id = ${scope.orgId} and l.person_id = p.id
      left join customers c on c.org_id = ${scope.orgId} and c.id = l.customer_id
      left join duty_windows w on w.org_id = ${scope.orgId} and w.person_id = p.id
        and w.from_at <= to_timestamp(${now}::float8 / 1000)
        and w.to_at > to_timestamp(${now}::float8 / 1000)
    where p.org_id = ${scope.orgId}
      and p.active
      and p.role = 'rep'
      and ${inScope(scope)}
      and (${scope.personId ?? null}::text is null or p.id = ${scope.personId ?? null}::text)
    order by p.id`)
}

/** The newest silence that is not older than the newest fix, by person: why somebody is not heard. */
export const listSilences = (db: Db, orgId: string, personIds: readonly string[], since: number) =>
  db.many<{ personId: string; reason: Person['reason']; from: number; to: number }>(sql`
    select distinct on (person_id) person_id as "personId", reason, from_at as "from", to_at as "to"
    from silences
    where org_id = ${orgId}
      and person_id = any (${personIds}::text[])
      and to_at > to_timestamp(${since}::float8 / 1000)
    order by person_id, to_at desc`)

export interface SeedPerson {
  id: string
  name: string
  departmentId: string
  position: string | null
  role: PersonRow['role']
  leads: string[]
  /** What the directory calls him; without it he is not of the directory until a sync finds him there. */
  userId?: string
  /** See `StoredPerson`. */
  circles?: string[]
  /** First day of work; without it since ever. */
  joinedOn?: string
}

export const upsertOrg = (db: Db, org: { id: string; name: string; zone: string }) =>
  db.run(sql`
    insert into orgs (id, name, zone) values (${org.id}, ${org.name}, ${org.zone})
    on conflict (id) do update set name = excluded.name`)

export const upsertDepartments = (db: Db, orgId: string, departments: readonly Department[]) =>
  db.run(sql`
    insert into departments (org_id, id, parent_id, name, sort)
    select ${orgId}, d.id, d."parentId", d.name, d.n
    from rows from (json_to_recordset(${JSON.stringify(departments)}::json) as (id text, "parentId" text, name text))
      with ordinality as d (id, "parentId", name, n)
    on conflict (org_id, id) do update set parent_id = excluded.parent_id, name = excluded.name`)

export const upsertPeople = (db: Db, orgId: string, people: readonly SeedPerson[]) =>
  db.run(sql`
    insert into people (org_id, id, name, department_id, position, role, leads, user_id, circles, employments)
    select ${orgId}, p.id, p.name, p."departmentId", p.position, p.role,
      array(select json_array_elements_text(p.leads)), p."userId",
      array(select json_array_elements_text(p.circles)),
      case when p."joinedOn" is null then '[]'::jsonb
        else jsonb_build_array(jsonb_build_object('from', p."joinedOn", 'to', null)) end
    from json_to_recordset(${JSON.stringify(people)}::json)
      as p (id text, name text, "departmentId" text, position text, role text, leads json,
        "userId" text, circles json, "joinedOn" text)
    on conflict (org_id, id) do update
    set name = excluded.name, department_id = excluded.department_id, role = excluded.role, leads = excluded.leads`)

/** Since when, epoch ms, the company's demo is removed and does not come back; null: it is not. */
export async function demoRemovedAt(db: Db, orgId: string): Promise<number | null> {
  const row = await db.first<{ at: number | null }>(sql`
    select (o.settings ->> 'demoRemovedAt')::float8 as at from orgs o where o.id = ${orgId}`)
  return row?.at ?? null
}

/** @param at epoch ms; the first one holds */
export const noteDemoRemoved = (db: Db, orgId: string, at: number) =>
  db.run(sql`
    update orgs
    set settings = ${JSON.stringify({ demoRemovedAt: at })}::jsonb || settings
    where id = ${orgId}`)

/** Notes that a step of the setup is not needed in this company, or is after all. */
export const saveSetupSkip = (
  db: Db,
  orgId: string,
  { step, skipped }: { step: string; skipped: boolean },
) =>
  db.run(sql`
    update orgs o
    set settings = o.settings || jsonb_build_object('setupSkipped',
      (coalesce(o.settings -> 'setupSkipped', '[]'::jsonb) - ${step}::text)
        || case when ${skipped}::boolean then jsonb_build_array(${step}::text) else '[]'::jsonb end)
    where o.id = ${orgId}`)

/** The company's quiet hours, in which no message that can wait goes out. */
export async function findQuietHours(db: Db, orgId: string): Promise<QuietHours> {
  const row = await db.first<{ from: string | null; to: string | null }>(sql`
    select o.settings -> 'quietHours' ->> 'from' as "from", o.settings -> 'quietHours' ->> 'to' as "to"
    from orgs o
    where o.id = ${orgId}`)
  return quietHoursOf(row ?? { from: null, to: null })
}

export const saveQuietHours = (db: Db, orgId: string, quiet: QuietHours) =>
  db.run(sql`
    update orgs
    set settings = settings || ${JSON.stringify({ quietHours: quiet })}::jsonb
    where id = ${orgId}`)
