import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http'
import { connect } from 'node:net'
import { EventEmitter, once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { addressOf } from '../../backend/core/http/limits.ts'
import { route, signedIn } from '../../backend/core/http/route.ts'
import { createApp } from '../../backend/core/http/serve.ts'
import { countedBy, createPatientServer } from '../../backend/core/http/sockets.ts'
import { NOW, openCompany, type Company } from './company.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany(() => [])
})
afterAll(() => company.close())

const ping = route({
  method: 'GET',
  path: '/ping',
  summary: 'ping',
  reply: z.object({ ok: z.boolean() }),
  allow: signedIn,
  run: async () => ({ ok: true }),
})

async function open(requestsPer10s: number) {
  const { kit, identity } = company
  const edge = { log: kit.log, metrics: kit.metrics, identify: identity.identify, publicUrl: 'http://localhost', requestsPer10s } // prettier-ignore
  const answer = createApp(edge, [ping]).callback()
  const server = createServer((request, response) => void answer(request, response))
  const url = `http://127.0.0.1:${await portOf(server)}/ping`
  const ask = (token: string, from = '203.0.113.7') =>
    fetch(url, { headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': from } })
  return { ask, close: () => server.close() }
}

/** Lets a server listen. @returns its port */
async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

describe('a session', () => {
  it('is told to wait when it asks without end; others go on', async () => {
    const { ask, close } = await open(3)
    const [mine, other] = [await company.tokenOf('rep1'), await company.tokenOf('rep2')]
    for (const time of [1, 2, 3]) expect((await ask(mine)).status, String(time)).toBe(200)
    const refused = await ask(mine)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.text()).toContain('too_many_requests')
    expect((await ask(other)).status).toBe(200)
    close()
  })
})

describe('an address', () => {
  it('from which thousands of unknown credentials come is not looked up for; known ones go on', async () => {
    const { identify } = company.identity
    const known = await company.tokenOf('rep3')
    expect(await identify({ bearer: known, address: '203.0.113.9' })).toMatchObject({ id: 'rep3' })
    for (let at = 0; at < 3000; at += 100)
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => identify({ bearer: `bad${at + index}`, address: '203.0.113.9' })), // prettier-ignore
      )
    const next = identify({ bearer: 'bad again', address: '203.0.113.9' })
    await expect(next).rejects.toMatchObject({ code: 'too_many_requests' })
    expect(await identify({ bearer: known, address: '203.0.113.9' })).toMatchObject({ id: 'rep3' })
    expect(await identify({ bearer: 'bad elsewhere', address: '203.0.113.10' })).toBeNull()
    company.clock.at = NOW + 60_000 // long after anybody was remembered
    expect(await identify({ bearer: known, address: '203.0.113.9' })).toMatchObject({ id: 'rep3' })
    company.clock.at = NOW
  })

  it('is what a proxy beside us says, and of a stranger his own', () => {
    const from = (remoteAddress: string, told?: string) => {
      const asked: Pick<IncomingMessage, 'headers'> = { headers: { 'x-forwarded-for': told } }
      return Reflect.apply(addressOf, undefined, [{ ...asked, socket: { remoteAddress } }])
    }
    expect(from('127.0.0.1', '203.0.113.7')).toBe('203.0.113.7')
    expect(from('::ffff:10.0.0.3', '198.51.100.1, 203.0.113.7')).toBe('203.0.113.7')
    expect(from('127.0.0.1', 'nonsense')).toBe('127.0.0.1')
    expect(from('127.0.0.1')).toBe('127.0.0.1')
    expect(from('198.51.100.9', '203.0.113.7')).toBe('198.51.100.9')
  })
})

describe('connections of an address', () => {
  const socketFrom = (remoteAddress: string) => Object.assign(new EventEmitter(), { remoteAddress, destroy: vi.fn() }) // prettier-ignore

  it('are so many at a time; a proxy beside us has as many as it needs', () => {
    const open = new Map<string, number>()
    const take = countedBy(open, 2)
    const sockets = ['203.0.113.7', '203.0.113.7', '203.0.113.7', '::ffff:198.51.100.1'].map(socketFrom) // prettier-ignore
    for (const socket of sockets) take(socket)
    expect(sockets.map(({ destroy }) => destroy.mock.calls.length)).toEqual([0, 0, 1, 0])
    for (const socket of sockets) socket.emit('close')
    expect(open.size).toBe(0)
    for (const address of ['10.0.0.2', '::ffff:127.0.0.1', '10.0.0.2', '10.0.0.2']) take(socketFrom(address)) // prettier-ignore
    expect(open.size).toBe(0)
  })

  const listening = async (patience?: ServerOptions) => {
    const server = createPatientServer((_request, response) => void response.end('ok'), patience)
    const port = await portOf(server)
    const close = () => {
      server.close()
      server.closeAllConnections()
    }
    return { port, close }
  }

  it('that say nothing, or never end what they say, are closed', async () => {
    const brief = { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 }
    const { port, close } = await listening(brief)
    const said = ['', 'GET / HTTP/1.1\r\nx-slow: a', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nab'] // prettier-ignore
    await Promise.all(
      said.map(async (words) => {
        const socket = connect(port, '127.0.0.1')
        socket.resume()
        socket.on('error', () => undefined) // a reset is an end, too
        socket.write(words)
        await once(socket, 'close')
      }),
    )
    close()
  })

  it('are as patient as a poor line needs; a long head is refused', async () => {
    const { port, close } = await listening()
    const url = `http://127.0.0.1:${port}/`
    expect((await fetch(url)).status).toBe(200)
    expect((await fetch(url, { headers: { 'x-long': 'a'.repeat(20_000) } })).status).toBe(431)
    close()
  })
})
