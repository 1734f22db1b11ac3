import { createHash, randomBytes } from 'node:crypto'
import { KEY_MARK } from '../contract/apiKeys.ts'
import { createStrangers } from '../core/http/limits.ts'
import type { Credentials } from '../core/http/serve.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { findKey, noteUse, type FoundKey } from './queries.ts'

const REMEMBER_MS = 5_000 // a key that is taken back elsewhere is refused within this
const REMEMBER_MAX = 10_000

/** 32 random bytes behind a mark. */
export const newKey = () => KEY_MARK + randomBytes(32).toString('base64url')

export const hashOf = (key: string) => createHash('sha256').update(key).digest('hex')

/** Who asks with a key: the company's own program, for which an admin answers. It has no session and no cookie. */
const viewerOf = ({ orgId, id, name, scopes }: FoundKey, hash: string): Viewer => ({
  ...{ orgId, id: `key-${id}`, name, scopes, sessionHash: hash },
  role: 'admin',
  departments: 'all',
  session: 'key',
})

/** Finds out whose key it is, and notes once a minute that it was used. */
export function createKeyring({ db, clock }: Pick<Kit, 'db' | 'clock'>) {
  const remembered = new Map<string, { viewer: Viewer | null; until: number }>()
  const strangers = createStrangers()
  const load = async (hash: string) => {
    const found = await findKey(db, hash, clock.now())
    if (found) await noteUse(db, hash, clock.now())
    return found ? viewerOf(found, hash) : null
  }
  return {
    forget: (hash: string) => remembered.delete(hash),
    async identify({ bearer, address }: Credentials): Promise<Viewer | null> {
      if (!bearer?.startsWith(KEY_MARK) || bearer.length > 100) return null
      const hash = hashOf(bearer)
      const known = remembered.get(hash)
      if (known && known.until > clock.now()) return known.viewer
      const viewer = await strangers(address, () => load(hash))
      if (remembered.size >= REMEMBER_MAX) remembered.clear()
      remembered.set(hash, { viewer, until: clock.now() + REMEMBER_MS })
      return viewer
    },
  }
}
