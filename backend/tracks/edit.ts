import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { DayEdit } from '../contract/days.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import { sql } from '../core/sql.ts'
import { customerExists } from '../customers/index.ts'
import { countUpDay } from '../fixes/index.ts'
import { loadDutyOn, type DutyWindow } from '../people/index.ts'
import type { DayKey } from './queries.ts'

/** More edits of one day are no corrections: they would only make it slow. */
const MOST_EDITS = 300

/**
 * Puts on record what somebody says of his own day. The same edit again changes nothing, also when
 * the day was locked meanwhile.
 * @param now epoch ms
 * @throws Fault `day_locked`, `in_future`, `off_duty`, `conflict`, `bad_input`
 */
export async function recordEdit(db: Db, key: DayKey, said: DayEdit, now: number): Promise<void> {
  const edit = inOneForm(said)
  await db.transact(async (tx) => {
    if (await isOnRecord(tx, key, edit)) return
    await countUpDay(tx, key, now) // whoever locks this day waits
    await refuseLocked(tx, key)
    refuseOffDuty(edit, await loadDutyOn(tx, key.orgId, key.personId, key.date), now)
    await refuseStrangeCustomer(tx, key.orgId, edit)
    const madeAt = Math.max(now, (await lastMadeAt(tx, key)) + 1) // never two at once: the order is that of arrival
    if (!(await insertEdit(tx, key, { edit, madeAt }))) await isOnRecord(tx, key, edit) // sent twice at once
  })
}

/** Ids in lower case. Throws Fault `bad_input` where a text is none that the database takes. */
function inOneForm(said: DayEdit): DayEdit {
  const edit = { ...said, id: said.id.toLowerCase() }
  if (edit.kind === 'withdraw') edit.editId = edit.editId.toLowerCase()
  if (edit.kind === 'name' && edit.customerId) edit.customerId = edit.customerId.toLowerCase()
  const text = [...Object.values(edit)].join('')
  if (/[\0\p{Cs}]/u.test(text))
    throw new Fault('bad_input', 'body: NUL and halves of surrogate pairs are no text')
  if (edit.kind === 'merge' && edit.to <= edit.from)
    throw new Fault('bad_input', 'to: must be later than from')
  return edit
}

/** Throws Fault `conflict` where the id is that of another edit. */
async function isOnRecord(db: Db, { orgId, personId, date }: DayKey, edit: DayEdit) {
  const known = await db.first<{ date: string; edit: DayEdit }>(sql`
    select e.date, e.edit
    from day_edits e
    where e.org_id = ${orgId} and e.person_id = ${personId} and e.id = ${edit.id}::uuid`)
  if (known === null) return false
  if (known.date !== date || !isDeepStrictEqual(known.edit, edit))
    throw new Fault('conflict', 'id: another edit has it already')
  return true
}

async function refuseLocked(db: Db, { orgId, personId, date }: DayKey) {
  const locked = await db.first(sql`
    select t.date
    from track_days t
    where t.org_id = ${orgId}
      and t.person_id = ${personId}
      and t.date = ${date}::date
      and t.locked_at is not null`)
  if (locked) throw new Fault('day_locked', 'date: this day is locked')
}

/** Its times lie within the duty of the day, and have come. */
function refuseOffDuty(edit: DayEdit, windows: readonly DutyWindow[], now: number) {
  if (windows.length === 0) throw new Fault('off_duty', 'date: there is no duty on this day')
  if (windows.every(({ from }) => from > now))
    throw new Fault('in_future', 'date: this day has not begun')
  for (const { field, at, isEnd } of timesOf(edit)) {
    if (at > now) throw new Fault('in_future', `${field}: lies in the future`)
    const inside = (each: DutyWindow) =>
      isEnd ? at > each.from && at <= each.to : at >= each.from && at < each.to
    if (!windows.some(inside)) throw new Fault('off_duty', `${field}: outside of this day’s duty`)
  }
}

function timesOf(edit: DayEdit) {
  if (edit.kind === 'withdraw') return []
  if (edit.kind !== 'merge') return [{ field: 'at', at: edit.at, isEnd: false }]
  return [
    { field: 'from', at: edit.from, isEnd: false },
    { field: 'to', at: edit.to, isEnd: true },
  ]
}

async function refuseStrangeCustomer(db: Db, orgId: string, edit: DayEdit) {
  if (edit.kind !== 'name' || edit.customerId == null) return
  const id = z.uuid().safeParse(edit.customerId)
  if (!id.success || !(await customerExists(db, orgId, id.data)))
    throw new Fault('bad_input', 'customerId: there is no such customer')
}

/** When the newest edit of the day was made; 0 when there is none. Throws Fault `conflict` when there are too many. */
async function lastMadeAt(db: Db, { orgId, personId, date }: DayKey): Promise<number> {
  const made = await db.first<{ edits: number; last: number | null }>(sql`
    select count(*)::int as edits, max(e.made_at) as last
    from day_edits e
    where e.org_id = ${orgId} and e.person_id = ${personId} and e.date = ${date}::date`)
  if ((made?.edits ?? 0) >= MOST_EDITS)
    throw new Fault('conflict', `a day may have ${MOST_EDITS} edits`)
  return made?.last ?? 0
}

async function insertEdit(
  db: Db,
  { orgId, personId, date }: DayKey,
  { edit, madeAt }: { edit: DayEdit; madeAt: number },
): Promise<boolean> {
  const rows = await db.many(sql`
    insert into day_edits (org_id, person_id, id, date, made_at, made_by, edit)
    values (${orgId}, ${personId}, ${edit.id}::uuid, ${date}::date,
      to_timestamp(${madeAt}::float8 / 1000), ${personId}, ${JSON.stringify(edit)}::jsonb)
    on conflict do nothing
    returning id`)
  return rows.length > 0
}
