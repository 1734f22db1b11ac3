import { randomBytes } from 'node:crypto'
import type { Db } from '../core/db.ts'
import { createRecognition, hashOf } from '../core/http/recognition.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Credentials } from '../core/http/serve.ts'
import { sql } from '../core/sql.ts'
import { subtreeOf } from './queries.ts'
import { circleOf } from './directory/diff.ts'

/** Sessions of people; a program's key is none. */
export type SessionKind = Exclude<Viewer['session'], 'key'>

/** How long a session lives without being renewed; days. */
export const BROWSER_DAYS = 7
const DAYS: Record<SessionKind, number> = { browser: BROWSER_DAYS, token: 90, device: 365 }
const DAY_MS = 86_400_000
const GRACE_MS = 60_000 // of a renewed token: requests with it may be under way

/** Makes a session and answers its token: 32 random bytes, shown once, kept only as a hash. */
export async function openSession(
  db: Db,
  who: { orgId: string; personId: string; kind: SessionKind },
  now: number,
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db.run(sql`
    insert into sessions (token_hash, org_id, person_id, kind, expires_at)
    values (${hashOf(token)}, ${who.orgId}, ${who.personId}, ${who.kind},
      to_timestamp(${now + DAYS[who.kind] * DAY_MS}::float8 / 1000))`)
  return token
}

export const revokeSession = (db: Db, tokenHash: string, now: number) =>
  db.run(sql`
    update sessions set revoked_at = to_timestamp(${now}::float8 / 1000) where token_hash = ${tokenHash}`)

/** Ends all sessions that somebody has in browsers. */
export const revokeBrowsers = (db: Db, who: { orgId: string; id: string }, now: number) =>
  db.run(sql`
    update sessions set revoked_at = to_timestamp(${now}::float8 / 1000)
    where org_id = ${who.orgId} and person_id = ${who.id} and kind = 'browser' and revoked_at is null`)

/**
 * Gives a browser's session that is older than a day a new token and a new life; of two who ask at
 * once one gets it.
 * @returns the token; null when it is not time yet, or the session is not a browser's.
 */
export const renewSession = (db: Db, token: string, now: number): Promise<string | null> =>
  db.transact(async (tx) => {
    const [old] = await tx.many<{ orgId: string; personId: string }>(sql`
      update sessions set expires_at = to_timestamp(${now + GRACE_MS}::float8 / 1000)
      where token_hash = ${hashOf(token)} and kind = 'browser' and revoked_at is null
        and expires_at > to_timestamp(${now + GRACE_MS}::float8 / 1000)
        and expires_at < to_timestamp(${now + (BROWSER_DAYS - 1) * DAY_MS}::float8 / 1000)
      returning org_id as "orgId", person_id as "personId"`)
    return old ? openSession(tx, { ...old, kind: 'browser' }, now) : null
  })

const REMEMBER_MAX = 50_000 // sessions

/** Finds out who a token of a person belongs to. */
export function createIdentify(db: Db, now: () => number) {
  const { recognise, ...known } = createRecognition(now, REMEMBER_MAX, (hash) =>
    loadViewer(db, hash, now()),
  )
  const identify = async ({ bearer, cookie, address }: Credentials) => {
    const token = bearer ?? cookie
    return token && token.length <= 200 ? recognise(token, address) : null
  }
  return { identify, ...known }
}

interface Found {
  orgId: string
  id: string
  name: string
  role: Viewer['role']
  leads: string[]
  session: SessionKind
}

async function loadViewer(db: Db, hash: string, now: number): Promise<Viewer | null> {
  const found = await db.first<Found>(sql`
    select s.org_id as "orgId", p.id, p.name, p.role, p.leads, s.kind as session
    from sessions s
      join people p on p.org_id = s.org_id and p.id = s.person_id and p.active
    where s.token_hash = ${hash}
      and s.revoked_at is null
      and s.expires_at > to_timestamp(${now}::float8 / 1000)`)
  if (!found) return null
  const { leads, ...viewer } = found
  const departments = await scopeOf(db, viewer, leads)
  return { ...viewer, departments, sessionHash: hash }
}

/** Somebody as he would be seen if he asked now, for what is shown in his name. Null: he has left. */
export async function viewerOf(db: Db, orgId: string, personId: string): Promise<Viewer | null> {
  const found = await db.first<Omit<Found, 'session'>>(sql`
    select p.org_id as "orgId", p.id, p.name, p.role, p.leads
    from people p
    where p.org_id = ${orgId} and p.id = ${personId} and p.active`)
  if (!found) return null
  const { leads, ...person } = found
  const who = { ...person, session: 'token' as const }
  return { ...who, departments: await scopeOf(db, who, leads), sessionHash: '' }
}

/**
 * HR and admins know everybody, supervisors their subtrees and those whose direct leader they are,
 * reps nobody but themselves.
 */
async function scopeOf(db: Db, { orgId, id, role }: Omit<Found, 'leads'>, leads: string[]) {
  if (role === 'hr' || role === 'admin') return 'all' as const
  return role === 'supervisor' ? [...(await subtreeOf(db, orgId, leads)), circleOf(id)] : []
}

/** Everybody who leads somebody, with the keys he sees people under. */
export async function listSupervisors(db: Db, orgId: string) {
  const rows = await db.many<{ id: string; leads: string[] }>(sql`
    select p.id, p.leads from people p
    where p.org_id = ${orgId} and p.role = 'supervisor' and p.active
    order by p.id`)
  const supervisors: { id: string; departments: string[] }[] = []
  for (const { id, leads } of rows)
    supervisors.push({ id, departments: [...(await subtreeOf(db, orgId, leads)), circleOf(id)] })
  return supervisors
}
