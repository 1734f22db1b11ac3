import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { CHECK } from '../../h5/alerts/webhooks/example.ts'
import { isPublic, mayBeCalled } from '../../backend/alerts/webhooks/address.ts'
import { MOST_TRIES, nextTry } from '../../backend/alerts/webhooks/patience.ts'
import { post } from '../../backend/alerts/webhooks/post.ts'
import { isSigned, newSecret, signedHeaders } from '../../backend/alerts/webhooks/sign.ts'

describe('an address', () => {
  test.each([
    '127.0.0.1', '127.8.8.8', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254',
    '100.64.0.1', '100.100.100.200', '168.63.129.16', '0.0.0.0', '224.0.0.1', '255.255.255.255', '192.0.2.1',
    '::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1',
    '2001:db8::1', '2001::1', '2002:7f00:1::', 'nothing', '',
  ])('%s is inside', (address) => expect(isPublic(address)).toBe(false)) // prettier-ignore

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2400:3200::1', '2606:4700::1111'])(
    '%s is one of the internet',
    (address) => expect(isPublic(address)).toBe(true),
  )

  test.each([
    'http://example.com/', 'https://localhost/', 'https://a.localhost/', 'https://127.0.0.1/', 'https://2130706433/',
    'https://0x7f.1/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://169.254.169.254/latest/meta-data',
    'https://LOCALHOST./', 'ftp://example.com/',
  ])('%s is never called', (url) => expect(mayBeCalled(new URL(url), [])).toBe(false)) // prettier-ignore

  test('of our own network is called when who runs the server names its host', () => {
    expect(mayBeCalled(new URL('http://hooks.corp:8080/'), ['hooks.corp'])).toBe(true)
    expect(mayBeCalled(new URL('https://example.com/'), [])).toBe(true)
  })
})

describe('a signature', () => {
  const secret = newSecret()
  const body = '{"id":"1"}'
  const now = 1_764_210_000_000
  const headers = signedHeaders({ id: 'e1', at: now, body }, [secret])

  test('is that of Standard Webhooks, as anybody computes it', () => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const wanted = createHmac('sha256', key).update(`e1.1764210000.${body}`).digest('base64')
    expect(headers).toEqual({
      'webhook-id': 'e1',
      'webhook-timestamp': '1764210000',
      'webhook-signature': `v1,${wanted}`,
    })
  })

  test('of the published example of the scheme comes out the same', () => {
    const example = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const signed = signedHeaders(
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330_000, body: '{"test": 2432232314}' },
      [example],
    )
    expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  test('holds for the body, the secret and five minutes, and no other', () => {
    expect(isSigned(headers, body, secret, now + 299_000)).toBe(true)
    expect(isSigned(headers, body, secret, now + 301_000)).toBe(false)
    expect(isSigned(headers, `${body} `, secret, now)).toBe(false)
    expect(isSigned(headers, body, newSecret(), now)).toBe(false)
    expect(isSigned({ ...headers, 'webhook-id': 'e2' }, body, secret, now)).toBe(false)
    expect(isSigned({}, body, secret, now)).toBe(false)
  })

  test('of two secrets lets a receiver have either', () => {
    const other = newSecret()
    const both = signedHeaders({ id: 'e1', at: now, body }, [other, secret])
    expect([secret, other].map((each) => isSigned(both, body, each, now))).toEqual([true, true])
  })
})

test('waits grow threefold to six hours, each by chance a quarter longer or shorter, and end', () => {
  const waits = (random: number) =>
    Array.from({ length: MOST_TRIES - 1 }, (_, n) => (nextTry(0, n + 1, random) ?? NaN) / 1000)
  expect(waits(0.5)).toEqual([10, 30, 90, 270, 810, 2430, 7290, 21_600, 21_600])
  expect(waits(0)[0]).toBe(7.5)
  expect(waits(0.999)[0]).toBeCloseTo(12.5, 1)
  expect(nextTry(0, MOST_TRIES, 0.5)).toBeNull()
})

