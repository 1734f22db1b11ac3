import { createHash } from 'node:crypto'
import { createStrangers } from './limits.ts'
import type { Viewer } from './route.ts'

interface Remembered {
  viewer: Viewer | null
  until: number
}

const REMEMBER_MS = 5_000 // a revocation by another process takes effect within this

/** What is kept of a token: lower hex. */
export const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

/**
 * Whose a token is, by its hash. Answers are remembered for 5 s, so that a phone that reports every few seconds costs
 * no query each time; the unknown ones of an address are counted.
 * @param most tokens that are remembered; the oldest are forgotten
 * @param load finds out, null when it is nobody's
 */
export function createRecognition(
  now: () => number,
  most: number,
  load: (hash: string) => Promise<Viewer | null>,
) {
  const remembered = new Map<string, Remembered>()
  const strangers = createStrangers()
  return {
    async recognise(token: string, address: string | undefined): Promise<Viewer | null> {
      const hash = hashOf(token)
      const known = remembered.get(hash)
      if (known && known.until > now()) return known.viewer
      // who was known a moment ago is no stranger: a flood from his office's address must not shut him out
      const viewer = known?.viewer ? await load(hash) : await strangers(address, () => load(hash))
      if (remembered.size >= most) forgetOldest(remembered, most)
      remembered.set(hash, { viewer, until: now() + REMEMBER_MS })
      return viewer
    },
    forget: (hash: string) => remembered.delete(hash),
    forgetPerson(orgId: string, personId: string) {
      for (const [hash, { viewer }] of remembered)
        if (viewer?.orgId === orgId && viewer.id === personId) remembered.delete(hash)
    },
  }
}

function forgetOldest(remembered: Map<string, Remembered>, most: number) {
  for (const key of remembered.keys()) {
    remembered.delete(key)
    if (remembered.size < most * 0.9) return
  }
}
