import type { EditedDay, TrackEdit } from '../../geo/day/edits.ts'
import type { SilentPeriod, TrackFix } from '../../geo/types.ts'
import type { DayEdit, Ribbons } from '../contract/days.ts'
import type { Db } from '../core/db.ts'
import { countedBy } from '../core/queues.ts'
import { sql, type Sql } from '../core/sql.ts'
import { inScope } from '../people/index.ts'

/** One person's work date. */
export interface DayKey {
  orgId: string
  personId: string
  date: string // YYYY-MM-DD in the person's zone
}

export interface StoredDay {
  version: number | null // null: never derived
  algorithmVersion: string | null
  derivedAt: number | null
  final: boolean | null
  day: EditedDay | null
  base: EditedDay | null // before its edits, where there are some
  fixes: number | null // of how many it was made
  lockedAt: number | null
  changes: number // the version the facts have now; 0: none came in
}

/** What is stored of a day and whether its facts have moved on since. */
export const findDay = (db: Db, { orgId, personId, date }: DayKey) =>
  db.first<StoredDay>(sql`
    select t.version, t.algorithm_version as "algorithmVersion", t.derived_at as "derivedAt",
      t.final, t.day, t.base, t.fixes, t.locked_at as "lockedAt",
      coalesce(c.version, 0)::bigint as changes
    from (select 1) as one
      left join track_days t
        on t.org_id = ${orgId} and t.person_id = ${personId} and t.date = ${date}::date
      left join day_changes c
        on c.org_id = ${orgId} and c.person_id = ${personId} and c.date = ${date}::date`)

interface Span {
  from: number // epoch ms
  to: number
}

/** All fixes of [from, to), raw ones included: cleaning is the derivation's. */
export const listFixes = (db: Db, key: DayKey, span: Span) =>
  db.many<TrackFix>(fixesOf(key, span, sql``))

/** The same with what only an export tells. */
export const listRawFixes = (db: Db, key: DayKey, span: Span) =>
  db.many<TrackFix & { altitude: number | null }>(fixesOf(key, span, sql`f.altitude,`))

const fixesOf = ({ orgId, personId }: DayKey, span: Span, more: Sql) => sql`
    select ${more} f.id, f.at, st_x(f.point) as lng, st_y(f.point) as lat, f.accuracy, f.speed, f.mock,
      f.phone_at <> f.at as clock
    from fixes f
    where f.org_id = ${orgId} and f.datum <> ''
      and f.person_id = ${personId}
      and f.at >= to_timestamp(${span.from}::float8 / 1000)
      and f.at < to_timestamp(${span.to}::float8 / 1000)
    order by f.at, f.id`

/** Silences that touch [from, to). */
export const listSilentPeriods = (db: Db, { orgId, personId }: DayKey, span: Span) =>
  db.many<SilentPeriod>(sql`
    select s.from_at as "from", s.to_at as "to", s.reason
    from silences s
    where s.org_id = ${orgId}
      and s.person_id = ${personId}
      and s.from_at < to_timestamp(${span.to}::float8 / 1000)
      and s.to_at > to_timestamp(${span.from}::float8 / 1000)
    order by s.from_at, s.id`)

/** What somebody said of his day, in the order it was made. */
export const listEdits = async (
  db: Db,
  { orgId, personId, date }: DayKey,
): Promise<TrackEdit[]> => {
  const rows = await db.many<{ edit: DayEdit; madeAt: number; madeBy: string }>(sql`
    select e.edit, e.made_at as "madeAt", e.made_by as "madeBy"
    from day_edits e
    where e.org_id = ${orgId} and e.person_id = ${personId} and e.date = ${date}::date
    order by e.made_at, e.id`)
  return rows.map(({ edit, madeAt, madeBy }) => ({ ...edit, madeAt, madeBy }))
}

export interface DerivedDay {
  version: number // of the facts, read before them
  algorithmVersion: string // that looked at them
  derivedAt: number
  final: boolean
  day: EditedDay
  base: EditedDay | null
  fixes: number
}

/** Keeps a derived day, unless it is locked or one of newer facts is there already. @returns whether it is kept. */
export async function upsertDay(db: Db, { orgId, personId, date }: DayKey, derived: DerivedDay) {
  const { base, fixes } = derived
  const rows = await db.many(sql`
    insert into track_days (org_id, person_id, date, version, algorithm_version, derived_at, final,
      day, base, fixes)
    values (${orgId}, ${personId}, ${date}::date, ${derived.version}, ${derived.algorithmVersion},
      to_timestamp(${derived.derivedAt}::float8 / 1000), ${derived.final},
      ${JSON.stringify(derived.day)}::jsonb, ${base && JSON.stringify(base)}::jsonb, ${fixes}::int)
    on conflict (org_id, person_id, date) do update
    set version = excluded.version,
      algorithm_version = excluded.algorithm_version,
      derived_at = excluded.derived_at,
      final = excluded.final,
      day = excluded.day,
      base = excluded.base,
      fixes = excluded.fixes
    where track_days.locked_at is null and excluded.version >= track_days.version
    returning person_id`)
  return rows.length > 0
}

/** A day that the chores derive. */
export interface WantedDay {
  personId: string
  date: string
  zone: string // IANA, the person's own
}

/** Changed days `c` that are not locked, with what is stored of them, `t`; conditions follow. */
const openDays = (orgId: string) => sql`
    select c.person_id as "personId", c.date, coalesce(p.zone, o.zone) as zone
    from day_changes c
      join orgs o on o.id = ${orgId}
      join people p on p.org_id = ${orgId} and p.id = c.person_id
      left join track_days t on t.org_id = ${orgId} and t.person_id = c.person_id and t.date = c.date
    where c.org_id = ${orgId}
      and t.locked_at is null`

