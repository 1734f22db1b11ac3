import { v7 as uuid } from 'uuid'
import type { Db } from '../../core/db.ts'
import { sql } from '../../core/sql.ts'
import { renderCard, type CardBody, type Item } from './cards.ts'
import { cardsNow } from './pace.ts'

const AT_ONCE = 5_000 // messages looked at in one round; the rest waits for the next

interface WaitingMessage extends Item {
  id: string
  personId: string
  zone: string
}

/**
 * Makes cards of the messages that are due, each person at his pace, in one transaction; only one
 * process does so at a time. Who still has a card that did not get through gets no new one: what
 * gathers meanwhile goes out together.
 * @returns how many cards were made.
 */
export async function makeCards(
  tx: Db,
  { orgId, publicUrl, now }: { orgId: string; publicUrl: string; now: number },
): Promise<number> {
  if (!(await aloneAtIt(tx, orgId))) return 0
  const waiting = await dueMessages(tx, orgId, now)
  if (waiting.length === 0) return 0
  const byPerson = groupBy(waiting, (message) => message.personId)
  const sent = await recentCards(tx, orgId, [...byPerson.keys()], now)
  const scarce = await isScarce(tx, orgId, now)
  const made: NewCard[] = []
  for (const [personId, items] of byPerson) {
    const cards = sent.get(personId) ?? []
    if (cards.some((card) => card.stuck)) continue
    for (const group of cardsNow({ items, sent: cards.map((card) => card.at), now, scarce }))
      made.push(newCard(personId, group, publicUrl))
  }
  await insertCards(tx, orgId, made, now)
  return made.length
}

interface NewCard {
  id: string
  personId: string
  body: CardBody
  messageIds: string[]
}

function newCard(personId: string, group: WaitingMessage[], publicUrl: string): NewCard {
  const id = uuid()
  const zone = group[0]?.zone ?? 'Asia/Shanghai'
  const body = renderCard(group, { cardId: id, publicUrl, zone })
  return { id, personId, body, messageIds: group.map((message) => message.id) }
}

/** Not on the embedded database, whose sessions are one; but that has one process only. */
async function aloneAtIt(tx: Db, orgId: string): Promise<boolean> {
  const lock = await tx.first<{ got: boolean }>(sql`
    select pg_try_advisory_xact_lock(hashtextextended(${`wecom outbox ${orgId}`}, 0)) as got`)
  return lock?.got === true
}

export async function anyDue(db: Db, orgId: string, now: number): Promise<boolean> {
  const due = await db.first(sql`
    select 1
    from wecom_messages
    where org_id = ${orgId} and card_id is null and closed is null
      and due_at <= to_timestamp(${now}::float8 / 1000)
    limit 1`)
  return due !== null
}

const dueMessages = (tx: Db, orgId: string, now: number) =>
  tx.many<WaitingMessage>(sql`
    select m.id, m.person_id as "personId", m.topic, m.title, m.text, m.path, m.buttons, m.urgent,
      m.created_at as at, coalesce(p.zone, o.zone, 'Asia/Shanghai') as zone
    from wecom_messages m
      left join orgs o on o.id = ${orgId}
      left join people p on p.org_id = ${orgId} and p.id = m.person_id
    where m.org_id = ${orgId} and m.card_id is null and m.closed is null
      and m.due_at <= to_timestamp(${now}::float8 / 1000)
    order by m.created_at, m.id
    limit ${AT_ONCE}`)

const A_DAY = 200 // cards for each person that an account may have; WeCom silently drops the rest
const KEPT_BACK = 30 // of those, for cards once an hour and what is urgent

/** Whether the cards of the last 24 hours come near what the app may send in a day (developer.work.weixin.qq.com/document/path/90312). */
async function isScarce(tx: Db, orgId: string, now: number): Promise<boolean> {
  const row = await tx.first<{ cards: number; people: number }>(sql`
    select
      (select count(*)::int from wecom_cards c
        where c.org_id = ${orgId} and c.sent_at > to_timestamp(${now}::float8 / 1000) - interval '24 hours') as cards,
      (select count(*)::int from people p where p.org_id = ${orgId} and p.active) as people`)
  const { cards = 0, people = 0 } = row ?? {}
  return cards >= (A_DAY - KEPT_BACK) * Math.max(1, people)
}

interface RecentCard {
  personId: string
  at: number
  stuck: boolean
}

/** The cards of the last hour by when they went out, and those that did not get through yet. */
async function recentCards(tx: Db, orgId: string, personIds: readonly string[], now: number) {
  const cards = await tx.many<RecentCard>(sql`
    select person_id as "personId", coalesce(sent_at, created_at) as at,
      (state = 'waiting' and created_at <= to_timestamp(${now}::float8 / 1000) - interval '10 seconds') as stuck
    from wecom_cards
    where org_id = ${orgId} and person_id = any (${personIds}::text[])
      and created_at > to_timestamp(${now}::float8 / 1000) - interval '26 hours' -- older ones were given up
      and (state = 'waiting'
        or greatest(created_at, sent_at) > to_timestamp(${now}::float8 / 1000) - interval '1 hour')`)
  return groupBy(cards, (card) => card.personId)
}

async function insertCards(tx: Db, orgId: string, cards: readonly NewCard[], now: number) {
  const rows = cards.map(({ id, personId, body, messageIds }) => ({
    ...{ id, personId, body },
    count: messageIds.length,
  }))
  await tx.run(sql`
    insert into wecom_cards (org_id, person_id, id, created_at, message_count, body, state, next_at)
    select ${orgId}, c."personId", c.id, to_timestamp(${now}::float8 / 1000), c.count, c.body, 'waiting',
      to_timestamp(${now}::float8 / 1000)
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as c ("personId" text, id uuid, count int, body jsonb)`)
  const pairs = cards.flatMap(({ id, personId, messageIds }) =>
    messageIds.map((messageId) => ({ cardId: id, personId, messageId })),
  )
  await tx.run(sql`
    update wecom_messages m set card_id = c."cardId"
    from json_to_recordset(${JSON.stringify(pairs)}::json)
      as c ("personId" text, "messageId" uuid, "cardId" uuid)
    where m.org_id = ${orgId} and m.person_id = c."personId" and m.id = c."messageId"`)
}

/** Map.groupBy is younger than the oldest Node we run on. */
function groupBy<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const each of all) {
    const group = groups.get(keyOf(each))
    if (group) group.push(each)
    else groups.set(keyOf(each), [each])
  }
  return groups
}
