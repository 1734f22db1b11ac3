import type { Db } from '../core/db.ts'
import { sql, type Sql } from '../core/sql.ts'
import type { FixRow, SilenceRow } from './judge.ts'

/** What one statement stores: facts of several people of one org. */
export interface Writing {
  orgId: string
  receivedAt: number // epoch ms
  reports: readonly Reported[]
  newest: readonly Newest[] // at most one a person
  /** Between these times the same id may be stored already, under whatever corrected time. */
  span: { from: number; to: number }
}

/** What one request brings of one person. */
export interface Reported {
  personId: string
  device: string | undefined
  fixes: readonly FixRow[]
}

/** A person's newest fix with what it says of his rest. */
export interface Newest {
  personId: string
  row: FixRow
  stillSince: number | null
  customerId: string | null
}

/** How many were new; when not all were, which (`person id`). */
export interface Stored {
  stored: number
  keys: string[] | null
}

/**
 * Stores what is new, moves the newest positions and counts up the days touched: one statement, so
 * all of it or nothing.
 */
export async function insertFixes(db: Db, writing: Writing): Promise<Stored> {
  const statement = sql`
    with stored as (${storeFixes(writing)}),
      moved as (${moveNewest(writing)}),
      changed as (${countUpDays(writing)})
    select count(*)::int as stored,
      case when count(*) < ${countOf(writing.reports)}::int
        then coalesce(array_agg(person_id || ' ' || id), '{}') end as keys
    from stored`
  const done = await db.first<Stored>(statement, 'insert fixes')
  return done ?? { stored: 0, keys: [] }
}

/**
 * An id that is there already is left alone, also when its corrected time or its content differs:
 * the scalar sub-query is looked up row by row, never joined. No `on conflict` beside it: that costs
 * a third more for each row, and only another process that stores the same id in the same moment
 * could need it. The unique key refuses then, and the next attempt finds the id.
 */
const storeFixes = ({ orgId, receivedAt, reports, span }: Writing): Sql => sql`
  insert into fixes (org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat,
    datum, accuracy, speed, heading, altitude, battery, network, mock, source, device)
  select ${orgId}, f.p, to_timestamp(f.t / 1000), f.id, to_timestamp(coalesce(f.pt, f.t) / 1000),
    to_timestamp(${receivedAt}::float8 / 1000), st_point(f.x, f.y, 4326), coalesce(f.rx, f.x),
    coalesce(f.ry, f.y), coalesce(f.d, 'wgs84'), f.ac, f.sp, f.he, f.al, f.ba, f.ne, f.mo, f.so, f.de
  from json_to_recordset(${jsonOfFixes(reports)}::json) as f (
    p text, id uuid, t float8, pt float8, x float8, y float8, rx float8, ry float8, d text,
    ac real, sp real, he real, al real, ba real, ne text, mo boolean, so text, de text)
  where (
    select 1
    from fixes x
    where x.org_id = ${orgId}
      and x.person_id = f.p
      and x.id = f.id
      and x.at >= to_timestamp(${span.from}::float8 / 1000)
      and x.at < to_timestamp(${span.to}::float8 / 1000)
    limit 1
  ) is null
  returning person_id, id`

const moveNewest = ({ orgId, newest }: Writing): Sql => sql`
  insert into last_positions as l (org_id, person_id, at, point, accuracy, heading, battery, network,
    still_since, customer_id)
  select ${orgId}, n.p, to_timestamp(n.t / 1000), st_point(n.x, n.y, 4326), n.ac, n.he, n.ba, n.ne,
    to_timestamp(n.ss / 1000), n.c
  from json_to_recordset(${jsonOfNewest(newest)}::json) as n (
    p text, t float8, x float8, y float8, ac real, he real, ba real, ne text, ss float8, c uuid)
  order by n.p
  on conflict (org_id, person_id) do update
  set at = excluded.at, point = excluded.point, accuracy = excluded.accuracy,
    heading = excluded.heading, battery = excluded.battery, network = excluded.network,
    still_since = excluded.still_since, customer_id = excluded.customer_id
  where excluded.at > l.at`

/** Only of people of whom something new was stored. */
const countUpDays = ({ orgId, receivedAt, reports }: Writing): Sql => sql`
  insert into day_changes as c (org_id, person_id, date, changed_at)
  select ${orgId}, d.p, d.date, to_timestamp(${receivedAt}::float8 / 1000)
  from json_to_recordset(${jsonOfDates(reports)}::json) as d (p text, date date)
  where d.p in (select person_id from stored)
  order by d.p, d.date
  on conflict (org_id, person_id, date) do update
  set version = c.version + 1, changed_at = excluded.changed_at`

/**
 * Short keys, because each is written and read tens of thousands of times a second; what is absent
 * is left out. Put together by hand: objects for JSON.stringify would cost twice as much.
 */
function jsonOfFixes(reports: readonly Reported[]): string {
  const texts: string[] = []
  for (const { personId, device, fixes } of reports) {
    const who = `{"p":${JSON.stringify(personId)}${word('de', device)},"id":"`
    for (const row of fixes) texts.push(who + jsonOfFix(row))
  }
  return `[${texts.join(',')}]`
}

/** From the id on. */
function jsonOfFix(row: FixRow): string {
  const raw = row.raw ? `,"rx":${row.raw[0]},"ry":${row.raw[1]},"d":"${row.datum}"` : ''
  return (
    `${row.id}","t":${row.at},"x":${row.lng},"y":${row.lat}` +
    raw +
    pair('pt', row.phoneAt) +
    pair('ac', row.accuracy) +
    pair('sp', row.speed) +
    pair('he', row.heading) +
    pair('al', row.altitude) +
    pair('ba', row.battery) +
    pair('mo', row.mock) +
    word('ne', row.network) +
    word('so', row.source) +
    '}'
  )
}

