import { createCipheriv } from 'node:crypto'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createNonces } from '../../backend/wecom/callback/nonces.ts'
import { createRuns } from '../../backend/wecom/callback/runs.ts'
import { requestOf } from '../../fixtures/wecom-sim/callbacks/index.ts'
import { messageXml } from '../../fixtures/wecom-sim/callbacks/xml.ts'
import { AGENT, click, CORP, openStage, position, type Stage } from './callbackStage.ts'
import { MINUTE, NOW } from './company.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.company.close())
beforeEach(() => stage.reset())

const MEGABYTE = 1_000_000
const xml = () => messageXml(position(), CORP, AGENT)
const BOMB = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at} "${'&a;'.repeat(10)}">`).join('')}]>`

interface Request {
  query: string
  body: string
}

/** Sealed with the right key, but padded as `pad` says. */
function misPadded(pad: number[]): Request {
  const key = Buffer.from(`${stage.keys.app.aesKey}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const plain = Buffer.concat([Buffer.alloc(32 - pad.length, 1), Buffer.from(pad)])
  const encrypt = Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
  return stage.sealed('', { encrypt })
}

const signedXml = (text: string) => stage.sealed(text)
const replaced = (request: Request, from: string | RegExp, to: string): Request => ({
  query: request.query.replace(from, to),
  body: request.body,
})
const wrapped = (before: string, after = ''): Request => {
  const request = stage.sealed(xml())
  return { query: request.query, body: `${before}${request.body}${after}` }
}
const twisted = (twists: Parameters<typeof requestOf>[2]) =>
  requestOf(stage.options, position(), twists)

const REFUSED: [name: string, reason: string, make: () => Request][] = [
  ['no query', 'query', () => ({ query: '', body: stage.sealed(xml()).body })],
  [
    'a nonce of 129 letters',
    'query',
    () => replaced(stage.sealed(xml()), /nonce=[^&]*/, `nonce=${'n'.repeat(129)}`),
  ],
  [
    'two signatures',
    'query',
    () => replaced(stage.sealed(xml()), /^/, `msg_signature=${'0'.repeat(40)}&`),
  ],
  [
    'a signature in capitals',
    'query',
    () => replaced(stage.sealed(xml()), /signature=\w*/, `signature=${'A'.repeat(40)}`),
  ],
  [
    'a time that is none',
    'query',
    () => replaced(stage.sealed(xml()), /timestamp=/, 'timestamp=-'),
  ],
  ['a time of eleven minutes ago', 'timestamp', () => twisted({ ageMs: 11 * MINUTE })],
  ['a time in eleven minutes', 'timestamp', () => twisted({ ageMs: -11 * MINUTE })],
  ['a wrong signature', 'signature', () => twisted({ signature: 'wrong' })],
  [
    'another time than the signed one',
    'signature',
    () => replaced(stage.sealed(xml()), /timestamp=\d+/, `timestamp=${NOW / 1000 - 1}`),
  ],
  [
    'another ciphertext than the signed one',
    'signature',
    () => ({ query: stage.sealed(xml()).query, body: stage.sealed('<xml/>').body }),
  ],
  ['no body', 'body', () => ({ query: stage.sealed(xml()).query, body: '' })],
  [
    'a body of another kind',
    'body',
    () => ({ query: stage.sealed(xml()).query, body: '{"encrypt":"x"}' }),
  ],
  ['an envelope with a DOCTYPE', 'body', () => wrapped('<!DOCTYPE xml>')],
  ['an envelope that is a bomb', 'body', () => wrapped(BOMB)],
  ['an envelope with a tail', 'body', () => wrapped('', '<more/>')],
  ['an envelope of a thousand tags', 'body', () => wrapped('<a/>'.repeat(1_000))],
  [
    'an envelope inside another text',
    'body',
    () => {
      const { query, encrypt } = stage.sealed(xml())
      return { query, body: `<xml><a><![CDATA[<Encrypt>${encrypt}</Encrypt>]]></a></xml>` }
    },
  ],
  ['an envelope one level down', 'body', () => wrapped('<xml>', '<b/></xml>')],
  ['a ciphertext that is no base64', 'base64', () => stage.sealed('', { encrypt: 'not base64!' })],
  [
    'half a block',
    'block',
    () => stage.sealed('', { encrypt: Buffer.alloc(16).toString('base64') }),
  ],
  ['padding of nothing', 'padding', () => misPadded([0])],
  ['padding of different bytes', 'padding', () => misPadded([3, 2, 3])],
  ['padding of 33', 'padding', () => misPadded(Array<number>(31).fill(33))],
  ['a length beyond the end', 'length', () => misPadded([1])],
  ['another receiver', 'receive_id', () => twisted({ receiveId: 'ww0000000000000002' })],
  ['no receiver', 'receive_id', () => stage.sealed(xml(), { receiveId: '' })],
  [
    'a receiver that begins with ours',
    'receive_id',
    () => stage.sealed(xml(), { receiveId: `${CORP}x` }),
  ],
  ['a bomb inside', 'xml', () => signedXml(`${BOMB}${xml().replace('23.', '&a8;')}`)],
  ['a DOCTYPE inside', 'xml', () => signedXml(`<!DOCTYPE xml>${xml()}`)],
  [
    'a file inside',
    'xml',
    () => signedXml(`<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml>&f;</xml>`),
  ],
  ['no XML inside', 'xml', () => signedXml('hello')],
  ['XML without a sender', 'xml', () => signedXml('<xml><MsgType>event</MsgType></xml>')],
]

describe('refused, without a word of why', () => {
  it.each(REFUSED)('%s: %s', async (_name, reason, make) => {
    const before = await counted(reason)
    const { query, body } = make()
    const answer = await stage.post(`app?${query}`, body)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toEqual({
      error: { code: 'not_allowed', message: 'this callback is refused' },
    })
    expect(await counted(reason)).toBe(before + 1)
    expect(await stage.rows()).toEqual([])
    expectNoSecret()
  })

  it('what came before, with the same nonce', async () => {
    const { query, body } = requestOf(stage.options, click('once'))
    const statuses = [
      await stage.post(`app?${query}`, body),
      await stage.post(`app?${query}`, body),
    ]
    expect(statuses.map(({ status }) => status)).toEqual([200, 403])
    expect(await stage.rows()).toHaveLength(1)
    expectNoSecret()
  })

  it('what came before, whatever stands in its body now: it is not read', async () => {
    const { query, body } = requestOf(stage.options, click('twice'))
    expect((await stage.post(`app?${query}`, body)).status).toBe(200)
    const before = await counted('replayed')
    expect((await stage.post(`app?${query}`, 'no envelope')).status).toBe(403)
    expect(await counted('replayed')).toBe(before + 1)
  })

  it.each([
    ['2 MB', () => 'x'.repeat(2 * MEGABYTE), {}],
    ['2 MB in a ciphertext', () => `<xml><Encrypt>${'A'.repeat(2 * MEGABYTE)}</Encrypt></xml>`, {}],
    ['a packed bomb', () => gzipSync('x'.repeat(20 * MEGABYTE)), { 'content-encoding': 'gzip' }],
  ])('a body of %s: 413', async (_name, body, headers) => {
    const { query } = stage.sealed(xml())
    const url = `${stage.company.url}/wecom/callback/app?${query}`
    const content = body()
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body: typeof content === 'string' ? content : new Uint8Array(content),
    })
    expect(answer.status).toBe(413)
    expectNoSecret()
  })

  const SHAPES: [name: string, piece: string][] = [
    ['deep tags', '<a>'],
    ['many tags', '<a/>'],
    ['open brackets', '<'],
    ['open CDATA', '<![CDATA['],
    ['ampersands', '&'],
    ['attributes', '<a b="c" '],
    ['open envelopes', '<Encrypt>'],
    ['closed envelopes', '<Encrypt></Encrypt>'],
    ['brackets in CDATA', '<Encrypt><![CDATA[]]'],
    ['a long ciphertext', 'A'],
  ]
  const filled = (piece: string, bytes: number) =>
    `<xml><Encrypt>${piece.repeat((bytes - 40) / piece.length)}</Encrypt></xml>`

  it.each(SHAPES)('as much of %s as fits, by a stranger', async (_name, piece) => {
    const { query } = stage.sealed(xml())
    expect((await stage.post(`app?${query}`, filled(piece, 128_000))).status).toBe(403)
    expect(await stage.rows()).toEqual([])
  })

  it.each(SHAPES)('a megabyte of %s, unread', async (_name, piece) => {
    const { query } = stage.sealed(xml())
    expect((await stage.post(`app?${query}`, filled(piece, MEGABYTE))).status).toBe(413)
    expect(await stage.rows()).toEqual([])
  })

  it('a megabyte that does not say its length is cut off', async () => {
    const { query } = stage.sealed(xml())
    const url = `${stage.company.url}/wecom/callback/app?${query}`
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(url, { method: 'POST' }, (answer) => resolve(answer.statusCode ?? 0))
      sent.on('error', reject)
      for (let part = 0; part < 10; part++) sent.write('A'.repeat(MEGABYTE / 10))
      sent.end()
    })
    expect(status).toBe(413)
  })

  it('and logged once a minute for each reason, however often strangers try', async () => {
    stage.company.clock.at += 5 * MINUTE
    const stranger = () => stage.once(position(), { signature: 'wrong' })
    for (let tries = 0; tries < 5; tries++) expect(await stranger()).toBe(403)
    expect(stage.logged.filter((line) => line.includes('"signature"'))).toHaveLength(1)
    stage.company.clock.at += MINUTE
    await stranger()
    expect(stage.logged.filter((line) => line.includes('"signature"'))).toHaveLength(2)
    expect(stage.logged.join()).toContain('-40001')
  })
})

const counted = (outcome: string) =>
  stage.count('zuji_wecom_callbacks_total', { door: 'app', outcome })

function expectNoSecret() {
  const log = stage.logged.join('\n')
  const { app, contacts } = stage.keys
  for (const secret of [app.token, app.aesKey, contacts.token, contacts.aesKey, '22.54', '114.06'])
    expect(log).not.toContain(secret)
}

describe('used nonces', () => {
  const clock = { at: 0, now: () => clock.at }
  beforeEach(() => {
    clock.at = 0
  })

  it('are refused for twenty minutes, given back ones are not', () => {
    const nonces = createNonces(clock)
    expect([nonces.take('a'), nonces.take('a'), nonces.take('b')]).toEqual([true, false, true])
    nonces.giveBack('b')
    expect(nonces.take('b')).toBe(true)
    clock.at = 20 * MINUTE - 1
    expect(nonces.take('a')).toBe(false)
    clock.at = 20 * MINUTE
    expect(nonces.take('a')).toBe(true)
  })

  it('are remembered in a bounded number, the youngest of them', () => {
    const nonces = createNonces(clock)
    for (let count = 0; count < 100_010; count++) nonces.take(String(count))
    expect(nonces.take('0')).toBe(true)
    expect(nonces.take('100009')).toBe(false)
  })
})

describe('rounds', () => {
  it('are run by one at a time; a wish during the last one makes another', async () => {
    let [rounds, inside, most] = [0, 0, 0]
    const runs = createRuns(async () => {
      most = Math.max(most, ++inside)
      await Promise.resolve()
      inside--
      rounds++
      if (rounds === 1) void runs.run()
      return rounds === 2
    })
    await Promise.all([runs.run(), runs.run()])
    expect([rounds, most]).toEqual([3, 1])
  })

  it('reject as the round does, and run again afterwards; none begins after the stop', async () => {
    let rounds = 0
    const runs = createRuns(async () => {
      if (++rounds === 1) throw new Error('away')
      return false
    })
    await expect(runs.run()).rejects.toThrow('away')
    await runs.run()
    await runs.stop()
    await runs.run()
    expect(rounds).toBe(2)
  })
})
