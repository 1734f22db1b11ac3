import { z } from 'zod'
import { Fault } from '../../core/errors.ts'

/** What an `errcode` asks of the caller. */
export type Verdict = 'ok' | 'stale_token' | 'busy' | 'throttled' | 'configuration' | 'refused'

const VERDICT_OF: Record<number, Verdict> = {
  0: 'ok',
  [-1]: 'busy',
  301022: 'busy', // 打卡 failed within
  40001: 'stale_token',
  40014: 'stale_token',
  42001: 'stale_token',
  45009: 'throttled',
  45033: 'throttled',
  40013: 'configuration', // corpid
  40056: 'configuration', // agentid
  41001: 'configuration', // no token, or no corp or secret to ask one for
  41002: 'configuration',
  41004: 'configuration',
  48001: 'configuration', // the app was not granted this API
  48002: 'configuration',
  48009: 'configuration', // the contacts secret may not read this from our address
  50001: 'configuration', // redirect host is not the app's trusted domain
  50002: 'configuration',
  50003: 'configuration', // the app is disabled
  60020: 'configuration', // our IP is not listed
  301002: 'configuration', // a token of another app
}

export const verdictOf = (errcode: number): Verdict => VERDICT_OF[errcode] ?? 'refused'

/** Words for the log and the reader; never WeCom's own text, which may change and name our address. */
const SENTENCE_OF: Record<Exclude<Verdict, 'ok'>, string> = {
  stale_token: 'WeCom refuses our secret',
  busy: 'WeCom is busy',
  throttled: 'WeCom limits how often we may ask',
  configuration: 'WeCom refuses this app; its settings have to be corrected',
  refused: 'WeCom refuses this request',
}

/**
 * @param api the path without its query: tokens and secrets travel in the query.
 * @param retryAt epoch ms from which asking again may help.
 */
export function refusal(api: string, errcode: number, retryAt?: number): Fault {
  const verdict = verdictOf(errcode)
  const sentence = SENTENCE_OF[verdict === 'ok' ? 'refused' : verdict]
  const details = { api, errcode, verdict, ...(retryAt !== undefined && { retryAt }) }
  return new Fault('wecom_failed', `${sentence} (${errcode})`, details)
}

/** What a Fault of this client says of itself; null for any other error. */
export function told(error: unknown): z.infer<typeof Told> | null {
  if (!(error instanceof Fault) || error.code !== 'wecom_failed') return null
  return Told.safeParse(error.details).data ?? null
}

const Told = z.object({
  api: z.string(),
  errcode: z.number().optional(), // when WeCom answered
  verdict: z
    .enum(['ok', 'stale_token', 'busy', 'throttled', 'configuration', 'refused'])
    .optional(),
  reason: z.string().optional(), // when it did not
  retryAt: z.number().optional(),
})

export function unreachable(api: string, reason: string): Fault {
  return new Fault('wecom_failed', `WeCom does not answer (${reason})`, { api, reason })
}
