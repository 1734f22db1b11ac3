import type { CustomerSettings } from '../contract/customerSettings.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import { signedIn, type Viewer } from '../core/http/route.ts'
import { sql, type Sql } from '../core/sql.ts'
import { loadSettings } from './settings.ts'

/** Whose customers somebody sees and changes; `customersSeen` and `customersChanged` say it in SQL. */
export interface Access {
  readonly viewer: Viewer
  readonly settings: CustomerSettings
  readonly everything: boolean
  readonly owners: readonly string[] // whose customers he sees: his own, those of people he leads
  readonly departments: readonly string[] // whose customers he sees
  readonly homes: readonly string[] // his department and those above: their pools are open to him
  readonly department: string // his own
}

/** One query: what the viewer's place in the company opens to him. */
export async function accessOf(db: Db, viewer: Viewer): Promise<Access> {
  const settings = await loadSettings(db, viewer.orgId)
  const { homes, led } = await placeOf(db, viewer)
  const department = homes[0] ?? ''
  const rep = viewer.role === 'rep'
  const everything = viewer.departments === 'all' || (rep && settings.repsSee === 'all')
  const leads = viewer.departments === 'all' ? [] : viewer.departments
  return {
    viewer,
    settings,
    everything,
    owners: [viewer.id, ...led],
    departments: rep && settings.repsSee === 'department' ? [department] : leads,
    homes,
    department,
  }
}

/** His department and those above it, lowest first, and the people who are led by him without being in his departments. */
async function placeOf(db: Db, { orgId, id, departments }: Viewer) {
  const keys = departments === 'all' ? [] : departments
  const row = await db.first<{ homes: string[]; led: string[] }>(sql`
    with recursive above as (
      select d.id, d.parent_id, 0 as height
      from departments d
        join people p on p.org_id = ${orgId} and p.id = ${id} and p.department_id = d.id
      where d.org_id = ${orgId}
      union all
      select d.id, d.parent_id, a.height + 1
      from departments d join above a on d.id = a.parent_id and a.height < 50
      where d.org_id = ${orgId}
    )
    select array(select id from above order by height) as homes,
      array(select p.id from people p
        where p.org_id = ${orgId} and p.circles && ${keys}::text[]) as led`)
  return row ?? { homes: [], led: [] }
}

/** True of a row of `customers c` that may be seen. */
export function customersSeen(access: Access): Sql {
  if (access.everything) return sql`true`
  const { owners, departments, homes } = access
  return sql`(
    c.owner_id = any (${owners}::text[])
    or c.department_id = any (${departments}::text[])
    or (c.owner_id is null
      and (c.department_id is null or c.department_id = any (${homes}::text[]))))`
}

/** True of a row of `customers c` that may be changed. */
export function customersChanged({ viewer, settings, owners, departments }: Access): Sql {
  if (viewer.role === 'admin') return sql`true`
  if (viewer.role === 'supervisor')
    return sql`coalesce(
      c.owner_id = any (${owners}::text[]) or c.department_id = any (${departments}::text[]), false)`
  if (viewer.role === 'rep' && settings.repsMayEdit)
    return sql`(c.owner_id is not distinct from ${viewer.id}::text)`
  return sql`false`
}

/** Whether somebody may hand customers on, and settle where they are. */
export const disposes = (viewer: Viewer) =>
  signedIn(viewer) && (viewer.role === 'supervisor' || viewer.role === 'admin')

/** Supervisors give and take within what they lead. Throws Fault `not_allowed`. */
export async function refuseStranger(db: Db, access: Access, personId: string | null) {
  const { viewer } = access
  if (personId === null || viewer.role === 'admin' || personId === viewer.id) return
  const keys = viewer.departments === 'all' ? [] : viewer.departments
  const mine = await db.first(sql`
    select p.id from people p
    where p.org_id = ${viewer.orgId} and p.id = ${personId}
      and (p.department_id = any (${keys}::text[]) or p.circles && ${keys}::text[])`)
  if (!mine) throw new Fault('not_allowed', `${personId} is not among the people you lead`)
}
