import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { Metrics } from '../../core/metrics.ts'
import { CLOSED, entering, failed, succeeded, type Circuit } from './breaker.ts'
import { createLimits, type Limits } from './limits.ts'
import { createTally } from './tally.ts'
import { refusal, told, unreachable, verdictOf } from './verdict.ts'

export interface GuardOptions {
  clock: Clock
  log: Log
  /** Who counts calls; without it this process counts its own. */
  limits?: Limits
  /** Counts requests, where somebody wants to know. */
  metrics?: Metrics
  /** Waits between tries; given by tests. */
  wait?: (ms: number) => Promise<void>
  /** In [0, 1), for the jitter; given by tests. */
  random?: () => number
}

/** Runs one request politely: `attempt` sends it once and answers its `errcode`. */
export type Guard = <R extends { errcode: number }>(
  ask: { api: string; repeatable: boolean },
  attempt: () => Promise<R>,
) => Promise<R>

const BUSY = -1 // nothing was done
const BUSY_WAITS_MS = [200, 600, 1_800] // -1 may be tried again three times
const LINE_WAITS_MS = [150, 500] // after a broken line, for what may be asked twice
const PATIENCE_MS = 3_000 // for a free place under a quota; who would wait longer is told at once
const BLOCK_MS = 60_000 // the shortest block that WeCom sets
const LONGEST_BLOCK_MS = 3_600_000
const LEFT_ALONE = 'left alone after failures'
const REFUSED_SECRET_MS = 30_000 // many wrong secrets ban our address for an hour

/**
 * What stands between us and WeCom, one for each app: quotas are kept before they are hit, a
 * throttled API is left alone (a minute, then twice as long each time it says so again), a busy
 * WeCom is asked again up to three times, a broken line up to twice, and after five broken lines
 * in a row nobody asks for a while.
 */
export function createGuard(options: GuardOptions): Guard {
  const { clock } = options
  const wait = options.wait ?? sleep
  const random = options.random ?? Math.random
  const pause = (ms: number) => wait(ms * (0.5 + random())) // so that processes do not march in step
  const quiet = createQuiet(clock)
  const admit = createAdmission(options.limits ?? createLimits(), clock, wait)
  const circuit = createCircuit(options)

  async function once<R extends { errcode: number }>(api: string, attempt: () => Promise<R>) {
    quiet.check(api)
    await admit(api)
    const answer = await circuit(api, attempt)
    quiet.note(api, answer.errcode)
    return answer
  }

  /** Asks again when the line broke; what is told in the end is how it broke first. */
  async function stubbornly<R extends { errcode: number }>(api: string, attempt: () => Promise<R>) {
    let broke: unknown = null
    for (const ms of [...LINE_WAITS_MS, null])
      try {
        return await once(api, attempt)
      } catch (error) {
        if (!isBrokenLine(error)) throw broke ?? error
        broke ??= error
        if (ms !== null) await pause(ms)
      }
    throw broke
  }

  return async ({ api, repeatable }, attempt) => {
    const ask = () => (repeatable ? stubbornly(api, attempt) : once(api, attempt))
    let answer = await ask()
    for (const ms of BUSY_WAITS_MS) {
      if (verdictOf(answer.errcode) !== 'busy') break
      if (!repeatable && answer.errcode !== BUSY) break // it may have begun to write
      await pause(ms)
      answer = await ask()
    }
    return answer
  }
}

/** APIs that WeCom asked us to leave alone, and until when. */
function createQuiet(clock: Clock) {
  const until = new Map<string, { at: number; errcode: number; ms: number }>()
  return {
    check(api: string) {
      const found = until.get(api)
      if (found && clock.now() < found.at) throw refusal(api, found.errcode, found.at)
    },
    note(api: string, errcode: number) {
      const verdict = verdictOf(errcode)
      if (verdict === 'throttled') {
        const before = until.get(api)?.ms ?? 0
        const ms = Math.min(LONGEST_BLOCK_MS, Math.max(BLOCK_MS, before * 2))
        until.set(api, { at: clock.now() + ms, errcode, ms })
      } else if (api === '/cgi-bin/gettoken' && verdict !== 'ok' && verdict !== 'busy')
        until.set(api, { at: clock.now() + REFUSED_SECRET_MS, errcode, ms: 0 })
      else if ((until.get(api)?.at ?? Infinity) <= clock.now()) until.delete(api)
    },
  }
}

function createAdmission(limits: Limits, clock: Clock, wait: (ms: number) => Promise<void>) {
  return async (api: string) => {
    let patience = PATIENCE_MS
    for (;;) {
      const ms = await limits.take(api, clock.now())
      if (ms === 0) return
      if (ms > patience) throw refusal(api, 45009, clock.now() + ms)
      patience -= ms
      await wait(ms)
    }
  }
}

function createCircuit({ clock, log, metrics }: GuardOptions) {
  const tally = createTally(metrics)
  let circuit: Circuit = CLOSED
  return async <R extends { errcode: number }>(
    api: string,
    attempt: () => Promise<R>,
  ): Promise<R> => {
    const asked = entering(circuit, clock.now())
    circuit = asked.circuit
    if (asked.waitMs > 0) throw unreachable(api, LEFT_ALONE)
    const began = performance.now()
    try {
      const answer = await attempt()
      circuit = succeeded()
      tally.answered(api, answer.errcode, performance.now() - began)
      return answer
    } catch (error) {
      circuit = failed(circuit, clock.now())
      tally.failed(api, error, performance.now() - began)
      const { failures } = circuit
      log.warn({ api, reason: told(error)?.reason, failures }, 'WeCom does not answer')
      throw error
    }
  }
}

/** No answer came, and another try may bring one. */
function isBrokenLine(error: unknown): boolean {
  const reason = told(error)?.reason
  return reason !== undefined && reason !== LEFT_ALONE
}
