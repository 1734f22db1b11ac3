import { v7 as uuid } from 'uuid'
import { ApiKeyPath, ApiKeys, MadeApiKey, MOST_API_KEYS, NewApiKey } from '../contract/apiKeys.ts'
import { Fault, found } from '../core/errors.ts'
import type { Feature, Kit } from '../core/kit.ts'
import { hashOf } from '../core/http/recognition.ts'
import { isAdmin, route, type Route, type Viewer } from '../core/http/route.ts'
import { recordLooks } from '../privacy/index.ts'
import { createKeyring, newKey } from './identify.ts'
import { insertKey, listKeys, revokeKey } from './queries.ts'

const DAY_MS = 86_400_000

/** Keys with scopes for a company's own programs: made and taken back by an admin, shown once, kept as hashes. */
export function createKeys(kit: Kit) {
  const keyring = createKeyring(kit)
  const feature: Feature = {
    routes: [listRoute(kit), makeRoute(kit), revokeRoute(kit, keyring.forget)],
  }
  return {
    ...feature,
    identify: keyring.identify,
    /** What a program read of people stands in their access log, under the key's name. */
    looked: ({ orgId, id }: Viewer, personIds: readonly string[] | 'all') =>
      recordLooks(kit.db, { orgId, viewerId: id, what: 'program', date: null, at: kit.clock.now() }, personIds), // prettier-ignore
  }
}

async function all({ db, clock }: Kit, orgId: string) {
  const now = clock.now()
  return { now, keys: await listKeys(db, orgId, now) }
}

const listRoute = (kit: Kit): Route =>
  route({
    method: 'GET',
    path: '/api/v1/api-keys',
    summary: 'Keys of our own programs: what each may do, until when, and when it was used',
    reply: ApiKeys,
    allow: isAdmin,
    run: ({ viewer }) => all(kit, viewer.orgId),
  })

const makeRoute = (kit: Kit): Route =>
  route({
    method: 'POST',
    path: '/api/v1/api-keys',
    summary: 'A new key with these scopes; it is told this once',
    input: NewApiKey,
    reply: MadeApiKey,
    allow: isAdmin,
    run: async ({ viewer: { orgId, id: by }, input: { name, scopes, days } }) => {
      const [id, key, at] = [uuid(), newKey(), kit.clock.now()]
      const row = { orgId, id, name, scopes, by, at, expiresAt: at + days * DAY_MS }
      const secret = { hash: hashOf(key), tail: key.slice(-4), most: MOST_API_KEYS }
      if (!(await insertKey(kit.db, { ...row, ...secret })))
        throw new Fault('conflict', `there are ${MOST_API_KEYS} already`)
      return { id, key }
    },
  })

const revokeRoute = (kit: Kit, forget: (hash: string) => void): Route =>
  route({
    method: 'POST',
    path: '/api/v1/api-keys/:id/revoke',
    summary: 'Take a key back; programs that use it are refused within seconds',
    params: ApiKeyPath,
    reply: ApiKeys,
    allow: isAdmin,
    run: async ({ viewer: { orgId, id: by }, params: { id } }) => {
      const key = await revokeKey(kit.db, { orgId, id, by, at: kit.clock.now() })
      forget(found(key, 'this key').hash)
      return all(kit, orgId)
    },
  })
