import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../core/db.ts'
import type { Log } from '../../core/log.ts'
import { sql } from '../../core/sql.ts'
import type { Call } from '../api/caller.ts'
import type { CardBody } from './cards.ts'
import { RESPONSE_LIFE } from './outbox.ts'
import { anyDue, makeCards } from './outboxCards.ts'
import {
  closeCard,
  recallCard,
  outcomeOfAnswer,
  outcomeOfFailure,
  sendCard,
  type Outcome,
} from './sendings.ts'
import { told } from '../api/verdict.ts'

export interface OutboxOptions {
  db: Db
  clock: Clock
  log: Log
  call: Call
  orgId: string
  agentId: string
  publicUrl: string
}

const AT_ONCE = 4 // parallel sends; WeCom limits how many
const ROUND = 200 // cards in one round
const CLAIM_SECONDS = 60 // who claimed a card and died leaves it to others after that

interface Claimed {
  personId: string
  userId: string // what WeCom calls the person now
  id: string
  body: CardBody
  attempts: number
  createdAt: number
}

interface Closing {
  personId: string
  userId: string
  id: string
  text: string
  msgid: string | null // of a card that is to leave the chat, and still may
  responseCode: string | null
}

/**
 * One round of the outbox: cards are made of what is due, sent, and closed where something became
 * of them. Many processes may do rounds: each card is claimed by one, and a claim ends by itself.
 * A card whose answer was lost is sent again with the same body, which WeCom does not show twice.
 */
export async function sendDue(options: OutboxOptions): Promise<{ made: number; tried: number }> {
  const { db, orgId, publicUrl, clock } = options
  const made = (await anyDue(db, orgId, clock.now()))
    ? await db.transact((tx) => makeCards(tx, { orgId, publicUrl, now: clock.now() }))
    : 0
  const cards = await claimCards(db, orgId, clock.now())
  await inParallel(cards, (card) => sendOne(options, card))
  for (const closing of await claimClosings(db, orgId, clock.now()))
    await closeOne(options, closing)
  return { made, tried: cards.length }
}

