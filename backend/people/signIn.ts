import { createHash, randomBytes } from 'node:crypto'
import type { Kit } from '../core/kit.ts'
import { Fault } from '../core/errors.ts'
import { rawRoute, type RawAsked, type RawReply, type RawRoute } from '../core/route.ts'
import { SESSION_COOKIE } from '../core/serve.ts'
import { sql } from '../core/sql.ts'
import { findPersonId } from './queries.ts'
import { hashOf, openSession } from './sessions.ts'

/** What sign-in needs of WeCom. */
export interface WecomDoor {
  authorizeUrl(ask: { redirectUri: string; state: string }): string
  loginUrl(ask: { redirectUri: string; state: string }): string
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
      summary: 'End this session',
      raw: async (asked) => signOut(kit, asked),
    }),
  ]
}

async function start(kit: Kit, wecom: WecomDoor, asked: RawAsked): Promise<RawReply> {
  const state = randomBytes(16).toString('hex') // WeCom allows [a-zA-Z0-9] only
  const browser = randomBytes(16).toString('hex')
  await kit.db.run(sql`
    delete from sign_in_states where created_at < now() - make_interval(mins => ${STATE_MINUTES}::int)`)
  await kit.db.run(sql`
    insert into sign_in_states (state, browser_hash, return_to)
    values (${state}, ${sha(browser)}, ${ownPath(asked.query.get('to'))})`)
  const ask = { redirectUri: `${kit.config.publicUrl}/auth/wecom/return`, state }
  const inApp = /micromessenger|wxwork/i.test(asked.headers['user-agent'] ?? '')
  return {
    status: 302,
    headers: {
      location: inApp ? wecom.authorizeUrl(ask) : wecom.loginUrl(ask),
      'set-cookie': cookie(kit, STATE_COOKIE, browser, STATE_MINUTES * 60),
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
  const browser = asked.cookie(STATE_COOKIE)
  if (!code || !browser) return restart()
  const [state] = await kit.db.many<{ returnTo: string }>(sql`
    delete from sign_in_states
    where state = ${asked.query.get('state') ?? ''}
      and browser_hash = ${sha(browser)}
      and created_at > now() - make_interval(mins => ${STATE_MINUTES}::int)
    returning return_to as "returnTo"`)
  if (!state) return restart()
  const userId = await wecom.userIdOf(code)
  const person = userId && (await findPersonId(kit.db, orgId, userId))
  if (!person) throw new Fault('not_allowed', 'this WeCom account is not a member here')
  const token = await openSession(
    kit.db,
    { orgId, personId: person.id, kind: 'browser' },
    kit.clock.now(),
  )
  return {
    status: 302,
    headers: {
      location: state.returnTo,
      'set-cookie': [
        cookie(kit, SESSION_COOKIE, token, 7 * 86_400),
        cookie(kit, STATE_COOKIE, '', 0),
      ],
    },
  }
}

const restart = (): RawReply => ({ status: 302, headers: { location: '/auth/wecom/start' } })

async function signOut(kit: Kit, asked: RawAsked): Promise<RawReply> {
  const token = asked.cookie(SESSION_COOKIE)
  if (token)
    await kit.db.run(sql`
      update sessions set revoked_at = now() where token_hash = ${hashOf(token)}`)
  if (asked.viewer)
    kit.facts.publish('personChanged', { orgId: asked.viewer.orgId, personId: asked.viewer.id })
  return { status: 200, headers: { 'set-cookie': cookie(kit, SESSION_COOKIE, '', 0) }, body: {} }
}

function cookie(kit: Kit, name: string, value: string, seconds: number): string {
  const secure = kit.config.publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`
}

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
