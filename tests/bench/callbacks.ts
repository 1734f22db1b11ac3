import { fork, type ChildProcess } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { z } from 'zod'
import { encrypt, signatureOf } from '../../fixtures/wecom-sim/callbacks/crypto.ts'
import { bundled, heard } from './serverProcess.ts'

const CORP = 'ww0000000000000001'
const TIMES = 40 // of each kind, after five that warm up
const MOST = 127_000 // bytes that are read
const BAR_MS = 50

/**
 * What a stranger may send to a callback address, and what the refusal costs, one after the other: of the server's
 * processor, in the server from the head of the request to its answer, and for who sends it. Nothing of it reaches the database: there is none.
 */
export async function run(): Promise<Record<string, unknown>> {
  const server = fork(await bundled('callbacksServer'), [], { execArgv: [] })
  server.setMaxListeners(0) // each question waits for the end, too
  const { url, keys } = await heard(server, Ready)
  const result: Record<string, unknown> = {}
  const worst = { cpu: 0, median: 0, inside: 0, most: 0 }
  for (const [name, attack] of attacks(keys)) {
    const { cpu, median, inside, most, statuses } = await timed({ server, url }, attack)
    result[name] =
      `${statuses}: ${cpu} ms of the processor; ${median} ms, at most ${most} ms of the clock, ${inside} of them inside`
    worst.cpu = Math.max(worst.cpu, cpu)
    worst.inside = Math.max(worst.inside, inside)
    worst.median = Math.max(worst.median, median)
    worst.most = Math.max(worst.most, most)
  }
  server.kill()
  return { ...result, worst, barMs: BAR_MS }
}

const Ready = z.object({
  url: z.string(),
  keys: z.object({ token: z.string(), aesKey: z.string() }),
})
type Keys = z.infer<typeof Ready>['keys']

/** Milliseconds of the processor that the server has used, and its slowest answer since it was asked last. */
async function usedBy(server: ChildProcess) {
  server.send('used')
  return heard(server, z.object({ cpu: z.number(), slowest: z.number() }))
}

interface Attack {
  query: () => string
  body: Buffer
}

async function timed(
  { server, url }: { server: ChildProcess; url: string },
  { query, body }: Attack,
) {
  let before = 0
  const taken: number[] = []
  const statuses = new Set<number>()
  for (let time = -5; time < TIMES; time++) {
    if (time === 0) before = (await usedBy(server)).cpu
    const target = `${url}?${query()}`
    const from = performance.now()
    const { status } = await fetch(target, { method: 'POST', body: new Uint8Array(body) })
    if (time >= 0) taken.push(performance.now() - from)
    statuses.add(status)
  }
  if ([...statuses].some((status) => status !== 403 && status !== 413))
    throw new Error(`not refused: ${[...statuses].join()}`)
  const sorted = taken.sort((a, b) => a - b)
  const tenth = (ms: number) => Math.round(ms * 10) / 10
  const median = tenth(sorted[Math.floor(TIMES / 2)] ?? NaN)
  const { cpu: after, slowest } = await usedBy(server)
  const cpu = tenth((after - before) / TIMES)
  return {
    cpu,
    median,
    inside: tenth(slowest),
    most: tenth(sorted.at(-1) ?? NaN),
    statuses: [...statuses].join(),
  }
}

/** Signed by a stranger unless it says otherwise. */
function attacks({ token, aesKey }: Keys): [name: string, attack: Attack][] {
  let nonce = 0
  const random = Buffer.alloc(16, 7)
  const queryOf = (encrypted: string, secret: string) => () => {
    const parts = { timestamp: String(Math.floor(Date.now() / 1000)), nonce: `n${nonce++}` }
    const signature = signatureOf(secret, { ...parts, encrypt: encrypted })
    return new URLSearchParams({ msg_signature: signature, ...parts }).toString()
  }
  const envelope = (inner: string) => Buffer.from(`<xml><Encrypt>${inner}</Encrypt></xml>`)
  const filled = (piece: string, bytes: number): Attack => ({
    query: queryOf('x', 'another'),
    body: envelope(piece.repeat(bytes / piece.length)),
  })
  const sealed = (message: string, receiveId = CORP): Attack => {
    const inner = encrypt(aesKey, { message, receiveId, random })
    return { query: queryOf(inner, token), body: envelope(inner) }
  }
  const signed = (inner: string): Attack => ({
    query: queryOf(inner, token),
    body: envelope(inner),
  })
  const bomb = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(100)}">]><xml>${'&a;'.repeat(25_000)}</xml>`
  const shapes = ['<a>', '<a/>', '<', '<![CDATA[', '&', '<a b="c" ', '<Encrypt>', 'A']
  return [
    ...shapes.map((piece): [string, Attack] => [`128 kB of ${piece}`, filled(piece, MOST)]),
    ...shapes.map((piece): [string, Attack] => [`1 MB of ${piece}`, filled(piece, 1_000_000)]),
    ['2 MB', filled('A', 2_000_000)],
    ['an XML bomb, sealed', sealed(bomb)],
    ['a DOCTYPE, sealed', sealed('<!DOCTYPE xml><xml/>')],
    ['90 kB of tags, sealed', sealed('<a>'.repeat(30_000))],
    ['as many tags as are read, sealed', sealed(`<xml>${'<a/>'.repeat(2_990)}</xml>`)],
    ['another receiver', sealed('<xml/>', 'ww0000000000000002')],
    ['bad padding', signed(Buffer.alloc(64, 1).toString('base64'))],
    ['127 kB of bad padding', signed('A'.repeat(126_976))],
  ]
}
