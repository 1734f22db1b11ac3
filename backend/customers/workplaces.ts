import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { toWgs84 } from '../../geo/index.ts'
import { Workplace, WorkplaceInput, Workplaces } from '../contract/workplaces.ts'
import type { Db } from '../core/db.ts'
import { found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { route, signedIn, type Route, type Viewer } from '../core/http/route.ts'
import { sql } from '../core/sql.ts'

const COLUMNS = sql`
  w.id, w.name, w.address, st_x(w.at::geometry) as lng, st_y(w.at::geometry) as lat, w.radius, w.wifi,
  w.department_ids as "departmentIds", w.active`

/** A company's workplaces in use, by name. Positions are WGS-84, radii metres. */
export const listWorkplaces = (db: Db, orgId: string) =>
  db.many<Workplace>(sql`
    select ${COLUMNS}
    from workplaces w
    where w.org_id = ${orgId} and w.active
    order by w.name, w.id`)

/** One workplace, also one that is not in use any more; null when there is none. */
export const findWorkplace = (db: Db, orgId: string, id: string) =>
  db.first<Workplace>(sql`
    select ${COLUMNS} from workplaces w where w.org_id = ${orgId} and w.id = ${id}::uuid`)

const listAll = (db: Db, orgId: string) =>
  db.many<Workplace>(sql`
    select ${COLUMNS}
    from workplaces w
    where w.org_id = ${orgId}
    order by w.active desc, w.name, w.id
    limit 5000`)

/** Who may change where people punch. */
const keepsWorkplaces = (viewer: Viewer) =>
  signedIn(viewer) && (viewer.role === 'admin' || viewer.role === 'hr')

const OneWorkplace = z.object({ id: z.uuid() })

export function workplaceRoutes(kit: Kit): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/workplaces',
      summary: 'Where people of the company punch; admin and HR also see those not in use',
      reply: Workplaces,
      allow: signedIn,
      run: async ({ viewer }) => {
        const list = keepsWorkplaces(viewer) ? listAll : listWorkplaces
        return { workplaces: await list(kit.db, viewer.orgId) }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/workplaces',
      summary: 'Adds a workplace',
      input: WorkplaceInput,
      reply: Workplace,
      allow: keepsWorkplaces,
      run: ({ viewer, input }) => save(kit, { orgId: viewer.orgId, id: uuid() }, input),
    }),
    route({
      method: 'PUT',
      path: '/api/v1/workplaces/:id',
      summary: 'Changes a workplace; `active: false` takes it out of use',
      params: OneWorkplace,
      input: WorkplaceInput,
      reply: Workplace,
      allow: keepsWorkplaces,
      run: async ({ viewer, params, input }) => {
        const { orgId } = viewer
        found(await findWorkplace(kit.db, orgId, params.id), 'this workplace')
        return save(kit, { orgId, id: params.id }, input)
      },
    }),
  ]
}

/** Writes a workplace whole. Its position is kept as it was given and as WGS-84. */
async function save(kit: Kit, key: { orgId: string; id: string }, input: WorkplaceInput) {
  const { position } = input
  const datum = position.datum ?? 'wgs84'
  const [lng, lat] = toWgs84([position.lng, position.lat], datum)
  await kit.db.run(sql`
    insert into workplaces (org_id, id, name, address, at, raw_lng, raw_lat, raw_datum, radius, wifi,
      department_ids, active, changed_at)
    values (${key.orgId}, ${key.id}::uuid, ${input.name}, ${input.address},
      st_point(${lng}::float8, ${lat}::float8, 4326)::geography, ${position.lng}::float8,
      ${position.lat}::float8, ${datum}, ${input.radius}::float8, ${[...new Set(input.wifi)]}::text[],
      ${input.departmentIds}::text[], ${input.active}::boolean,
      to_timestamp(${kit.clock.now()}::float8 / 1000))
    on conflict (org_id, id) do update
    set name = excluded.name, address = excluded.address, at = excluded.at, raw_lng = excluded.raw_lng,
      raw_lat = excluded.raw_lat, raw_datum = excluded.raw_datum, radius = excluded.radius,
      wifi = excluded.wifi, department_ids = excluded.department_ids, active = excluded.active,
      changed_at = excluded.changed_at`)
  return found(await findWorkplace(kit.db, key.orgId, key.id), 'this workplace')
}