describe('a post', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
  })
  const listen = (answer: RequestListener) =>
    new Promise<number>((resolve) => {
      const server = createServer(answer)
      servers.push(server)
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
  const here = [{ address: '127.0.0.1', family: 4 }]
  const send = (url: string, more: Partial<Parameters<typeof post>[1]> = {}) =>
    post({ url, headers: {}, body: '{}' }, {
      ...{ privateHosts: ['hooks.corp'], timeoutMs: 5_000, signal: new AbortController().signal },
      ...{ resolve: () => Promise.resolve(here), ...more },
    }) // prettier-ignore

  test('arrives with any 2xx, and fails with any other answer', async () => {
    let status = 204
    const port = await listen((_request, response) => response.writeHead(status).end())
    expect(await send(`http://hooks.corp:${port}/`)).toEqual({ reason: null, status: 204 })
    status = 500
    expect(await send(`http://hooks.corp:${port}/`)).toEqual({ reason: 'status', status: 500 })
  })

  test('ends when nobody answers in time, when nobody is there, and when the name is none', async () => {
    const port = await listen(() => undefined)
    expect((await send(`http://hooks.corp:${port}/`, { timeoutMs: 50 })).reason).toBe('timeout')
    expect((await send('http://hooks.corp:1/')).reason).toBe('unreachable')
    const unknown = Object.assign(new Error('ENOTFOUND'), { syscall: 'getaddrinfo' })
    expect((await send('http://hooks.corp:1/', { resolve: () => Promise.reject(unknown) })).reason).toBe('no_host') // prettier-ignore
  })

  test('follows where a POST may be sent on, a few times', async () => {
    let hops = 0
    const port = await listen((request, response) => {
      const left = Number((request.url ?? '').slice(1))
      hops++
      if (left === 0) response.writeHead(200).end()
      else response.writeHead(307, { location: `/${left - 1}` }).end()
    })
    expect((await send(`http://hooks.corp:${port}/3`)).reason).toBeNull()
    expect(hops).toBe(4)
    expect((await send(`http://hooks.corp:${port}/4`)).reason).toBe('redirected')
  })

  test.each(['http://hooks.inside/', 'https://10.0.0.1/', 'https://[::1]/', 'file:///etc/passwd'])(
    'does not follow inside to %s',
    async (location) => {
      const port = await listen((_request, response) => response.writeHead(308, { location }).end())
      expect((await send(`http://hooks.corp:${port}/`)).reason).toBe('refused')
    },
  )

  test('does not turn into a GET', async () => {
    const port = await listen((_request, response) => response.writeHead(302, { location: '/' }).end()) // prettier-ignore
    expect(await send(`http://hooks.corp:${port}/`)).toEqual({ reason: 'redirected', status: 302 })
  })

  test('is refused when one of the name’s addresses is inside, and connects to the one that was checked', async () => {
    const outside = { address: '8.8.8.8', family: 4 }
    const mixed = { resolve: () => Promise.resolve([outside, ...here]) }
    expect((await send('https://example.com/', mixed)).reason).toBe('refused')
    let asked = 0
    const rebinding = () => {
      asked++
      return Promise.resolve(here)
    }
    const port = await listen((_request, response) => response.writeHead(200).end())
    expect((await send(`http://hooks.corp:${port}/`, { resolve: rebinding })).reason).toBeNull()
    expect(asked).toBe(1)
  })
})

test('the example for receivers, run as it stands, takes what is ours and nothing else', async () => {
  const shown: unknown = await import(`data:text/javascript,${encodeURIComponent(CHECK)}`)
  const { isOurs } = z.object({ isOurs: z.function({ input: [z.unknown(), z.string(), z.string()], output: z.boolean() }) }).parse(shown) // prettier-ignore
  const secret = newSecret()
  const headers = signedHeaders({ id: 'e1', at: Date.now(), body: '{"a":"预警"}' }, [newSecret(), secret]) // prettier-ignore
  expect(isOurs(headers, '{"a":"预警"}', secret)).toBe(true)
  expect(isOurs(headers, '{"a":"预警!"}', secret)).toBe(false)
  expect(isOurs({}, '{}', secret)).toBe(false)
  const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8')
  expect(readme).toContain(CHECK)
})