async function inParallel<T>(all: readonly T[], work: (each: T) => Promise<void>) {
  const queue = [...all]
  const lane = async () => {
    for (let each = queue.shift(); each; each = queue.shift()) await work(each)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

async function sendOne(options: OutboxOptions, card: Claimed): Promise<void> {
  const { call, agentId, clock, db, orgId } = options
  const { userId, body, attempts, createdAt } = card
  const outcome = await sendCard(call, agentId, { userId, body }).then(
    (answer) => outcomeOfAnswer(answer, { userId }),
    (error: unknown) => {
      if (!told(error)) throw error
      return outcomeOfFailure(error, { userId, attempts, createdAt, now: clock.now() })
    },
  )
  if (outcome.state !== 'sent') noteFailure(options.log, card, outcome)
  await saveOutcome(db, orgId, { card, outcome, now: clock.now() })
}

function noteFailure(log: Log, card: Claimed, outcome: Exclude<Outcome, { state: 'sent' }>) {
  const { state, errcode } = outcome
  log.warn({ cardId: card.id, attempts: card.attempts, state, errcode }, 'a card was not sent')
}

/** A person's id stays when WeCom's changes (NewUserID); `c` is the card. */
const userIdOf = (orgId: string) => sql`
  coalesce((select p.user_id from people p where p.org_id = ${orgId} and p.id = c.person_id), c.person_id)`

/** The claim itself counts as the try, so that a card that kills its process is not tried for ever at once. */
const claimCards = (db: Db, orgId: string, now: number) =>
  db.many<Claimed>(sql`
    update wecom_cards c
    set attempts = c.attempts + 1,
      next_at = to_timestamp(${now}::float8 / 1000) + make_interval(secs => ${CLAIM_SECONDS}::float8)
    from (
      select person_id, id
      from wecom_cards
      where org_id = ${orgId} and state = 'waiting' and next_at <= to_timestamp(${now}::float8 / 1000)
      order by next_at
      limit ${ROUND}
      for update skip locked
    ) w
    where c.org_id = ${orgId} and c.person_id = w.person_id and c.id = w.id
    returning c.person_id as "personId", ${userIdOf(orgId)} as "userId", c.id, c.body, c.attempts, c.created_at as "createdAt"`)

interface Done {
  card: Claimed
  outcome: Outcome
  now: number
}

function saveOutcome(db: Db, orgId: string, { card, outcome, now }: Done) {
  const row = { errcode: null, why: null, msgid: null, responseCode: null, nextAt: now, ...outcome }
  const sentAt = outcome.state === 'sent' ? now : null
  return db.run(sql`
    update wecom_cards
    set state = ${row.state}, next_at = to_timestamp(${row.nextAt}::float8 / 1000),
      errcode = ${row.errcode}::int, why = ${row.why},
      sent_at = to_timestamp(${sentAt}::float8 / 1000),
      msgid = ${row.msgid}, response_code = ${row.responseCode},
      response_until = to_timestamp(${sentAt}::float8 / 1000) + ${RESPONSE_LIFE}::interval
    where org_id = ${orgId} and person_id = ${card.personId} and id = ${card.id}::uuid and state = 'waiting'`)
}

const RECALL_LIFE = '24 hours' // WeCom's own

const claimClosings = (db: Db, orgId: string, now: number) =>
  db.many<Closing>(sql`
    update wecom_cards c
    set close_next_at = to_timestamp(${now}::float8 / 1000) + make_interval(secs => ${CLAIM_SECONDS}::float8)
    from (
      select person_id, id
      from wecom_cards
      where org_id = ${orgId} and close_state = 'waiting' and state <> 'waiting'
        and close_next_at <= to_timestamp(${now}::float8 / 1000)
      limit ${ROUND}
      for update skip locked
    ) w
    where c.org_id = ${orgId} and c.person_id = w.person_id and c.id = w.id
    returning c.person_id as "personId", ${userIdOf(orgId)} as "userId", c.id, c.closing as text,
      case when c.recall and c.sent_at > to_timestamp(${now}::float8 / 1000) - ${RECALL_LIFE}::interval then c.msgid end as msgid,
      case when c.response_until > to_timestamp(${now}::float8 / 1000) then c.response_code end as "responseCode"`)

async function closeOne(options: OutboxOptions, closing: Closing): Promise<void> {
  const { db, orgId } = options
  const { personId } = closing
  const recalled = await recallOne(options, closing)
  const state = recalled === 'failed' ? await replaceOne(options, closing) : recalled
  if (state === 'waiting') return // the claim's end brings it back
  await db.run(sql`
    update wecom_cards set close_state = ${state}, response_code = null
    where org_id = ${orgId} and person_id = ${personId} and id = ${closing.id}::uuid`)
}

type Closed = 'done' | 'waiting' | 'failed' | 'too_late'

/** What may not leave the chat any more at least loses its buttons. */
async function recallOne({ call }: OutboxOptions, { msgid }: Closing): Promise<Closed> {
  return msgid ? doneBy(recallCard(call, msgid)) : 'failed'
}

async function replaceOne({ call, agentId }: OutboxOptions, closing: Closing): Promise<Closed> {
  const { userId, responseCode, text } = closing
  if (!responseCode) return 'too_late'
  return doneBy(closeCard(call, agentId, { userId, responseCode, text }))
}

const doneBy = (work: Promise<unknown>): Promise<Closed> =>
  work.then(
    () => 'done',
    (error: unknown) => stateAfter(error),
  )

/** A refused code is used up or too old; anything else is tried again. */
function stateAfter(error: unknown): 'waiting' | 'failed' {
  const failure = told(error)
  if (!failure) throw error
  return failure.verdict === 'refused' ? 'failed' : 'waiting'
}