const pair = (key: string, value: number | boolean | undefined) =>
  value === undefined ? '' : `,"${key}":${value}`

const word = (key: string, value: string | undefined) =>
  value === undefined ? '' : `,"${key}":${JSON.stringify(value)}`

const jsonOfNewest = (newest: readonly Newest[]) =>
  JSON.stringify(
    newest.map(({ personId, row, stillSince, customerId }) => ({
      p: personId,
      t: row.at,
      x: row.lng,
      y: row.lat,
      ac: row.accuracy,
      he: row.heading,
      ba: row.battery,
      ne: row.network,
      ss: stillSince,
      c: customerId,
    })),
  )

function jsonOfDates(reports: readonly Reported[]): string {
  const texts = new Set<string>()
  for (const { personId, fixes } of reports) {
    const dates = new Set(fixes.map(({ date }) => date))
    for (const date of dates) texts.add(`{"p":${JSON.stringify(personId)},"date":"${date}"}`)
  }
  return `[${[...texts].join(',')}]`
}

export const countOf = (reports: readonly Reported[]) =>
  reports.reduce((sum, { fixes }) => sum + fixes.length, 0)

/** Silences that are new, `person id` each; their days count up. */
export async function insertSilences(
  db: Db,
  orgId: string,
  receivedAt: number,
  silences: readonly { personId: string; row: SilenceRow }[],
): Promise<string[]> {
  const given = JSON.stringify(silences.map(({ personId, row }) => ({ p: personId, ...row })))
  const rows = await db.many<{ key: string }>(sql`
    with given as (
      select s.p, s.id, s."from", s."to", s.reason, s.dates
      from json_to_recordset(${given}::json)
        as s (p text, id uuid, "from" float8, "to" float8, reason text, dates json)
    ), stored as (
      insert into silences (org_id, person_id, id, from_at, to_at, reason, received_at)
      select ${orgId}, g.p, g.id, to_timestamp(g."from" / 1000), to_timestamp(g."to" / 1000),
        g.reason, to_timestamp(${receivedAt}::float8 / 1000)
      from given g
      on conflict do nothing
      returning person_id, id
    ), changed as (
      insert into day_changes as c (org_id, person_id, date, changed_at)
      select distinct ${orgId}, g.p, d.date::date, to_timestamp(${receivedAt}::float8 / 1000)
      from given g
        cross join json_array_elements_text(g.dates) as d (date)
        join stored s on s.person_id = g.p and s.id = g.id
      order by 2, 3
      on conflict (org_id, person_id, date) do update
      set version = c.version + 1, changed_at = excluded.changed_at
    )
    select person_id || ' ' || id as key
    from stored`)
  return rows.map(({ key }) => key)
}

export const findCountries = (db: Db, orgId: string) =>
  db.first<{ countries: string[] }>(sql`
    select o.countries from orgs o where o.id = ${orgId}`)

export interface RecentFix {
  personId: string
  id: string
  at: number
  lng: number
  lat: number
  accuracy: number | null
}

/** Each person's newest fixes since `since`, at most `limit` a person. */
export const listRecent = (
  db: Db,
  orgId: string,
  wanted: { personIds: readonly string[]; since: number; limit: number },
) =>
  db.many<RecentFix>(sql`
    select f.person_id as "personId", f.id, f.at, st_x(f.point) as lng, st_y(f.point) as lat, f.accuracy
    from unnest(${wanted.personIds}::text[]) as p (id)
      cross join lateral (
        select f.person_id, f.id, f.at, f.point, f.accuracy
        from fixes f
        where f.org_id = ${orgId} and f.datum <> ''
          and f.person_id = p.id
          and f.at >= to_timestamp(${wanted.since}::float8 / 1000)
        order by f.at desc
        limit ${wanted.limit}::int
      ) f`)

/** Since when people were still, where they last were seen so. */
export const listStill = (db: Db, orgId: string, personIds: readonly string[]) =>
  db.many<{
    personId: string
    since: number
    lng: number
    lat: number
    customerId: string | null
  }>(sql`
    select l.person_id as "personId", l.still_since as since, st_x(l.point) as lng, st_y(l.point) as lat,
      l.customer_id as "customerId"
    from last_positions l
    where l.org_id = ${orgId}
      and l.person_id = any (${personIds}::text[])
      and l.still_since is not null`)

/** The nearest customer whose circle holds each place; places without one are absent. */
export const listCustomersAt = (
  db: Db,
  orgId: string,
  places: readonly { personId: string; lng: number; lat: number }[],
) =>
  db.many<{ personId: string; customerId: string }>(sql`
    select w."personId", c.id as "customerId"
    from json_to_recordset(${JSON.stringify(places)}::json) as w ("personId" text, lng float8, lat float8)
      cross join lateral (
        select c.id, c.radius, st_distance(c.at, st_point(w.lng, w.lat, 4326)::geography) as metres
        from customers c
        where c.org_id = ${orgId}
          and st_dwithin(c.at, st_point(w.lng, w.lat, 4326)::geography, 5000)
          and st_dwithin(c.at, st_point(w.lng, w.lat, 4326)::geography, c.radius)
        order by metres, c.id
        limit 1
      ) c`)
