import { Fault } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import type { Refusal } from './open.ts'
import type { Door } from './queries.ts'

/** What Tencent's own libraries call it: an operator may look the number up. */
const CODE_OF: Partial<Record<Refusal, number>> = {
  signature: -40001,
  body: -40002,
  xml: -40002,
  aes_key: -40004,
  receive_id: -40005,
  block: -40007,
  padding: -40007,
  length: -40008,
  base64: -40010,
}

const QUIET_MS = 60_000

/**
 * Counts what comes to the callback addresses. A refusal tells the sender nothing of its reason; the
 * log has it, once a minute for each, because strangers decide how often it happens.
 */
export function createRefusals({ metrics, log, clock }: Kit) {
  const counter = metrics.counter(
    'zuji_wecom_callbacks_total',
    'Requests to the callback addresses by outcome',
    ['door', 'outcome'],
  )
  const told = new Map<string, number>()
  const count = (door: Door, outcome: string) => counter.inc({ door, outcome })
  const refuse = (door: Door, reason: Refusal): Fault => {
    count(door, reason)
    const key = `${door} ${reason}`
    if (clock.now() - (told.get(key) ?? -Infinity) >= QUIET_MS) {
      told.set(key, clock.now())
      log.warn({ door, reason, code: CODE_OF[reason] }, 'a callback was refused')
    }
    return new Fault('not_allowed', 'this callback is refused')
  }
  return { count, refuse }
}
