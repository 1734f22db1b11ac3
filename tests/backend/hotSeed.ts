import { ALGORITHM_VERSION } from '../../geo/index.ts'
import type { Db } from '../../backend/core/db.ts'
import { sql } from '../../backend/core/sql.ts'
import { seedPhones } from '../bench/ingestSeed.ts'

export const ORG = 'o0'
export const NOW = Date.parse('2026-11-25T06:00:00Z') // a Wednesday, 14:00 in Shanghai
export const TODAY = '2026-11-25'
const ORGS = 8
export const PEOPLE = 20 // of each
const HISTORY = 150 // days

/** Tables that grow with people and days; of each thousands of rows are there. */
export const BIG = new Set(['fixes', 'silences', 'track_days', 'day_changes', 'checkins', 'visits', 'visit_days', 'punches', 'attendance_days', 'duty_windows', 'customers', 'access_log', 'wecom_messages', 'alerts', 'plans']) // prettier-ignore

/** Eight companies of twenty people with five months behind them, in SQL, and the statistics that a server gathers by itself. */
export async function seedMonths(db: Db): Promise<void> {
  for (let index = 0; index < ORGS; index += 1) {
    await seedPhones(db, `o${index}`, PEOPLE)
    await db.run(sql`
      update people set role = case id when 'p0' then 'supervisor' when 'p1' then 'hr' when 'p2' then 'admin' else role end,
        leads = case id when 'p0' then '{root}'::text[] else leads end
      where org_id = ${`o${index}`}`)
  }
  await db.run(sql`delete from duty_windows`)
  await db.run(sql`update consents set at = to_timestamp(0)`)
  await seedPlaces(db)
  await seedFixes(db)
  for (const statement of DAYS) await db.raw(statement)
  await db.raw('analyze')
}

const seedPlaces = (db: Db) =>
  db.raw(`
    insert into customers (org_id, id, name, at, raw_lng, raw_lat, placed_by, owner_id, department_id, name_key,
      search_key)
    select 'o' || n % ${ORGS}, ${id('n')}, 'c' || n, st_point(lng, lat, 4326)::geography, lng, lat, 'imported',
      case when n % 3 > 0 then 'p' || n % ${PEOPLE} end, 'root', 'c' || n, 'c' || n
    from (
      select n, 121 + n % 97 * 0.01 as lng, 31 + n % 89 * 0.01 as lat from generate_series(1, 40000) n
    ) places`)

/** A fix a minute from nine to six on three days, of everybody. */
const seedFixes = (db: Db) =>
  db.raw(`
    insert into fixes (org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat, datum, accuracy)
    select 'o' || o, 'p' || p, t, gen_random_uuid(), t, t, st_point(121.4 + m * 0.0001, 31.2, 4326), 121.4, 31.2,
      'wgs84', 12
    from generate_series(0, ${ORGS - 1}) o, generate_series(0, ${PEOPLE - 1}) p, generate_series(0, 2) d,
      generate_series(0, 299, 2) m,
      lateral (select timestamptz '2026-11-25T01:00:00Z' - d * interval '1 day' + m * interval '1 minute') at (t)`)

/** A uuid that a number makes, the same each time. */
const id = (number: string) =>
  `overlay(overlay(md5((${number})::text) placing '4' from 13) placing '8' from 17)::uuid`

const each = `from generate_series(0, ${ORGS - 1}) o, generate_series(0, ${PEOPLE - 1}) p,
  generate_series(0, ${HISTORY}) d, lateral (select 'o' || o, 'p' || p, date '${TODAY}' - d,
    timestamptz '${TODAY}T02:00:00Z' - d * interval '1 day',
    ${id("concat_ws('.', o, p, d)")}) k (org, person, date, at, id)`

const DAYS = [
  `insert into duty_windows (org_id, person_id, work_date, from_at, to_at, zone)
   select org, person, date, at - interval '1 hour', at + interval '8 hours', 'Asia/Shanghai' ${each}`,
  `insert into last_positions (org_id, person_id, at, point, accuracy)
   select distinct on (org, person) org, person, timestamptz '${TODAY}T05:58:00Z', st_point(121.4, 31.2, 4326), 12 ${each}`,
  `insert into silences (org_id, person_id, id, from_at, to_at, reason, received_at)
   select org, person, id, at, at + interval '10 minutes', 'unknown', at ${each}`,
  `insert into day_changes (org_id, person_id, date, version, changed_at)
   select org, person, date, 1, at + interval '4 hours' ${each}`,
  `insert into track_days (org_id, person_id, date, version, algorithm_version, derived_at, final, day)
   select org, person, date, 1, case when d > 2 then '${ALGORITHM_VERSION}' else 'none' end, at + interval '5 hours', d > 0,
     '{"duty":[],"segments":[],"totals":{"movedMetres":0,"gapMetres":0,"staySeconds":0,"moveSeconds":0,"silentSeconds":0},"flags":{},"visits":[]}' ${each}`,
  `insert into checkins (org_id, person_id, id, kind, at, phone_at, received_at, clock, date, zone, customer_id, photos,
     decision, evidence, chain_date, seq, prev_hash, hash)
   select org, person, id, 'in', at, at, at, '{}', date, 'Asia/Shanghai', ${id(`(${ORGS} * (p * 191 + d) + o)`)}, '[]',
     'accepted', '{"score":100,"signals":[]}', date, p, '', '' ${each}`,
  `insert into visits (org_id, person_id, id, date, customer_id, status, checkin_ids, stay_seconds, confirmed)
   select org, person, id, date, ${id(`(${ORGS} * (p * 191 + d) + o)`)}, 'done', array[id], 600, false ${each}`,
  `insert into visit_days (org_id, person_id, date, hash, settled, computed_at)
   select org, person, date, '', d > 3, at + interval '5 hours' ${each}`,
  `insert into punches (org_id, person_id, id, at, source, received_at)
   select org, person, id::text, at, 'import', at ${each}`,
  `insert into attendance_days (org_id, person_id, date, zone, version, rule_set_id, rule_version, engine_version, marks,
     cell, due_days, minutes, overtime, day, digest, closed, computed_at)
   select org, person, date, 'Asia/Shanghai', 1, 'default', 1, '1', '', '', 1,
     '{"required":480,"worked":480,"leave":0,"outing":0,"forgiven":0,"late":0,"early":0,"unproven":0,"absent":0,"short":0,"overtime":0}', 0, '{}', '', true, at ${each}`,
  `insert into access_log (org_id, person_id, id, at, viewer_id, what, date)
   select org, person, id, at, 'p0', 'day', date ${each}`,
  `insert into wecom_messages (org_id, person_id, id, key, topic, title, text, path, urgent, created_at, due_at, closed)
   select org, person, id, id::text, 'alert', '', '', '/', false, at, at, 'sent' ${each}`,
  `insert into alerts (org_id, person_id, id, kind, date, since, raised_at, closed_at, outcome, urgent, detail, told)
   select org, person, id, 'no_movement', date, at, at, case when d > 0 then at end, case when d > 0 then 'over' end, false,
     '{}', '{}' ${each}`,
  `insert into plans (org_id, person_id, id, date, made_at, made_by, stops)
   select org, person, id, date, at, person, '[]' ${each}`,
]
