/**
 * A circuit breaker as a value: after some failures in a row nobody asks for a while, then one asks
 * first; each failed trial doubles the while.
 */
export interface Circuit {
  readonly failures: number // in a row
  readonly openUntil: number // epoch ms; 0 when closed
  readonly trialUntil: number // one is trying and has until then
}

export const CLOSED: Circuit = { failures: 0, openUntil: 0, trialUntil: 0 }

const FAILURES = 5
const FIRST_MS = 5_000
const LONGEST_MS = 120_000
const TRIAL_MS = 10_000

/** Whether one may ask now, and the circuit after asking. `waitMs` says how long it stays open. */
export function entering(circuit: Circuit, now: number): { circuit: Circuit; waitMs: number } {
  if (circuit.failures < FAILURES) return { circuit, waitMs: 0 }
  const until = Math.max(circuit.openUntil, circuit.trialUntil)
  if (now < until) return { circuit, waitMs: until - now }
  return { circuit: { ...circuit, trialUntil: now + TRIAL_MS }, waitMs: 0 }
}

/** Any answer, even a refusal, shows that WeCom is there. */
export const succeeded = (): Circuit => CLOSED

export function failed(circuit: Circuit, now: number): Circuit {
  const failures = circuit.failures + 1
  if (failures < FAILURES) return { failures, openUntil: 0, trialUntil: 0 }
  const openMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - FAILURES, 10))
  return { failures, openUntil: now + openMs, trialUntil: 0 }
}
