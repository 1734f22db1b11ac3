import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { carry } from '../../h5/offline/carry.ts'
import { carryLater } from '../../h5/report/later.ts'
import type { Queue, QueuedFix } from '../../h5/report/ports.ts'
import { nameOf, openQueue, personOf } from '../../h5/report/queue.ts'
import { fixAt } from './queuedFix.ts'

const NOW = Date.UTC(2026, 10, 23, 8)
let people = 0
let who: string
let queue: Queue
beforeEach(async () => {
  who = `rep${++people}`
  queue = await openQueue(who)
})

afterEach(() => vi.unstubAllGlobals())

const fixOf = (n: number): QueuedFix => ({ ...fixAt(NOW - n * 1000), id: `fix-${n}` })

async function fill(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await queue.addFix(fixOf(n))
  await queue.addSilence({ id: 'silence', from: NOW - 9e5, to: NOW - 6e5, reason: 'page_closed' })
}

const me = (change: object = {}) => ({ id: who, consent: { current: true }, ...change })
const all = (fixes: unknown[]) => ({ accepted: fixes.length, duplicate: 0, rejected: [] })

/** A server that says who is signed in and answers each batch. */
function server(asked: { me?: () => Response; fixes?: (fixes: unknown[]) => Response } = {}) {
  const batches: unknown[][] = []
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    if (path === '/api/v1/me') return asked.me?.() ?? Response.json(me())
    const { sentAt, fixes }: { sentAt: number; fixes: unknown[] } = JSON.parse(String(init.body))
    expect(sentAt).toBe(NOW)
    batches.push(fixes)
    return asked.fixes?.(fixes) ?? Response.json(all(fixes))
  }
  return { batches, run: () => carry(who, { open: openQueue, ask, now: () => NOW }) }
}

test('what waits goes without a page, newest first, in batches, and is forgotten when it is answered', async () => {
  await fill(700)
  const { batches, run } = server()
  await run()
  expect(batches.map((fixes) => fixes.length)).toEqual([500, 200])
  expect(batches[0]?.[0]).toMatchObject({ id: 'fix-0' })
  expect(await queue.count()).toBe(0)
})

test('where nothing waits the server is not even asked who is signed in', async () => {
  const { run } = server({
    me: () => {
      throw new Error('asked')
    },
  })
  await run()
})

test.each([
  ['somebody else is signed in', () => Response.json(me({ id: 'another' }))],
  ['consent is withdrawn', () => Response.json(me({ consent: { current: false } }))],
  ['nobody is signed in', () => Response.json({ code: 'not_signed_in' }, { status: 401 })],
])('nothing goes, and all stays, when %s', async (_name, answer) => {
  await fill(2)
  const { batches, run } = server({ me: answer })
  await run()
  expect(batches).toEqual([])
  expect(await queue.count()).toBe(3)
})

test.each([
  ['is down', () => Response.json({}, { status: 503 })],
  ['asks to wait', () => Response.json({}, { status: 429 })],
  ['answers a part', () => Response.json({ accepted: 1, duplicate: 0, rejected: [] })],
  ['is a sign-in page of the café', () => Response.json({ welcome: true })],
])('all stays and the browser is to try again when the server %s', async (_name, fixes) => {
  await fill(2)
  await expect(server({ fixes }).run()).rejects.toThrow()
  expect(await queue.count()).toBe(3)
})

test('a batch that is refused as a whole is left to the page', async () => {
  await fill(2)
  const { batches, run } = server({ fixes: () => Response.json({}, { status: 400 }) })
  await run()
  expect(batches).toHaveLength(1)
  expect(await queue.count()).toBe(3)
})

test('a name tells whose it is, and other names nobody’s', () => {
  expect(personOf(nameOf('张 三.1'))).toBe('张 三.1')
  expect(personOf('zuji-build')).toBeNull()
})

test.each<[string, object]>([
  ['has no service worker', {}],
  ['has not installed ours', { serviceWorker: { getRegistration: async () => undefined } }],
  ['has no background sync', { serviceWorker: { getRegistration: async () => ({}) } }],
  [
    'does not allow it',
    {
      serviceWorker: {
        getRegistration: async () => ({
          sync: { register: () => Promise.reject(new Error('no')) },
        }),
      },
    },
  ],
])('a web view that %s leaves it to the page', async (_name, navigator) => {
  vi.stubGlobal('navigator', navigator)
  await expect(carryLater('rep01')).resolves.toBeUndefined()
})

test('the browser is asked once a send has failed, under the name of the person', async () => {
  const tags: string[] = []
  const register = async (tag: string) => void tags.push(tag)
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: async () => ({ sync: { register } }) } }) // prettier-ignore
  await carryLater('rep01')
  expect(tags).toEqual([nameOf('rep01')])
})
