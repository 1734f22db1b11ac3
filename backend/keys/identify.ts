import { randomBytes } from 'node:crypto'
import { KEY_MARK } from '../contract/apiKeys.ts'
import { createRecognition } from '../core/http/recognition.ts'
import type { Credentials } from '../core/http/serve.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { findKey, noteUse, type FoundKey } from './queries.ts'

const REMEMBER_MAX = 10_000 // keys

/** 32 random bytes behind a mark. */
export const newKey = () => KEY_MARK + randomBytes(32).toString('base64url')

/** Who asks with a key: the company's own program, for which an admin answers. It has no session and no cookie. */
const viewerOf = ({ orgId, id, name, scopes }: FoundKey, hash: string): Viewer => ({
  ...{ orgId, id: `key-${id}`, name, scopes, sessionHash: hash },
  role: 'admin',
  departments: 'all',
  session: 'key',
})

/** Finds out whose key it is, and notes once a minute that it was used. */
export function createKeyring({ db, clock }: Pick<Kit, 'db' | 'clock'>) {
  const load = async (hash: string) => {
    const found = await findKey(db, hash, clock.now())
    if (found) await noteUse(db, hash, clock.now())
    return found ? viewerOf(found, hash) : null
  }
  const { recognise, forget } = createRecognition(clock.now, REMEMBER_MAX, load)
  return {
    forget,
    identify: async ({ bearer, address }: Credentials): Promise<Viewer | null> =>
      bearer?.startsWith(KEY_MARK) && bearer.length <= 100 ? recognise(bearer, address) : null,
  }
}
