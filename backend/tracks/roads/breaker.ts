export interface Breaker {
  /** What `work` answers; null when it failed, or when it was not tried because it failed lately. */
  ask<T>(work: () => Promise<T>): Promise<T | null>
}

/**
 * Spares everybody the waiting for a service that is dead: after a failure it is left alone for
 * `restMs`. Then, and in the beginning, one question goes ahead and the others wait how it ends.
 * @param failed hears why, once a rest
 */
export function createBreaker(
  now: () => number,
  restMs: number,
  failed: (error: unknown) => void,
): Breaker {
  let restsUntil = -Infinity
  let proven = false
  let probe: Promise<unknown> | null = null
  const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      const answer = await work()
      proven = true
      return answer
    } catch (error) {
      if (now() >= restsUntil) failed(error)
      restsUntil = now() + restMs
      proven = false
      return null
    }
  }
  return {
    async ask(work) {
      if (probe && !proven) await probe
      if (now() < restsUntil) return null
      if (proven) return attempt(work)
      const first = attempt(work)
      probe = first.finally(() => (probe = null))
      return first
    },
  }
}
