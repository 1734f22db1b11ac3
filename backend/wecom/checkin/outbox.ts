import { z } from 'zod'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import type { CorrectionToWrite, RecordToWrite } from './writing.ts'

/** Something that WeCom's 打卡 is to know of one person. */
export interface PunchToWrite {
  orgId: string
  personId: string
  /** Ours, as `visit:17:in`: the same key again changes nothing. */
  key: string
  what: ({ kind: 'record' } & RecordToWrite) | ({ kind: 'correction' } & CorrectionToWrite)
  now: number // epoch ms
}

/**
 * Notes a punch in the transaction of the fact that causes it: it is written if and only if that commits.
 * @returns whether it was added; false when there was one with this key.
 */
export async function notePunch(tx: Db, punch: PunchToWrite): Promise<boolean> {
  const { kind, ...body } = punch.what
  const added = await tx.run(sql`
    insert into wecom_punches (org_id, person_id, key, kind, at, body, next_at, created_at)
    values (${punch.orgId}, ${punch.personId}, ${punch.key}, ${kind},
      to_timestamp(${body.at}::float8 / 1000), ${JSON.stringify(body)}::jsonb,
      to_timestamp(${punch.now}::float8 / 1000), to_timestamp(${punch.now}::float8 / 1000))
    on conflict (org_id, person_id, key) do nothing`)
  return added > 0
}

/**
 * `waiting` to be written · `sending` under way · `doubtful`: the answer was lost, WeCom is being asked
 * whether it has it · `written` · `refused` by WeCom, see `errcode` · `given_up` after many tries.
 */
export const PunchState = z.enum([
  'waiting',
  'sending',
  'doubtful',
  'written',
  'refused',
  'given_up',
])
export type PunchState = z.infer<typeof PunchState>

export interface PunchDelivery {
  personId: string
  key: string
  kind: 'record' | 'correction'
  at: number // epoch ms, of the punch
  state: PunchState
  errcode: number | null
}

/** What became of punches, by their keys. */
export const punchDeliveriesOf = (db: Db, orgId: string, keys: readonly string[]) =>
  db.many<PunchDelivery>(sql`
    select person_id as "personId", key, kind, at, state, errcode
    from wecom_punches
    where org_id = ${orgId} and key = any (${keys}::text[])
    order by key, person_id`)

/** How many punches are in each state, of those noted since `since`, and the newest that WeCom did not take. */
export async function punchSummary(db: Db, orgId: string, since: number) {
  const counts = await db.many<{ state: PunchState; count: number }>(sql`
    select state, count(*) as count
    from wecom_punches
    where org_id = ${orgId} and created_at >= to_timestamp(${since}::float8 / 1000)
    group by state`)
  const refused = await db.many<PunchDelivery>(sql`
    select person_id as "personId", key, kind, at, state, errcode
    from wecom_punches
    where org_id = ${orgId} and created_at >= to_timestamp(${since}::float8 / 1000)
      and state in ('refused', 'given_up')
    order by created_at desc, key
    limit 50`)
  return { counts: new Map(counts.map(({ state, count }) => [state, count])), refused }
}

/** What was not taken is tried once more: an admin has mended its cause. @returns how many */
export const retryPunches = (db: Db, orgId: string, now: number): Promise<number> =>
  db.run(sql`
    update wecom_punches
    set state = 'waiting', attempts = 0, looks = 0, errcode = null, settled_at = null,
      next_at = to_timestamp(${now}::float8 / 1000)
    where org_id = ${orgId} and state in ('refused', 'given_up')`)

const KEPT = '400 days'

export const forgetPunches = (db: Db, orgId: string, now: number): Promise<number> =>
  db.run(sql`
    delete from wecom_punches
    where org_id = ${orgId} and settled_at < to_timestamp(${now}::float8 / 1000) - ${KEPT}::interval`)

/** The instants of records noted for WeCom, as `person seconds`: what comes back from there is known here already. */
export async function notedInstants(
  db: Db,
  orgId: string,
  { from, to }: { from: number; to: number },
): Promise<ReadonlySet<string>> {
  const rows = await db.many<{ personId: string; at: number }>(sql`
    select person_id as "personId", at
    from wecom_punches
    where org_id = ${orgId} and kind = 'record' and at >= to_timestamp(${from}::float8 / 1000)
      and at < to_timestamp(${to}::float8 / 1000)`)
  return new Set(rows.map(({ personId, at }) => `${personId} ${Math.floor(at / 1000)}`))
}
