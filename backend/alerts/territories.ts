import type { Polygon } from '../../geo/index.ts'
import { Area, type Territory } from '../contract/territories.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'

/** Territories of a company by department; those taken back are not among them. */
export async function listTerritories(db: Db, orgId: string): Promise<Territory[]> {
  const rows = await db.many<{ departmentId: string; department: string; area: unknown }>(sql`
    select t.department_id as "departmentId", d.name as department, t.area
    from territories t
      join departments d on d.org_id = ${orgId} and d.id = t.department_id
    where t.org_id = ${orgId} and t.area is not null
    order by d.name, t.department_id`)
  return rows.flatMap(({ area, ...row }) => {
    const kept = Area.safeParse(area)
    return kept.success ? [{ ...row, area: kept.data }] : []
  })
}

export const upsertTerritory = (
  db: Db,
  { orgId, departmentId, area, by, at }: { orgId: string; departmentId: string; area: Area | null; by: string; at: number }, // prettier-ignore
) =>
  db.run(sql`
    insert into territories (org_id, department_id, area, made_by, made_at)
    values (${orgId}, ${departmentId}, ${area && JSON.stringify(area)}::jsonb, ${by},
      to_timestamp(${at}::float8 / 1000))
    on conflict (org_id, department_id) do update
    set area = excluded.area, made_by = excluded.made_by, made_at = excluded.made_at`)

/** As geometry works with it. */
export const polygonOf = (area: Area): Polygon => ({ polygons: area.coordinates })
