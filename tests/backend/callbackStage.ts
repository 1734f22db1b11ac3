import { pino } from 'pino'
import { expect } from 'vitest'
import type { Database } from '../../backend/core/db.ts'
import type { Kit } from '../../backend/core/kit.ts'
import { sql } from '../../backend/core/sql.ts'
import { createFixes } from '../../backend/fixes/index.ts'
import { hearPositions } from '../../backend/hearing.ts'
import { loadDuty } from '../../backend/people/index.ts'
import { giveConsent, loadConsent } from '../../backend/privacy/index.ts'
import { createCallbacks, type Callbacks } from '../../backend/wecom/index.ts'
import {
  createSimCallbacks,
  requestOf,
  type Twists,
} from '../../fixtures/wecom-sim/callbacks/index.ts'
import { clicked, locationEvent, type SimMessage } from '../../fixtures/wecom-sim/callbacks/xml.ts'
import { encrypt, randomKeys, signatureOf } from '../../fixtures/wecom-sim/callbacks/crypto.ts'
import { createDirectory } from '../../fixtures/wecom-sim/directory/index.ts'
import { DUTY, MINUTE, NOW, openCompany, ORG } from './company.ts'

export const CORP = 'ww0000000000000001'
export const AGENT = '1000002'

export const HERE = { lng: 114.06, lat: 22.54 }
export const rep1 = { from: 'rep1', at: NOW - MINUTE }
export const position = (change = {}) =>
  locationEvent({ ...rep1, ...HERE, precision: 65, ...change })
export const click = (key: string, at = rep1.at) => clicked({ from: 'rep1', at, key })

export type Stage = Awaited<ReturnType<typeof openStage>>

/** The company, its fixes and its callbacks behind HTTP, and a WeCom that calls them. rep1 consented. */
export async function openStage() {
  const keys = { app: randomKeys(), contacts: randomKeys() }
  const settings = { orgId: ORG, corpId: CORP, keys }
  const rooms: { callbacks?: Callbacks; kit?: Kit } = {}
  const logged: string[] = []
  const state: State = { away: false, lost: false, trouble: null, slow: null }
  const heard: Told[] = []
  const company = await openCompany((kit, identify) => {
    const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
    const fixes = createFixes(kit, { duty: loadDuty, consent: loadConsent, identify })
    rooms.kit = { ...kit, log, db: unsteady(kit.db, state) }
    rooms.callbacks = createCallbacks(rooms.kit, settings)
    hearPositions(kit, rooms.callbacks, fixes)
    listen(rooms.callbacks, heard, state)
    return [fixes, rooms.callbacks]
  })
  const { callbacks, kit } = rooms
  if (!callbacks || !kit) throw new Error('the rooms are not there')
  await giveConsent(company.db, ORG, 'rep1', DUTY.from)
  const options = { corpId: CORP, agentId: AGENT, keys, clock: company.clock, origin: company.url }
  const waits: number[] = []
  const wait = (ms: number) => Promise.resolve(void waits.push(ms))
  const sim = createSimCallbacks({ ...options, wait }, createDirectory([], []))
  const post = (path: string, body: string) =>
    fetch(`${company.url}/wecom/callback/${path}`, { method: 'POST', body })
  const once = async (message: SimMessage, twists: Twists = {}) => {
    const { query, body } = requestOf(options, message, twists)
    return (await post(`${message.door}?${query}`, body)).status
  }
  return {
    company,
    callbacks,
    kit,
    settings,
    options,
    keys,
    sim,
    waits,
    logged,
    state,
    heard,
    post,
    /** One request, not repeated. */
    once,
    /** One request each, answered with 200 and handed over. */
    async deliver(...messages: SimMessage[]) {
      for (const message of messages) expect(await once(message)).toBe(200)
      await callbacks.settled()
    },
    async reset() {
      await callbacks.settled()
      company.clock.at = NOW
      Object.assign(state, { away: false, lost: false, trouble: null, slow: null })
      for (const list of [heard, logged, waits]) list.length = 0
      await company.db.run(sql`delete from wecom_events where org_id = ${ORG}`)
      await company.db.run(sql`delete from fixes where org_id = ${ORG}`)
    },
    /** Query and body that carry any text, sealed and signed as it should be. */
    sealed: (text: string, more: { encrypt?: string; receiveId?: string } = {}) =>
      sealedRequest(keys.app, company.clock.now(), text, more),
    rows: () => eventRows(company.db),
    fixes: () => fixRows(company.db),
    async count(name: string, labels: Record<string, string>) {
      const metric = await kit.metrics.registry.getSingleMetric(name)?.get()
      const value = metric?.values.find(({ labels: those }) =>
        Object.entries(labels).every(([label, word]) => those[label] === word),
      )
      return value?.value ?? 0
    },
  }
}

interface State {
  away: boolean // the database, for who writes
  lost: boolean // and for who reads
  trouble: (() => void) | null // of who listens
  slow: Promise<void> | null // what changes of contacts wait for
}

interface Told {
  kind: string
  heard: unknown
  id: string
}

const KINDS = [
  'click',
  'enter_agent',
  'subscribe',
  'template_card_event',
  'change_contact',
  'sys_approval_change',
] as const

function listen(callbacks: Callbacks, list: Told[], state: State) {
  for (const kind of KINDS)
    callbacks.on(kind, async (heard, { id }) => {
      state.trouble?.()
      list.push({ kind, heard, id })
      if (kind === 'change_contact') await state.slow
    })
}

/** A database that can be away. */
function unsteady(db: Database, state: State): Database {
  const run: Database['run'] = (query) =>
    state.away ? Promise.reject(new Error('connect ECONNREFUSED')) : db.run(query)
  const many: Database['many'] = (query) =>
    state.lost ? Promise.reject(new Error('connect ECONNREFUSED')) : db.many(query)
  return { ...db, run, many }
}

let counted = 0

function sealedRequest(
  { token, aesKey }: { token: string; aesKey: string },
  now: number,
  message: string,
  more: { encrypt?: string; receiveId?: string },
) {
  const random = Buffer.alloc(16, 7)
  const sealed = encrypt(aesKey, { message, receiveId: more.receiveId ?? CORP, random })
  const parts = {
    timestamp: String(Math.floor(now / 1000)),
    nonce: `n${counted++}`,
    encrypt: more.encrypt ?? sealed,
  }
  const { timestamp, nonce } = parts
  const query = new URLSearchParams({
    msg_signature: signatureOf(token, parts),
    timestamp,
    nonce,
  }).toString()
  return { query, encrypt: parts.encrypt, body: `<xml><Encrypt>${parts.encrypt}</Encrypt></xml>` }
}

interface EventRow {
  id: string
  door: string
  name: string
  body: string | null
  dueAt: number | null
  attempts: number
  outcome: string | null
}

const eventRows = (db: Database) =>
  db.many<EventRow>(sql`
    select id, door, name, body, due_at as "dueAt", attempts, outcome
    from wecom_events where org_id = ${ORG} order by told_at, name`)

interface FixRow {
  id: string
  personId: string
  at: number
  lng: number
  lat: number
  rawLng: number
  rawLat: number
  datum: string
  accuracy: number | null
  source: string
}

const fixRows = (db: Database) =>
  db.many<FixRow>(sql`
    select id, person_id as "personId", at, st_x(point) as lng, st_y(point) as lat,
      raw_lng as "rawLng", raw_lat as "rawLat", datum, accuracy, source
    from fixes where org_id = ${ORG} order by at`)
