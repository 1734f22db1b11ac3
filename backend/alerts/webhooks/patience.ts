const MINUTE = 60_000
const FIRST_MS = 10_000
const MOST_MS = 6 * 60 * MINUTE
/** So many tries over some sixteen hours: a receiver that is down for a night gets all. */
export const MOST_TRIES = 10

/**
 * When to try again; each wait is three times the one before, and by up to a quarter longer or shorter, so that
 * what failed together does not come back together.
 * @param tries that failed so far, 1 or more
 * @param random from 0 up to 1
 * @returns epoch ms; null: no more
 */
export function nextTry(now: number, tries: number, random: number): number | null {
  if (tries >= MOST_TRIES) return null
  const wait = Math.min(FIRST_MS * 3 ** (tries - 1), MOST_MS)
  return now + Math.round(wait * (0.75 + random / 2))
}
