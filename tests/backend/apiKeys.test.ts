import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { io } from 'socket.io-client'
import { ApiKeys, MadeApiKey } from '../../backend/contract/apiKeys.ts'
import { sql } from '../../backend/core/sql.ts'
import { openSession } from '../../backend/people/index.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'
import { NOW, seedCompany } from './company.ts'

const [ORG, OTHER] = ['o1', 'o2']
const AT = '/api/v1/api-keys'
const DAY_MS = 86_400_000

let server: WholeServer
const tokens = new Map<string, string>()
beforeAll(async () => {
  server = await openWholeServer(ORG, NOW, { answersOnly: true })
  for (const orgId of [ORG, OTHER]) await seedCompany(server.db, { orgId })
  for (const who of ['admin', 'hr', 'rep1'])
    tokens.set(who, await openSession(server.db, { orgId: ORG, personId: who, kind: 'token' }, NOW))
})
afterAll(() => server.close())

interface Question {
  as?: string // a token or key
  cookie?: string
  body?: object
}

async function ask(method: string, path: string, { as, cookie, body }: Question = {}) {
  const headers = {
    ...(as && { authorization: `Bearer ${as}` }),
    ...(cookie && { cookie: `zuji_session=${cookie}` }),
  }
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
  const reply = await fetch(server.url + path, init)
  const text = await reply.text()
  return { status: reply.status, text }
}

const tokenOf = (who: string) => tokens.get(who) ?? ''

async function make(scopes: string[], more: object = {}) {
  const body = { name: '数据仓库', scopes, ...more }
  const { status, text } = await ask('POST', AT, { as: tokenOf('admin'), body })
  expect(status).toBe(200)
  return MadeApiKey.parse(JSON.parse(text))
}

const listed = async () =>
  ApiKeys.parse(JSON.parse((await ask('GET', AT, { as: tokenOf('admin') })).text)).keys

describe('the routes', () => {
  const ROUTES = [
    ['GET', AT, undefined],
    ['POST', AT, { name: 'k', scopes: ['customers:read'] }],
    ['POST', `${AT}/${uuid()}/revoke`, {}],
  ] as const

  it('refuse the signed out, everybody who is no admin, and keys', async () => {
    const { key } = await make(['customers:read', 'exports:read'])
    for (const [method, path, body] of ROUTES) {
      const question = body ? { body } : {}
      expect((await ask(method, path, question)).status).toBe(401)
      for (const as of [tokenOf('hr'), tokenOf('rep1'), key])
        expect((await ask(method, path, { ...question, as })).status).toBe(403)
    }
  })

  it('refuse bad input, and know no key that is not there', async () => {
    const as = tokenOf('admin')
    for (const body of [
      {},
      { name: '', scopes: ['customers:read'] },
      { name: 'k', scopes: [] },
      { name: 'k', scopes: ['everything'] },
      { name: 'k', scopes: ['customers:read'], days: 0 },
    ])
      expect((await ask('POST', AT, { as, body })).status).toBe(422)
    expect((await ask('POST', `${AT}/x/revoke`, { as, body: {} })).status).toBe(422)
    expect((await ask('POST', `${AT}/${uuid()}/revoke`, { as, body: {} })).status).toBe(404)
  })
})

