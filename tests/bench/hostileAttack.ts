// One attack on a server, as its parent says: goes on until it is killed, and says once a second how often it struck.
import { request, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { setPriority } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

const Asked = z.object({ kind: z.string(), port: z.number(), token: z.string(), date: z.string() })
type Asked = z.infer<typeof Asked>
const IDLE = 10_000 // sockets
const SLOW = 1_000 // of them at a time
const LINES = 32 // connections that ask without end
const STRANGER = { 'x-forwarded-for': '203.0.113.9' }

setPriority(10) // strangers have machines of their own: the server comes first on this one
let struck = 0
setInterval(() => process.send?.({ struck }), 1_000)

const open = (port: number) => connect(port, '127.0.0.1').on('error', () => undefined)

/** As many sockets as there shall be; whoever is closed comes again. */
async function crowd(
  { port }: Asked,
  many: number,
  each: (socket: ReturnType<typeof open>) => void,
) {
  let now = 0
  for (;;) {
    for (let batch = 0; now < many && batch < 200; batch++) {
      now++
      struck++
      const socket = open(port).on('close', () => now--)
      socket.on('connect', () => each(socket))
    }
    await wait(50)
  }
}

function drip(socket: ReturnType<typeof open>): void {
  socket.write('GET /api/v1/me HTTP/1.1\r\nHost: x\r\n')
  const timer = setInterval(() => socket.write('X-A: b\r\n'), 1_000)
  socket.on('close', () => clearInterval(timer))
}

/** One after the other on each line, whatever is answered. */
async function flood(
  asked: Asked,
  make: (n: number) => { options: RequestOptions; body?: string },
) {
  const once = (n: number) =>
    new Promise<void>((resolve) => {
      const { options, body } = make(n)
      const sent = request({ host: '127.0.0.1', port: asked.port, ...options }, (response) => {
        response.resume().on('close', resolve)
      })
      sent.on('error', () => resolve()).end(body)
    })
  const line = async () => {
    for (;;) await once(struck++)
  }
  await Promise.all(Array.from({ length: LINES }, line))
}

const LONG = 'a'.repeat(1_000_000)
const DEEP = `{"fixes":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
const EVIL = [`${'a'.repeat(50_000)}!`, `${'0'.repeat(20_000)}x`, ' '.repeat(15_000), `${'2026-'.repeat(3_000)}`, '%20'.repeat(5_000), `${'../'.repeat(5_000)}`] // prettier-ignore

const ATTACKS: Record<string, (asked: Asked) => Promise<void>> = {
  idleSockets: (asked) => crowd(asked, IDLE, () => undefined),
  slowLoris: (asked) => crowd(asked, SLOW, drip),
  badLogins: (asked) =>
    flood(asked, (n) => ({ options: { path: '/api/v1/me', headers: { ...STRANGER, authorization: `Bearer bad${process.pid}x${n}` } } })), // prettier-ignore
  longHeads: (asked) =>
    crowd(asked, LINES, (socket) => socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${LONG}\r\n\r\n`)), // prettier-ignore
  deepJson: (asked) => flood(asked, () => ({ options: { ...posting(asked), path: '/api/v1/fixes' }, body: DEEP })), // prettier-ignore
  evilTexts: (asked) =>
    flood(asked, (n) => {
      const text = EVIL[n % EVIL.length] ?? ''
      const path = `/api/v1/customers?q=${encodeURIComponent(text.slice(0, 4_000))}`
      if (n % 2) return { options: { path, headers: posting(asked).headers } }
      return { options: { ...posting(asked), path: '/api/v1/checkins' }, body: JSON.stringify({ id: text, at: text, kind: text, note: text }) } // prettier-ignore
    }),
}

const posting = ({ token }: Asked) => ({
  method: 'POST',
  headers: { ...STRANGER, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
})

process.on('message', (message) => {
  const asked = Asked.parse(message)
  void ATTACKS[asked.kind]?.(asked)
})
process.on('disconnect', () => process.exit(0))