/** Days of the last three that are derived from older facts than there are now. */
export const countOutdated = (db: Db, orgId: string, now: number) =>
  countedBy(
    db,
    sql`
    select count(*)::int as waiting, min(c.changed_at) as since
    from day_changes c
      left join track_days t on t.org_id = ${orgId} and t.person_id = c.person_id and t.date = c.date
    where c.org_id = ${orgId} and c.changed_at > to_timestamp(${now}::float8 / 1000) - interval '3 days'
      and t.locked_at is null and (t.version is null or t.version < c.version)`,
  )

/** Days whose facts changed within [from, to) and whose derivation is older, oldest change first. */
export const listOutdated = (
  db: Db,
  orgId: string,
  wanted: Span & { algorithm: string; limit: number },
) =>
  db.many<WantedDay>(sql`
    ${openDays(orgId)}
      and c.changed_at >= to_timestamp(${wanted.from}::float8 / 1000)
      and c.changed_at < to_timestamp(${wanted.to}::float8 / 1000)
      and (t.version is null or t.version < c.version or t.algorithm_version <> ${wanted.algorithm})
    order by c.changed_at, c.person_id, c.date
    limit ${wanted.limit}`)

/** Days of these people with facts that are not in them yet, the newest dates first. */
export const listChangedOf = (db: Db, orgId: string, personIds: readonly string[]) =>
  db.many<WantedDay>(sql`
    ${openDays(orgId)}
      and c.person_id = any (${personIds}::text[])
      and (t.version is null or t.version < c.version)
    order by c.date desc, c.person_id`)

/** Days derived before `before` while they were still going on: their last piece has grown since. */
export const listUnfinished = (db: Db, orgId: string, wanted: { before: number; limit: number }) =>
  db.many<WantedDay>(sql`
    select t.person_id as "personId", t.date, coalesce(p.zone, o.zone) as zone
    from track_days t
      join orgs o on o.id = ${orgId}
      join people p on p.org_id = ${orgId} and p.id = t.person_id
    where t.org_id = ${orgId}
      and not t.final
      and t.locked_at is null
      and t.derived_at < to_timestamp(${wanted.before}::float8 / 1000)
    order by t.derived_at, t.person_id, t.date
    limit ${wanted.limit}`)

/** The stored days of a date without their lines. @param departments 'all' or the ids that may be seen. */
export function listRibbons(
  db: Db,
  scope: { orgId: string; departments: readonly string[] | 'all' },
  date: string,
) {
  return db.many<Ribbons['ribbons'][number]>(sql`
    select t.person_id as "personId", (t.day -> 'totals' ->> 'movedMetres')::float8 as "movedMetres",
      coalesce(
        (
          select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'kind', piece -> 'kind', 'from', piece -> 'from', 'to', piece -> 'to',
            'customerId', piece -> 'customerId')) order by place)
          from jsonb_array_elements(t.day -> 'segments') with ordinality as pieces (piece, place)
        ),
        '[]'::jsonb) as segments
    from track_days t
      join people p on p.org_id = ${scope.orgId} and p.id = t.person_id
    where t.org_id = ${scope.orgId}
      and t.date = ${date}::date
      and p.active
      and ${inScope(scope)}
    order by t.person_id`)
}

/** People's days, from one date to another, both included. */
export interface PeopleDays {
  orgId: string
  personIds: readonly string[]
  from: string
  to: string
}

export interface DayVisits {
  personId: string
  date: string
  visits: { customerId: string; from: number; to: number }[]
}

/** Who was at which customer, as the stored days tell it. */
export const listDayVisits = (db: Db, { orgId, personIds, from, to }: PeopleDays) =>
  db.many<DayVisits>(sql`
    select t.person_id as "personId", t.date, t.day -> 'visits' as visits
    from track_days t
    where t.org_id = ${orgId}
      and t.person_id = any (${personIds}::text[])
      and t.date between ${from}::date and ${to}::date
    order by t.person_id, t.date`)

/** One way between two places, as it was gone. */
export interface Move {
  straightMetres: number // between its ends
  minutes: number
}

/** The ways a person went, as the stored days tell them. Those without a line are left out. */
export const listMoves = (
  db: Db,
  orgId: string,
  personId: string,
  span: { from: string; to: string },
) =>
  db.many<Move>(sql`
    select st_distance(
        st_point((m.piece -> 'line' -> 0 ->> 0)::float8, (m.piece -> 'line' -> 0 ->> 1)::float8, 4326)::geography,
        st_point((m.piece -> 'line' -> -1 ->> 0)::float8, (m.piece -> 'line' -> -1 ->> 1)::float8, 4326)::geography
      ) as "straightMetres",
      ((m.piece ->> 'to')::float8 - (m.piece ->> 'from')::float8) / 60000 as minutes
    from track_days t
      cross join lateral jsonb_array_elements(t.day -> 'segments') as m (piece)
    where t.org_id = ${orgId}
      and t.person_id = ${personId}
      and t.date between ${span.from}::date and ${span.to}::date
      and m.piece ->> 'kind' = 'move'
      and jsonb_array_length(m.piece -> 'line') > 1`)

/** Days derived since then, that somebody who builds on them has to look at. */
export const listDerivedSince = (db: Db, orgId: string, since: number, limit: number) =>
  db.many<{ personId: string; date: string; derivedAt: number }>(sql`
    select t.person_id as "personId", t.date, t.derived_at as "derivedAt"
    from track_days t
    where t.org_id = ${orgId} and t.derived_at >= to_timestamp(${since}::float8 / 1000)
    order by t.derived_at, t.person_id, t.date
    limit ${limit}`)