describe('a key', () => {
  it('is told once and kept as a hash', async () => {
    const { id, key } = await make(['customers:read', 'customers:read'])
    expect(key).toMatch(/^zuji_[\w-]{43}$/)
    const [known] = (await listed()).filter((each) => each.id === id)
    expect(known).toMatchObject({ tail: key.slice(-4), scopes: ['customers:read'], usedAt: null })
    const rows = await server.db.many(sql`select * from api_keys`)
    expect(JSON.stringify(rows)).not.toContain(key)
  })

  it('reads what its scopes name and nothing else, and tells when it was used', async () => {
    const { id, key } = await make(['customers:read'])
    expect((await ask('GET', '/api/v1/customers', { as: key })).status).toBe(200)
    for (const path of ['/api/v1/me', '/api/v1/people', '/api/v1/attendance/months/2026-11'])
      expect((await ask('GET', path, { as: key })).status).toBe(403)
    expect((await listed()).find((each) => each.id === id)?.usedAt).toBe(NOW)
  })

  it('is nobody as a cookie, at a socket and to trackers', async () => {
    const { key } = await make(['customers:read', 'fixes:write'])
    expect((await ask('GET', '/api/v1/customers', { cookie: key })).status).toBe(401)
    const body = { _type: 'location', lat: 31, lon: 121, tst: NOW / 1000 }
    expect((await ask('POST', '/ingest/owntracks', { as: key, body })).status).toBe(401)
    const socket = io(`${server.url}/live`, { auth: { token: key }, transports: ['websocket'] })
    const heard = await new Promise((resolve) => {
      socket.on('connect', () => resolve('connected'))
      socket.on('connect_error', () => resolve('refused'))
    })
    socket.close()
    expect(heard).toBe('refused')
  })

  it('is refused when it is taken back or over', async () => {
    const short = await make(['customers:read'], { days: 1 })
    const taken = await make(['customers:read'])
    const see = async (as: string) => (await ask('GET', '/api/v1/customers', { as })).status
    expect([await see(short.key), await see(taken.key)]).toEqual([200, 200])
    const path = `${AT}/${taken.id}/revoke`
    expect((await ask('POST', path, { as: tokenOf('admin'), body: {} })).status).toBe(200)
    expect(await see(taken.key)).toBe(401)
    server.clock.at = NOW + DAY_MS
    expect(await see(short.key)).toBe(401)
    server.clock.at = NOW
  })

  it('sees its own company alone', async () => {
    await server.db.run(sql`
      insert into customers (org_id, id, name, name_key, search_key)
      values (${OTHER}, ${uuid()}::uuid, '别家的', '', ''), (${ORG}, ${uuid()}::uuid, '自家的', '', '')`)
    const { key } = await make(['customers:read'])
    const { text } = await ask('GET', '/api/v1/customers', { as: key })
    expect(text).toContain('自家的')
    expect(text).not.toContain('别家的')
  })

  it('asks a hundred times in ten seconds, whatever others ask', async () => {
    const [busy, calm] = [await make(['customers:read']), await make(['customers:read'])]
    const one = () => ask('GET', '/api/v1/customers?limit=1', { as: busy.key })
    const answers = await Promise.all(Array.from({ length: 101 }, one))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1)
    expect((await ask('GET', '/api/v1/customers', { as: calm.key })).status).toBe(200)
  })

  it('reports positions of the person that it names', async () => {
    const { key } = await make(['fixes:write'])
    await giveConsent(server.db, ORG, 'rep1', NOW - DAY_MS)
    const body = { sentAt: NOW, fixes: [{ id: uuid(), at: NOW, lng: 121, lat: 31, accuracy: 10 }] }
    expect((await ask('POST', '/api/v1/fixes', { as: key, body })).status).toBe(422)
    const sent = await ask('POST', '/api/v1/fixes?personId=rep1', { as: key, body })
    expect(sent.text).toContain('"accepted":1')
    const other = await ask('POST', '/api/v1/fixes?personId=rep2', { as: tokenOf('rep1'), body })
    expect(other.status).toBe(403)
  })

  it('leaves its name with everybody whom it read of', async () => {
    const { key } = await make(['attendance:read', 'checkins:read', 'exports:read'])
    const dates = 'from=2026-11-01&to=2026-11-23&personId=rep1'
    expect((await ask('GET', `/api/v1/checkins?${dates}`, { as: key })).status).toBe(200)
    const log = async (who: string) =>
      (await ask('GET', '/api/v1/access-log/me', { as: tokenOf(who) })).text
    expect(await log('rep1')).toContain('"viewer":"数据仓库"')
    expect(await log('hr')).not.toContain('数据仓库')
    expect((await ask('GET', '/api/v1/attendance/months/2026-11.csv', { as: key })).status).toBe(
      200,
    )
    expect(await log('hr')).toContain('"what":"program"')
  })
})
