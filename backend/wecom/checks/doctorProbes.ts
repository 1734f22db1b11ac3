import { createCipheriv, randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Config } from '../../core/config.ts'
import { aesKeyOf, messageSignature, type CallbackKeys } from '../callback/crypto.ts'
import type { CallbackCounts, CallbackProof, Evidence, Said } from './doctor.ts'
import { bodyOf, send, type Body, type Wire } from '../api/transport.ts'
import { told } from '../api/verdict.ts'

/** What the probes go by; `fetch` is for tests. */
export interface Probing {
  config: Pick<Config, 'publicUrl' | 'wecom'>
  clock: Clock
  fetch?: typeof fetch
}

const TIMEOUT_MS = 5_000

type Wecom = NonNullable<Config['wecom']>

/** Asks WeCom for everything the server will ask for, and our own address for what WeCom will ask. */
export async function probe(given: Probing): Promise<Omit<Evidence, 'config' | 'database'>> {
  const { wecom } = given.config
  const publicUrl = { url: given.config.publicUrl, reach: await reachOf(given) }
  const counts = await callbackCounts(given)
  const callback = async (door: 'app' | 'contacts') => {
    const keys = wecom?.callbacks[door]
    if (!wecom || !keys) return null
    return {
      proof: await proofOf(given, door, { ...keys, corpId: wecom.corpId }),
      counts: counts[door],
    }
  }
  return {
    publicUrl,
    wecom: wecom && (await askWecom(given, wecom)),
    callbacks: { app: await callback('app'), contacts: await callback('contacts') },
  }
}

async function askWecom(given: Probing, wecom: Wecom): Promise<Evidence['wecom']> {
  const wire: Wire = { apiBase: wecom.apiBase, ...(given.fetch && { fetch: given.fetch }) }
  const { corpId: corpid, secret: corpsecret, agentId: agentid } = wecom
  const asked = given.clock.now()
  const first = await ask(wire, '/cgi-bin/gettoken', { corpid, corpsecret })
  const middle = (asked + given.clock.now()) / 2
  const clockAheadMs = first.date === null ? null : Math.round(first.date - middle)
  const none = { agent: null, ticket: null, departments: null, contacts: null, attendance: null }
  if (!first.token) return { token: first.said, ...none, clockAheadMs }
  const access_token = first.token
  const agent = await ask(wire, '/cgi-bin/agent/get', { access_token, agentid })
  const ticket = await ask(wire, '/cgi-bin/get_jsapi_ticket', { access_token })
  const departments = await ask(wire, '/cgi-bin/department/simplelist', { access_token })
  const attendance = await ask(wire, '/cgi-bin/checkin/getcorpcheckinoption', { access_token }, {})
  return {
    token: first.said,
    agent: { ...agent.said, trustedDomain: textAt(agent.body, 'redirect_domain') },
    ticket: ticket.said,
    departments: departments.said,
    contacts: await askContacts(wire, wecom),
    attendance: attendance.said,
    clockAheadMs,
  }
}

/** The secret of the contacts has a token of its own, and one API that only it may ask. */
async function askContacts(wire: Wire, wecom: Wecom): Promise<Said | null> {
  if (!wecom.contactsSecret) return null
  const query = { corpid: wecom.corpId, corpsecret: wecom.contactsSecret }
  const { said, token } = await ask(wire, '/cgi-bin/gettoken', query)
  if (!token) return said
  const list = { access_token: token }
  return (await ask(wire, '/cgi-bin/user/list_id', list, { cursor: '', limit: 1 })).said
}

interface Heard {
  said: Said
  token: string | null
  body: Body | null
  date: number | null // of WeCom's clock, epoch ms, whole seconds
}

async function ask(
  wire: Wire,
  api: string,
  query: Record<string, string>,
  body?: object,
): Promise<Heard> {
  try {
    const response = await send(wire, { api, query, body }, TIMEOUT_MS)
    const date = Date.parse(response.headers.get('date') ?? '')
    const answer = response.ok ? bodyOf(api, await response.text()) : null
    return {
      said: answer
        ? { errcode: answer.errcode, ip: ipIn(textAt(answer, 'errmsg') ?? '') }
        : { reason: `HTTP ${response.status}` },
      token: textAt(answer, 'access_token') ?? null,
      body: answer,
      date: Number.isNaN(date) ? null : date,
    }
  } catch (error) {
    const reason = told(error)?.reason ?? 'connection'
    return { said: { reason }, token: null, body: null, date: null }
  }
}

/** The address from which WeCom saw us call: it names it when it refuses it (60020). */
export const ipIn = (errmsg: string): string | undefined =>
  /from ip: ([0-9a-f.:]{2,45})\b/i.exec(errmsg)?.[1]

function textAt(body: Body | null, name: string): string | undefined {
  const value = body?.[name]
  return typeof value === 'string' ? value : undefined
}

async function get(given: Probing, path: string): Promise<{ status: number; text: string } | null> {
  const url = given.config.publicUrl + path
  try {
    const response = await (given.fetch ?? fetch)(url, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    })
    return { status: response.status, text: await response.text() }
  } catch {
    return null // told as a broken line
  }
}

async function reachOf(given: Probing): Promise<NonNullable<Evidence['publicUrl']>['reach']> {
  const answer = await get(given, '/healthz')
  if (!answer) return 'connection'
  if (answer.status !== 200) return `HTTP ${answer.status}`
  return answer.text.replaceAll(/\s/g, '') === '{"ok":true}' ? 'ok' : 'other'
}

/** Calls our own address as WeCom does when its settings are saved. */
async function proofOf(
  given: Probing,
  door: string,
  keys: CallbackKeys & { corpId: string },
): Promise<CallbackProof> {
  const echo = randomBytes(8).readBigUInt64BE().toString()
  const timestamp = String(Math.floor(given.clock.now() / 1000))
  const nonce = randomBytes(8).toString('hex')
  const encrypt = sealed(keys, echo)
  if (!encrypt) return 'other'
  const msg_signature = messageSignature(keys.token, { timestamp, nonce, encrypt })
  const query = new URLSearchParams({ msg_signature, timestamp, nonce, echostr: encrypt })
  const answer = await get(given, `/wecom/callback/${door}?${query}`)
  if (!answer) return 'connection'
  if (answer.status !== 200) return `HTTP ${answer.status}`
  return answer.text === echo ? 'ok' : 'other'
}

/** As WeCom seals: random bytes, length, message, receiver, padded to 32 (path/91144). */
function sealed({ aesKey, corpId }: CallbackKeys & { corpId: string }, message: string) {
  const key = aesKeyOf(aesKey)
  if (!key) return null
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(message))
  const plain = Buffer.concat([randomBytes(16), length, Buffer.from(message + corpId)])
  const count = 32 - (plain.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(count, count)])),
    cipher.final(),
  ]).toString('base64')
}

const COUNTED = /^zuji_wecom_callbacks_total\{door="(app|contacts)",outcome="(\w+)"\} (\d+)$/gm

/** What the running server counted of callbacks, before the doctor adds its own. */
async function callbackCounts(given: Probing): Promise<Record<'app' | 'contacts', CallbackCounts>> {
  const answer = await get(given, '/metrics')
  if (answer?.status !== 200) return { app: null, contacts: null }
  const counts = [...answer.text.matchAll(COUNTED)].map(([, door, outcome = '', count]) => ({
    ...{ door, outcome, count: Number(count) },
  }))
  const of = (door: string) =>
    Object.fromEntries(
      counts.filter((each) => each.door === door).map(({ outcome, count }) => [outcome, count]),
    )
  return { app: of('app'), contacts: of('contacts') }
}
