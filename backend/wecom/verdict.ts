import { Fault } from '../core/errors.ts'

/** What an `errcode` asks of the caller. */
export type Verdict = 'ok' | 'stale_token' | 'busy' | 'throttled' | 'configuration' | 'refused'

const VERDICT_OF: Record<number, Verdict> = {
  0: 'ok',
  [-1]: 'busy',
  40001: 'stale_token',
  40014: 'stale_token',
  42001: 'stale_token',
  45009: 'throttled',
  45033: 'throttled',
  40013: 'configuration', // corpid
  40056: 'configuration', // agentid
  48001: 'configuration', // the app was not granted this API
  48002: 'configuration',
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

/** `api` is the path without its query: tokens and secrets travel in the query. */
export function refusal(api: string, errcode: number): Fault {
  const verdict = verdictOf(errcode)
  const sentence = SENTENCE_OF[verdict === 'ok' ? 'refused' : verdict]
  return new Fault('wecom_failed', `${sentence} (${errcode})`, { api, errcode, verdict })
}

export function unreachable(api: string, reason: string): Fault {
  return new Fault('wecom_failed', `WeCom does not answer (${reason})`, { api, reason })
}
