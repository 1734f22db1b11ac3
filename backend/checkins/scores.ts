import type { TrackFix } from '../../geo/index.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { listOrgs } from '../people/index.ts'
import type { Evidence } from './evidence.ts'
import { newestScore } from './list.ts'
import { LINK, type Key, type Link } from './queries.ts'
import { REPLAY_RULES } from './replay.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const SETTLED_MS = 20 * MINUTE // by then an honest phone has told of the time after
const OPEN_MS = 8 * DAY // fixes may come as late
const REPLAY_DAYS = 14

const time = (at: number) => sql`to_timestamp(${at}::float8 / 1000)`

export interface DueScore {
  link: Link
  departmentId: string
  newest: ({ version: number } & Evidence) | null
}

/** Check-ins that were not scored since the time after them passed, or whose track got fixes since. */
export async function listDue(
  db: Db,
  now: number,
  limit: number,
  orgId?: string,
): Promise<DueScore[]> {
  const orgs = orgId ? [{ id: orgId }] : await listOrgs(db)
  const due: DueScore[] = []
  for (const { id } of orgs) due.push(...(await dueOf(db, id, now, limit)))
  return due
}

async function dueOf(db: Db, orgId: string, now: number, limit: number): Promise<DueScore[]> {
  const rows = await db.many<Link & Flat>(sql`
    select ${LINK}, p.department_id as "departmentId", s.version, s.score, s.signals
    from checkins c
      join people p on p.org_id = ${orgId} and p.id = c.person_id
      ${newestScore(orgId)}
    where c.org_id = ${orgId}
      and c.at < ${time(now - SETTLED_MS)}
      and c.at > ${time(now - OPEN_MS)}
      and (
        s.version is null
        or ${isNewer(orgId)})
    order by c.at
    limit ${limit}`)
  return rows.map(({ departmentId, version, score, signals, ...link }) => ({
    ...{ link, departmentId },
    newest: version === null || score === null || signals === null ? null : { version, score, signals }, // prettier-ignore
  }))
}

/** A customer has answered since `c` was scored by `s`, or fixes around it have come. */
const isNewer = (orgId: string) => sql`
  (exists (
    select from checkin_answers n
    where n.org_id = ${orgId}
      and n.person_id = c.person_id
      and n.checkin_id = c.id
      and n.at > s.at)
  or exists (
    select from day_changes d
    where d.org_id = ${orgId}
      and d.person_id = c.person_id
      and d.date = c.date
      and d.changed_at > s.at
      and exists (
        select from fixes f
        where f.org_id = ${orgId} and f.datum <> ''
          and f.person_id = c.person_id
          and f.at > c.at - interval '95 minutes'
          and f.at < c.at + interval '35 minutes'
          and f.received_at > s.at)))`

interface Flat {
  departmentId: string
  version: number | null
  score: number | null
  signals: Evidence['signals'] | null
}

/** A version that is there already is only as fresh as this one now. */
export const keepScore = (
  db: Db,
  { orgId, personId, id }: Key,
  score: Evidence & { version: number; at: number },
) =>
  db.run(sql`
    insert into checkin_scores (org_id, person_id, checkin_id, version, at, score, signals)
    values (${orgId}, ${personId}, ${id}::uuid, ${score.version}::int, ${time(score.at)},
      ${score.score}::int, ${JSON.stringify(score.signals)}::jsonb)
    on conflict (org_id, person_id, checkin_id, version) do update set at = excluded.at`)

export interface EarlierDay {
  to: number // of its newest fix
  fixes: TrackFix[]
}

interface Act {
  orgId: string
  personId: string
  at: number
}

const DEGREE = 111_320 // metres

/** The person's fixes of earlier days on which he came by all of these places, a day each. */
export async function listEarlier(
  db: Db,
  { orgId, personId, at }: Act,
  probes: readonly TrackFix[],
): Promise<EarlierDay[]> {
  const boxes = boxesAround(probes)
  const before = at - REPLAY_RULES.beforeMs - 6 * 3_600_000
  const rows = await db.many<TrackFix & { day: string }>(sql`
    with earlier as (
      select f.id, f.at, f.point, f.accuracy, f.mock, (f.at at time zone 'UTC')::date as day
      from fixes f
      where f.org_id = ${orgId} and f.datum <> ''
        and f.person_id = ${personId}
        and f.at >= ${time(at - REPLAY_DAYS * DAY)}
        and f.at < ${time(before)}
    ), boxes as (
      select b.w, b.e, b.s, b.n
      from json_to_recordset(${JSON.stringify(boxes)}::json) as b (w float8, e float8, s float8, n float8)
    ), days as (
      select e.day
      from earlier e
        join boxes b on st_x(e.point) between b.w and b.e and st_y(e.point) between b.s and b.n
      group by e.day
      having count(distinct b.w) >= ${boxes.length}
    )
    select e.id, e.at, st_x(e.point) as lng, st_y(e.point) as lat, e.accuracy, e.mock, e.day
    from earlier e
      join days d on d.day = e.day
    order by e.at, e.id
    limit 20000`)
  return byDay(rows)
}

function boxesAround(probes: readonly TrackFix[]) {
  const north = REPLAY_RULES.nearMetres / DEGREE
  return probes.map(({ lng, lat }) => {
    const east = north / Math.max(0.1, Math.cos((lat * Math.PI) / 180))
    return { w: lng - east, e: lng + east, s: lat - north, n: lat + north }
  })
}

function byDay(rows: readonly (TrackFix & { day: string })[]): EarlierDay[] {
  const days = new Map<string, TrackFix[]>()
  for (const { day, ...fix } of rows) {
    const known = days.get(day)
    if (known) known.push(fix)
    else days.set(day, [fix])
  }
  return [...days.values()].map((fixes) => ({
    to: fixes.at(-1)?.at ?? 0,
    fixes,
  }))
}
