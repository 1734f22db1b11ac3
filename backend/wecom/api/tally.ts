import type { Metrics } from '../../core/metrics.ts'
import { told, verdictOf } from './verdict.ts'

/** Told of each request: how it ended, and how long it took in ms. */
export interface Tally {
  answered(api: string, errcode: number, ms: number): void
  failed(api: string, error: unknown, ms: number): void
}

const NO_TALLY: Tally = { answered: () => {}, failed: () => {} }

/** Requests to WeCom by API and outcome; the paths are those that this program knows, so they are few. */
export function createTally(metrics: Metrics | undefined): Tally {
  if (!metrics) return NO_TALLY
  const calls = metrics.counter('zuji_wecom_calls_total', 'Requests to WeCom by API and outcome', ['api', 'outcome']) // prettier-ignore
  const seconds = metrics.histogram(
    'zuji_wecom_call_seconds',
    'Time until WeCom answered, or did not',
    [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  )
  const note = (api: string, outcome: string, ms: number) => {
    calls.inc({ api, outcome })
    seconds.observe(ms / 1000)
  }
  return {
    answered: (api, errcode, ms) => note(api, verdictOf(errcode), ms),
    failed: (api, error, ms) => note(api, told(error) ? 'unreachable' : 'broken', ms),
  }
}
