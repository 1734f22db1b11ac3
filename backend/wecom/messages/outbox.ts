import { v7 as uuid } from 'uuid'
import type { Delivery, Topic } from '../../contract/messages.ts'
import type { Db } from '../../core/db.ts'
import type { ClosedMessage, MessageToSend } from '../../core/notify.ts'
import { sql } from '../../core/sql.ts'
import { dueAt, quietHoursOf } from '../../core/quiet.ts'

/**
 * Notes a message in the transaction of the fact that causes it: it exists if and only if that
 * commits. A chore sends it soon, perhaps together with others, after the person's quiet hours.
 * @returns whether it was added; false when there was one with this key.
 */
export async function enqueueMessage(tx: Db, message: MessageToSend): Promise<boolean> {
  if (!/^\/(?![/\\])/.test(message.path)) throw new Error('a message leads to a page of ours')
  const { orgId, personId, at, urgent = false } = message
  const due = urgent ? at : await afterQuiet(tx, { orgId, personId, at })
  const added = await tx.run(sql`
    insert into wecom_messages (org_id, person_id, id, key, topic, title, text, path, buttons, urgent,
      created_at, due_at)
    values (${orgId}, ${personId}, ${uuid()}::uuid, ${message.key}, ${message.topic}, ${storable(message.title)},
      ${storable(message.text)}, ${message.path}, ${JSON.stringify(message.buttons ?? [])}::jsonb, ${urgent},
      to_timestamp(${at}::float8 / 1000), to_timestamp(${due}::float8 / 1000))
    on conflict (org_id, person_id, key) do nothing`)
  return added > 0
}

/** PostgreSQL's text holds every character but this one. */
const storable = (text: string) => text.replaceAll('\0', '')

async function afterQuiet(tx: Db, who: { orgId: string; personId: string; at: number }) {
  const found = await tx.first<{ zone: string; from: string | null; to: string | null }>(sql`
    select coalesce(p.zone, o.zone) as zone, o.settings -> 'quietHours' ->> 'from' as "from",
      o.settings -> 'quietHours' ->> 'to' as "to"
    from orgs o
      left join people p on p.org_id = ${who.orgId} and p.id = ${who.personId}
    where o.id = ${who.orgId}`)
  const { zone = 'Asia/Shanghai', from = null, to = null } = found ?? {}
  return dueAt(who.at, zone, quietHoursOf({ from, to }))
}

/**
 * Says what became of a message: one that did not go out yet stays in, and buttons on a card make
 * room for `text` (as `已批准 Approved`), or the card leaves the chat. Saying it again changes nothing.
 */
export async function closeMessage(tx: Db, message: ClosedMessage): Promise<void> {
  const { orgId, personId, key, text, recall = false, at } = message
  const [closed] = await tx.many<{ cardId: string | null }>(sql`
    update wecom_messages set closed = ${text}
    where org_id = ${orgId} and person_id = ${personId} and key = ${key} and closed is null
    returning card_id as "cardId"`)
  if (!closed?.cardId) return
  await tx.run(sql`
    update wecom_cards
    set closing = ${text}, recall = ${recall}, close_state = 'waiting', close_next_at = to_timestamp(${at}::float8 / 1000)
    where org_id = ${orgId} and person_id = ${personId} and id = ${closed.cardId}::uuid
      and message_count = 1 and (${recall} or body -> 'template_card' ? 'button_list')`)
}

export interface MessageDelivery {
  personId: string
  key: string
  delivery: Delivery
  why: 'invalid' | 'unlicensed' | 'refused' | 'too_late' | null
  errcode: number | null // of the last try that failed
  sentAt: number | null // epoch ms
}

/** How far messages have got, by their keys, of all who have one. */
export const deliveriesOf = (db: Db, orgId: string, keys: readonly string[]) =>
  db.many<MessageDelivery>(sql`
    select m.person_id as "personId", m.key, coalesce(c.state, 'waiting') as delivery, c.why, c.errcode,
      c.sent_at as "sentAt"
    from wecom_messages m
      left join wecom_cards c on c.org_id = ${orgId} and c.person_id = m.person_id and c.id = m.card_id
    where m.org_id = ${orgId} and m.key = any (${keys}::text[])
    order by m.key, m.person_id`)

/** The message behind a pressed button. */
export interface PressedMessage {
  personId: string
  key: string
  topic: Topic
}

/**
 * Whose message a pressed button belongs to; the code that came with it lets us close the card.
 * @returns null for a card that is not ours, or not that member's.
 */
export async function pressedMessage(
  tx: Db,
  press: { orgId: string; userId: string; taskId: string; responseCode: string; at: number },
): Promise<PressedMessage | null> {
  if (!/^[0-9a-f-]{36}$/.test(press.taskId)) return null
  const [card] = await tx.many<{ personId: string }>(sql`
    update wecom_cards c
    set response_code = coalesce(nullif(${press.responseCode}, ''), c.response_code),
      response_until = to_timestamp(${press.at}::float8 / 1000) + ${RESPONSE_LIFE}::interval
    where c.org_id = ${press.orgId} and c.id = ${press.taskId}::uuid
      and lower(coalesce((select p.user_id from people p where p.org_id = ${press.orgId} and p.id = c.person_id),
        c.person_id)) = lower(${press.userId})
    returning c.person_id as "personId"`)
  if (!card) return null
  return tx.first<PressedMessage>(sql`
    select person_id as "personId", key, topic
    from wecom_messages
    where org_id = ${press.orgId} and person_id = ${card.personId} and card_id = ${press.taskId}::uuid
    limit 1`)
}

/** A 2021 copy of the documentation says 24 hours, WeCom's present behaviour is 72: a code too old is refused, no more. */
export const RESPONSE_LIFE = '72 hours'

const KEPT = '180 days'

/** Messages and cards older than half a year go: the pages they lead to have the facts. */
export async function forgetOld(db: Db, orgId: string, now: number): Promise<void> {
  await db.run(sql`
    delete from wecom_messages
    where org_id = ${orgId} and created_at < to_timestamp(${now}::float8 / 1000) - ${KEPT}::interval`)
  await db.run(sql`
    delete from wecom_cards
    where org_id = ${orgId} and created_at < to_timestamp(${now}::float8 / 1000) - ${KEPT}::interval`)
}
