import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { judged, standing } from './list.ts'
import { belowOf, joinThresholds, thresholdsOf } from './thresholds.ts'

/** A check-in as the files of HR have it. */
export interface FiledCheckin {
  readonly personId: string
  readonly at: number // epoch ms, honest
  readonly date: string // work date
  readonly zone: string
  readonly outing: boolean // at a customer or a place of no list, or away from every place
  readonly place: string | null
  readonly address: string | null // of the customer
  readonly lng: number | null // WGS-84
  readonly lat: number | null
  readonly note: string | null
  readonly photos: number
  readonly device: string | null // the phone's own random name
  readonly oddPlace: boolean // not where he says he is
  readonly oddDevice: boolean // a phone that is new to him, or shared
}

/** Arrivals and punches of people on work dates, by (person, time); check-outs and what was refused are not among them. */
export async function listFiled(
  db: Db,
  asked: { orgId: string; personIds: readonly string[]; from: string; to: string },
): Promise<FiledCheckin[]> {
  const { orgId, personIds, from, to } = asked
  const thresholds = await thresholdsOf(db, orgId)
  return db.many<FiledCheckin>(sql`
    select f."personId", f.at, f.date, f.zone, f.outing, f.place, f.address, f.lng, f.lat, f.note, f.photos, f.device,
      f."oddPlace", f."oddDevice"
    from (
      select c.person_id as "personId", c.id, c.at, c.date, c.zone, c.place, u.address, c.lng, c.lat, c.note, c.device,
        jsonb_array_length(c.photos) as photos,
        c.workplace_id is null and (c.place is not null or coalesce(c.found = 'outside', false)) as outing,
        (c.workplace_id is not null or c.customer_id is not null) and coalesce(c.found = 'outside', false) as "oddPlace",
        jsonb_path_exists(coalesce(s.signals, c.evidence -> 'signals', '[]'),
          '$[*] ? (@.code == "device_new" || @.code == "device_shared")') as "oddDevice",
        ${standing(belowOf(thresholds))} as standing
      from checkins c
        join people p on p.org_id = ${orgId} and p.id = c.person_id
        left join customers u on u.org_id = ${orgId} and u.id = c.customer_id
        ${joinThresholds(thresholds)}
        ${judged(orgId)}
      where c.org_id = ${orgId}
        and c.person_id = any (${personIds}::text[])
        and c.at >= ${from}::date - interval '2 days'
        and c.at < ${to}::date + interval '3 days'
        and c.date between ${from}::date and ${to}::date
        and c.kind <> 'out'
    ) f
    where f.standing <> 'refused'
    order by f."personId", f.at, f.id`)
}
