import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Kit } from '../core/kit.ts'
import { Fault } from '../core/errors.ts'
import { hashOf } from '../core/http/recognition.ts'
import { rawRoute, type RawAsked, type RawReply, type RawRoute } from '../core/http/route.ts'
import { SESSION_COOKIE } from '../core/http/serve.ts'
import { sql } from '../core/sql.ts'
import { findPersonId } from './queries.ts'
import {
  BROWSER_DAYS,
  openSession,
  renewSession,
  revokeBrowsers,
  revokeSession,
} from './sessions.ts'
import { failurePage } from './signInPage.ts'

/** What sign-in needs of WeCom. */
export interface WecomDoor {
  authorizeUrl(ask: { redirectUri: string; state: string }): string
  loginUrl(ask: { redirectUri: string; state: string }): string
  /** Null for somebody outside. @throws Fault `wecom_failed`, with `details.errcode` when WeCom says why. */
  userIdOf(code: string): Promise<string | null>
}

const STATE_COOKIE = 'zuji_state'
const STATE_MINUTES = 10

/** OAuth with WeCom: inside the app silently, on a PC through its login page. The state is used once and bound to the browser. */
export function signInRoutes(kit: Kit, wecom: WecomDoor, orgId: string): RawRoute[] {
  return [
    rawRoute({
      method: 'GET',
      path: '/auth/wecom/start',
      summary: 'Go to WeCom to sign in; `to` is where to come back',
      raw: (asked) => start(kit, wecom, asked),
    }),
    rawRoute({
      method: 'GET',
      path: '/auth/wecom/return',
      summary: 'Back from WeCom with a one-use code',
      raw: (asked) => comeBack(kit, wecom, orgId, asked),
    }),
    rawRoute({
      method: 'POST',
      path: '/auth/signout',
      summary: 'End this session; all of the person’s browsers with `everywhere=1`',
      raw: async (asked) => signOut(kit, asked),
    }),
    rawRoute({
      method: 'POST',
      path: '/auth/renew',
      summary: 'Give a session older than a day a new token',
      raw: async (asked) => renew(kit, asked),
    }),
  ]
}

/** A state that begins so belongs to a second try: a third would go round for ever. */
const AGAIN = 'r'

async function start(kit: Kit, wecom: WecomDoor, asked: RawAsked): Promise<RawReply> {
  const mark = asked.query.get('again') === '1' ? AGAIN : ''
  const state = mark + randomBytes(16).toString('hex') // WeCom allows [a-zA-Z0-9] only
  const browser = randomBytes(16).toString('hex')
  await kit.db.run(sql`
    delete from sign_in_states where created_at < now() - make_interval(mins => ${STATE_MINUTES}::int)`)
  await kit.db.run(sql`
    insert into sign_in_states (state, browser_hash, return_to)
    values (${state}, ${hashOf(browser)}, ${ownPath(asked.query.get('to'))})`)
  const ask = { redirectUri: `${kit.config.publicUrl}/auth/wecom/return`, state }
  const inApp = /micromessenger|wxwork/i.test(asked.headers['user-agent'] ?? '')
  return {
    status: 302,
    headers: {
      location: inApp ? wecom.authorizeUrl(ask) : wecom.loginUrl(ask),
      'set-cookie': cookie(kit, STATE_COOKIE, browser, STATE_MINUTES * 60),
      'cache-control': 'no-store',
    },
  }
}

/** Only a path of ours: an open redirect would hand the session's page to anybody. */
function ownPath(to: string | null): string {
  return to && /^\/(?![/\\])[^\s\\]{0,500}$/.test(to) ? to : '/'
}

