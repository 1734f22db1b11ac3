import { v7 as uuid } from 'uuid'
import type { AccessLog } from '../contract/privacy.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { CONSENT_VERSION } from './consentText.ts'

export interface Consent {
  orgId: string
  personId: string
  id: string
  at: number
  version: string
  given: boolean
}

export const insertConsent = (db: Db, consent: Consent) =>
  db.run(sql`
    insert into consents (org_id, person_id, id, at, version, given)
    values (${consent.orgId}, ${consent.personId}, ${consent.id}::uuid,
      to_timestamp(${consent.at}::float8 / 1000), ${consent.version}, ${consent.given})`)

/** Consent to the present text, for people who gave it elsewhere (demo, import). */
export const giveConsent = (db: Db, orgId: string, personId: string, at: number) =>
  insertConsent(db, { orgId, personId, id: uuid(), at, version: CONSENT_VERSION, given: true })

export const findConsent = (db: Db, orgId: string, personId: string) =>
  db.first<{ at: number; version: string; given: boolean }>(sql`
    select at, version, given
    from consents
    where org_id = ${orgId} and person_id = ${personId}
    order by at desc, id desc
    limit 1`)

/** Since when each person's consent to the present text holds, epoch ms; without one a person is absent. */
export async function loadConsent(
  db: Db,
  orgId: string,
  personIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db.many<{ personId: string; at: number; version: string; given: boolean }>(sql`
    select distinct on (person_id) person_id as "personId", at, version, given
    from consents
    where org_id = ${orgId} and person_id = any (${personIds}::text[])
    order by person_id, at desc, id desc`)
  return new Map(
    rows
      .filter((row) => row.given && row.version === CONSENT_VERSION)
      .map((row) => [row.personId, row.at]),
  )
}

/** Somebody looked at a person's track. */
export interface Look {
  orgId: string
  personId: string
  viewerId: string
  what: AccessLog['looks'][number]['what']
  date: string | null
  at: number
}

/** The same viewer's look at the same day within a minute is one look: a page that refreshes itself adds none. */
export const recordLook = (db: Db, look: Look) =>
  db.run(sql`
    insert into access_log (org_id, person_id, id, at, viewer_id, what, date)
    select ${look.orgId}, ${look.personId}, ${uuid()}::uuid, to_timestamp(${look.at}::float8 / 1000),
      ${look.viewerId}, ${look.what}, ${look.date}::date
    where not exists (
      select 1 from access_log a
      where a.org_id = ${look.orgId}
        and a.person_id = ${look.personId}
        and a.viewer_id = ${look.viewerId}
        and a.what = ${look.what}
        and a.date is not distinct from ${look.date}::date
        and a.at > to_timestamp(${look.at - 60_000}::float8 / 1000))`)

/** A program looked at these people, or at everybody; once a minute each. */
export const recordLooks = (
  db: Db,
  look: Omit<Look, 'personId'>,
  personIds: readonly string[] | 'all',
) => {
  const all = personIds === 'all'
  return db.run(sql`
    insert into access_log (org_id, person_id, id, at, viewer_id, what, date)
    select ${look.orgId}, p.id, gen_random_uuid(), to_timestamp(${look.at}::float8 / 1000), ${look.viewerId},
      ${look.what}, ${look.date}::date
    from people p
    where p.org_id = ${look.orgId}
      and (${all}::boolean or p.id = any (${all ? [] : personIds}::text[]))
      and not exists (
        select 1 from access_log a
        where a.org_id = ${look.orgId} and a.person_id = p.id and a.viewer_id = ${look.viewerId}
          and a.what = ${look.what} and a.at > to_timestamp(${look.at - 60_000}::float8 / 1000))`)
}

export const listLooks = (db: Db, orgId: string, personId: string) =>
  db.many<AccessLog['looks'][number]>(sql`
    select a.at, a.viewer_id as "viewerId", coalesce(p.name, k.name, a.viewer_id) as viewer, a.what, a.date
    from access_log a
      left join people p on p.org_id = ${orgId} and p.id = a.viewer_id
      left join api_keys k on k.org_id = ${orgId} and 'key-' || k.id = a.viewer_id
    where a.org_id = ${orgId} and a.person_id = ${personId}
    order by a.at desc, a.id desc
    limit 200`)
