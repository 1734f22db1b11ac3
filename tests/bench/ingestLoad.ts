// The load generator as its own process: keep-alive sockets, one request under way on each.
import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { z } from 'zod'

export const Load = z.object({
  port: z.number(),
  connections: z.number(),
  fixesPerRequest: z.number(),
  seconds: z.number(),
  warmUpSeconds: z.number(),
  tokens: z.array(z.string()), // a phone each; a connection takes them by turns
})
export type Load = z.infer<typeof Load>

export const LoadResult = z.object({
  requests: z.number(),
  fixesPerSecond: z.number(),
  requestsPerSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  failed: z.number(), // requests not answered 200 with every fix accepted
})
export type LoadResult = z.infer<typeof LoadResult>

process.on('message', (message) => {
  void runLoad(Load.parse(message)).then((result) => process.send?.(result))
})

const ID = '00000000-0000-4000-8000-000000000000'

async function runLoad(load: Load): Promise<LoadResult> {
  const tally = { from: Infinity, until: Infinity, took: new Array<number>(), failed: 0 }
  const lanes = Array.from({ length: load.connections }, (_, lane) => openLane(load, lane, tally))
  const begin = performance.now()
  tally.from = begin + load.warmUpSeconds * 1000
  tally.until = tally.from + load.seconds * 1000
  await Promise.all(lanes.map((lane) => lane.run()))
  const sorted = Float64Array.from(tally.took).sort()
  const quantile = (share: number) =>
    Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10
  const perSecond = sorted.length / load.seconds
  return {
    requests: sorted.length,
    fixesPerSecond: Math.round(perSecond * load.fixesPerRequest),
    requestsPerSecond: Math.round(perSecond),
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    failed: tally.failed,
  }
}

interface Tally {
  from: number
  until: number
  took: number[]
  failed: number
}

/** One socket that sends the next request when the last one is answered. */
function openLane(load: Load, lane: number, tally: Tally) {
  const phones = load.tokens.filter((_, index) => index % load.connections === lane)
  const requests = phones.map((token, index) => preparedRequest(load, token, lane * 31 + index))
  const expected = Buffer.from(`"accepted":${load.fixesPerRequest},`)
  const socket = connect(load.port, '127.0.0.1').setNoDelay(true)
  return {
    run: () =>
      new Promise<void>((resolve, reject) => {
        let turn = 0
        let sent = 0
        const next = () => {
          sent = performance.now()
          if (sent >= tally.until) return void socket.end(resolve)
          requests[turn++ % requests.length]?.(socket)
        }
        socket.on('error', reject)
        socket.on('connect', next)
        onAnswers(socket, (answer) => {
          const now = performance.now()
          const good = answer.includes('HTTP/1.1 200') && answer.includes(expected)
          if (!good && tally.failed++ === 0) console.error(answer.toString().slice(0, 600))
          if (sent >= tally.from && now < tally.until && good) tally.took.push(now - sent)
          next()
        })
      }),
  }
}

/** Calls back once for each whole response. */
function onAnswers(socket: Socket, heard: (answer: Buffer) => void) {
  let kept: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
    const head = kept.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = /content-length: (\d+)/i.exec(kept.toString('latin1', 0, head))?.[1]
    if (kept.length < head + 4 + Number(length ?? 0)) return
    const answer = kept
    kept = Buffer.alloc(0)
    heard(answer)
  })
}

/** A request whose bytes are there; only ids and times are written anew each time it is sent. */
function preparedRequest(load: Load, token: string, seed: number) {
  const place = { lng: 113.9 + (seed % 97) / 1000, lat: 22.5 + (seed % 89) / 1000 }
  const now = 1_700_000_000_000
  const fixes = Array.from({ length: load.fixesPerRequest }, (_, i) => ({
    id: ID,
    at: now,
    lng: Number((place.lng + i * 0.0001).toFixed(6)),
    lat: Number((place.lat + (i % 7) * 0.0001).toFixed(6)),
    accuracy: 10 + (i % 30),
    speed: 1.2,
    battery: 80,
    network: '4g',
    source: 'wecom',
  }))
  const body = Buffer.from(JSON.stringify({ sentAt: now, device: 'bench', fixes }))
  const ids = offsetsOf(body, `"id":"`)
  const times = offsetsOf(body, `"at":`)
  const sentAt = offsetsOf(body, `"sentAt":`)
  const head = Buffer.from(
    `POST /api/v1/fixes HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
  )
  return (socket: Socket) => {
    const sent = Date.now()
    for (const offset of sentAt) body.write(String(sent), offset, 'latin1')
    ids.forEach((offset, index) => {
      body.write(randomUUID(), offset, 'latin1')
      body.write(String(sent - (ids.length - index) * 5000), times[index] ?? 0, 'latin1')
    })
    socket.write(Buffer.concat([head, body]))
  }
}

function offsetsOf(body: Buffer, key: string): number[] {
  const found: number[] = []
  for (let at = body.indexOf(key); at >= 0; at = body.indexOf(key, at + 1))
    found.push(at + key.length)
  return found
}