async function comeBack(
  kit: Kit,
  wecom: WecomDoor,
  orgId: string,
  asked: RawAsked,
): Promise<RawReply> {
  const code = asked.query.get('code')
  const returnTo = await spendState(kit, asked)
  if (!code || returnTo === null) return restart(asked, '/')
  const userId = await visitorOf(wecom, code)
  if (userId === 'used') return restart(asked, returnTo)
  if (userId === 'unknown') return failurePage('wecom')
  if (userId === null) return failurePage('outsider')
  const person = await findPersonId(kit.db, orgId, userId)
  if (!person) return failurePage('not_here')
  await revokeCookie(kit, asked) // whoever used this browser before is signed out
  const now = kit.clock.now()
  const token = await openSession(kit.db, { orgId, personId: person.id, kind: 'browser' }, now)
  return {
    status: 302,
    headers: {
      location: returnTo,
      'set-cookie': [sessionCookie(kit, token), cookie(kit, STATE_COOKIE, '', 0)],
      'cache-control': 'no-store',
    },
  }
}

/** Where the sign-in of this browser was to lead; null for a state used, too old, or another's. */
async function spendState(kit: Kit, asked: RawAsked): Promise<string | null> {
  const browser = asked.cookie(STATE_COOKIE)
  if (!browser) return null
  const [state] = await kit.db.many<{ returnTo: string }>(sql`
    delete from sign_in_states
    where state = ${asked.query.get('state') ?? ''}
      and browser_hash = ${hashOf(browser)}
      and created_at > now() - make_interval(mins => ${STATE_MINUTES}::int)
    returning return_to as "returnTo"`)
  return state?.returnTo ?? null
}

const Failure = z.object({ errcode: z.number() })
const USED_CODES = [40029, 42003] // used before or of a foreign app, and too old

/** The member behind a code; null for somebody outside, `used` and `unknown` when WeCom does not say. */
async function visitorOf(wecom: WecomDoor, code: string): Promise<string | null> {
  try {
    return await wecom.userIdOf(code)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'wecom_failed') throw error
    const failure = Failure.safeParse(error.details).data
    return failure && USED_CODES.includes(failure.errcode) ? 'used' : 'unknown'
  }
}

/** Once from the beginning: a page fetched ahead or gone back to brings a used code. Then it is told. */
function restart(asked: RawAsked, to: string): RawReply {
  if (asked.query.get('state')?.startsWith(AGAIN)) return failurePage('stale')
  const query = new URLSearchParams({ to, again: '1' })
  const headers = { location: `/auth/wecom/start?${query}`, 'cache-control': 'no-store' }
  return { status: 302, headers }
}

/** `everywhere=1` ends all browsers of the person, not only this one. */
async function signOut(kit: Kit, asked: RawAsked): Promise<RawReply> {
  const { viewer } = asked
  if (viewer && asked.query.get('everywhere') === '1')
    await revokeBrowsers(kit.db, viewer, kit.clock.now())
  else await revokeCookie(kit, asked)
  if (viewer) kit.facts.publish('personChanged', { orgId: viewer.orgId, personId: viewer.id })
  return { status: 200, headers: { 'set-cookie': cookie(kit, SESSION_COOKIE, '', 0) }, body: {} }
}

/** A session older than a day gets a new token; the old one lives a minute for requests under way. */
async function renew(kit: Kit, asked: RawAsked): Promise<RawReply> {
  const token = asked.cookie(SESSION_COOKIE)
  if (!asked.viewer || !token) throw new Fault('not_signed_in', 'sign in first')
  const fresh = await renewSession(kit.db, token, kit.clock.now())
  const headers = fresh ? { 'set-cookie': sessionCookie(kit, fresh) } : {}
  return { status: 200, headers, body: { renewed: fresh !== null } }
}

async function revokeCookie(kit: Kit, asked: RawAsked): Promise<void> {
  const token = asked.cookie(SESSION_COOKIE)
  if (token) await revokeSession(kit.db, hashOf(token), kit.clock.now())
}

const sessionCookie = (kit: Kit, token: string) =>
  cookie(kit, SESSION_COOKIE, token, BROWSER_DAYS * 86_400)

function cookie(kit: Kit, name: string, value: string, seconds: number): string {
  const secure = kit.config.publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`
}
