// What ingest is compared with: Koa, a body parser, one INSERT for each request; no check, no gate, nobody told.
import { bodyParser } from '@koa/bodyparser'
import Koa from 'koa'
import type { RequestListener } from 'node:http'
import rawBody from 'raw-body'
import { z } from 'zod'
import type { Database } from '../../backend/core/db.ts'
import { sql } from '../../backend/core/sql.ts'

const COLUMNS = `org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat, datum, accuracy,
  speed, heading, altitude, battery, network, source`

type Sent = Record<'id' | 'at' | 'lng' | 'lat', string | number> & Record<string, unknown>

const Plain = z.object({ fixes: z.custom<Sent[]>(Array.isArray) })

/** What anybody would write first: the usual body parser and a list of VALUES. The token names the person. */
export function plainHandler(database: Database, org: string): RequestListener {
  const app = new Koa()
  app.use(bodyParser())
  app.use(async (ctx) => {
    const { fixes } = Plain.parse(ctx.request.body)
    const person = ctx.get('authorization').slice('Bearer '.length)
    const { text, values } = insertOf(org, person, fixes)
    const accepted = (await database.raw(text, values)).rowCount ?? 0
    ctx.body = { accepted, duplicate: fixes.length - accepted, rejected: [] }
  })
  return listenerOf(app)
}

function insertOf(org: string, person: string, fixes: readonly Sent[]) {
  const values: unknown[] = [org, person]
  const next = (value: unknown) => `$${values.push(value ?? null)}`
  const rows = fixes.map((fix) => {
    const at = `to_timestamp(${next(fix.at)}::float8 / 1000)`
    const [lng, lat] = [`${next(fix.lng)}::float8`, `${next(fix.lat)}::float8`]
    const measured = ['accuracy', 'speed', 'heading', 'altitude', 'battery', 'network', 'source']
    return `($1, $2, ${at}, ${next(fix.id)}, ${at}, now(), st_point(${lng}, ${lat}, 4326), ${lng}, ${lat}, 'wgs84',
      ${measured.map((name) => next(fix[name])).join(', ')})`
  })
  const text = `insert into fixes (${COLUMNS}) values ${rows.join(', ')} on conflict do nothing`
  return { text, values }
}

const Tuned = z.object({ fixes: z.array(z.unknown()) })

/** The same by somebody who has measured: the body decoded by hand, the rows as one JSON text. */
export function tunedHandler(database: Database, org: string): RequestListener {
  const app = new Koa()
  app.use(async (ctx) => {
    const text = await rawBody(ctx.req, { limit: '1mb', encoding: 'utf8' })
    const { fixes } = Tuned.parse(JSON.parse(text))
    const person = ctx.get('authorization').slice('Bearer '.length)
    const accepted = await database.run(sql`
      insert into fixes (org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat,
        datum, accuracy, speed, heading, altitude, battery, network, source)
      select ${org}, ${person}, to_timestamp(f.at / 1000), f.id, to_timestamp(f.at / 1000), now(),
        st_point(f.lng, f.lat, 4326), f.lng, f.lat, 'wgs84', f.accuracy, f.speed, f.heading,
        f.altitude, f.battery, f.network, f.source
      from json_to_recordset(${JSON.stringify(fixes)}::json) as f (
        id uuid, at float8, lng float8, lat float8, accuracy real, speed real, heading real,
        altitude real, battery real, network text, source text)
      on conflict do nothing`)
    ctx.body = { accepted, duplicate: fixes.length - accepted, rejected: [] }
  })
  return listenerOf(app)
}

function listenerOf(app: Koa): RequestListener {
  const answer = app.callback()
  return (request, response) => void answer(request, response)
}
