import { z } from 'zod'
import type { Call } from '../api/caller.ts'
import type { CardBody } from './cards.ts'
import { told } from '../api/verdict.ts'

const Sent = z.looseObject({
  invaliduser: z.string().default(''), // of members, with `|` between, in lower case
  unlicenseduser: z.string().default(''),
  msgid: z.string().default(''),
  response_code: z.string().default(''),
})
const Updated = z.looseObject({ invaliduser: z.array(z.string()).default([]) })

export type Sent = z.infer<typeof Sent>

/** WeCom takes the same content for the same person for one message within so many seconds: four hours, its most. */
const DUPLICATE_SECONDS = 14_400

/** Sends a card to one member. The same body again within four hours does not reach him twice. */
export const sendCard = (call: Call, agentId: string, card: { userId: string; body: CardBody }) =>
  call.post(
    '/cgi-bin/message/send',
    {
      touser: card.userId,
      agentid: Number(agentId),
      ...card.body,
      enable_duplicate_check: 1,
      duplicate_check_interval: DUPLICATE_SECONDS,
    },
    Sent,
  )

/** Replaces a card's buttons by words. `responseCode` can be used once. */
export const closeCard = (
  call: Call,
  agentId: string,
  card: { userId: string; responseCode: string; text: string },
) =>
  call.post(
    '/cgi-bin/message/update_template_card',
    {
      userids: [card.userId],
      agentid: Number(agentId),
      response_code: card.responseCode,
      button: { replace_name: card.text },
    },
    Updated,
  )

/** Takes a message out of everybody's chat, within 24 hours of its sending. */
export const recallCard = (call: Call, msgid: string) =>
  call.post('/cgi-bin/message/recall', { msgid }, z.looseObject({}))

/** What a try to send means for the card. */
export type Outcome =
  | { state: 'sent'; msgid: string; responseCode: string | null }
  | { state: 'unreachable'; why: 'invalid' | 'unlicensed'; errcode: number }
  | { state: 'failed'; why: 'refused' | 'too_late'; errcode: number | null }
  | { state: 'waiting'; nextAt: number; errcode: number | null }

/** A try among others. */
export interface Try {
  userId: string
  attempts: number // this one included
  createdAt: number // epoch ms, of the card
  now: number
}

const NOBODY = new Set([81013, 60111, 40003, 60021]) // every receiver invalid
const GIVE_UP_MS = 24 * 3_600_000 // by then the page is the better place to read it
const SETTINGS_MS = 5 * 60_000
const LONGEST_MS = 5 * 60_000

export function outcomeOfAnswer(answer: Sent, { userId }: Pick<Try, 'userId'>): Outcome {
  const holds = (list: string) => list.toLowerCase().split('|').includes(userId.toLowerCase())
  if (holds(answer.invaliduser)) return { state: 'unreachable', why: 'invalid', errcode: 0 }
  if (holds(answer.unlicenseduser)) return { state: 'unreachable', why: 'unlicensed', errcode: 0 }
  return { state: 'sent', msgid: answer.msgid, responseCode: answer.response_code || null }
}

/**
 * What follows a failure: a throttled send waits for the window, a lost line is tried again (the
 * duplicate check keeps it one message), wrong settings wait for the administrator, and what WeCom
 * refuses for its content is given up.
 */
export function outcomeOfFailure(error: unknown, each: Try): Outcome {
  const failure = told(error)
  const errcode = failure?.errcode ?? null
  if (errcode !== null && NOBODY.has(errcode))
    return { state: 'unreachable', why: 'invalid', errcode }
  if (failure?.verdict === 'refused') return { state: 'failed', why: 'refused', errcode }
  if (each.now - each.createdAt > GIVE_UP_MS) return { state: 'failed', why: 'too_late', errcode }
  return { state: 'waiting', nextAt: nextTry(failure, each), errcode }
}

function nextTry(failure: ReturnType<typeof told>, { attempts, now }: Try): number {
  if (failure?.verdict === 'configuration' || failure?.verdict === 'stale_token')
    return now + SETTINGS_MS
  const backoff = Math.min(LONGEST_MS, 1_000 * 2 ** Math.min(attempts, 10))
  return Math.max(now + backoff, failure?.retryAt ?? 0)
}
