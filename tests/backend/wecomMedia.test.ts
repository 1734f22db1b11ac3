import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { directoryStore, type FileStore } from '../../backend/core/files.ts'
import { createMedia } from '../../backend/wecom/index.ts'
import { told } from '../../backend/wecom/api/verdict.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'

const DAY_MS = 86_400_000
const API = '/cgi-bin/media/get'

let borrowed: Borrowed
let up: SimServer
let folder: string
let files: FileStore
beforeAll(async () => {
  borrowed = await borrowDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'zuji-files-'))
  files = directoryStore(folder)
})
afterAll(async () => {
  await borrowed.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  up = await startWecomSim()
})
afterEach(() => up.close())

const photo = (bytes: number) => ({
  ...{ name: 'a.jpg', type: 'image/jpeg', content: randomBytes(bytes) },
})
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
const fetcher = (line?: typeof fetch) => {
  const { call } = up.client(line && { fetch: line })
  return createMedia({ db: borrowed.db, clock: up.clock, call, files, orgId: 'o1' })
}
const asked = () => up.sim.calls.get(API) ?? 0

test('a photo is fetched once, whoever asks how often, and is what was sent', async () => {
  const file = photo(340_000)
  const id = up.sim.media.add(file)
  const { fetchMedia } = fetcher()
  const all = await Promise.all(Array.from({ length: 20 }, () => fetchMedia(id)))
  expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1)
  expect(all[0]).toEqual({
    ...{ state: 'stored', sha256: sha256(file.content), bytes: 340_000, type: 'image/jpeg' },
  })
  expect(await fetcher().fetchMedia(id)).toEqual(all[0])
  expect(asked()).toBe(1)
  expect((await files.get(sha256(file.content)))?.equals(file.content)).toBe(true)
})

test('a large file comes in pieces, and is stored whole', async () => {
  const file = photo(19_999_999)
  const id = up.sim.media.add(file)
  expect(await fetcher().fetchMedia(id)).toMatchObject({ sha256: sha256(file.content) })
  expect(asked()).toBe(2)
})

test('a line that breaks within a file goes on with the piece that was missing', async () => {
  const file = photo(15_000_000)
  const id = up.sim.media.add(file)
  const ranges: string[] = []
  const line: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    if (!String(input).includes(API)) return answer
    ranges.push(String(new Headers(init?.headers).get('range')))
    return ranges.length === 2 ? broken(answer) : answer
  }
  expect(await fetcher(line).fetchMedia(id)).toMatchObject({ sha256: sha256(file.content) })
  expect(ranges).toEqual(['bytes=0-9999999', 'bytes=10000000-19999999', 'bytes=10000000-19999999'])
})

/** The same answer, which ends with an error after its first bytes. */
function broken(answer: Response): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(1_000))
      controller.error(new Error('reset'))
    },
  })
  void answer.body?.cancel()
  return new Response(body, { status: answer.status, headers: answer.headers })
}

test('a line that never holds is told, and may be tried again later', async () => {
  const id = up.sim.media.add(photo(1_000))
  const line: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    return String(input).includes(API) ? broken(answer) : answer
  }
  const failure = await fetcher(line).fetchMedia(id).catch(told)
  expect(failure).toMatchObject({ reason: 'the file broke off' })
  expect(await fetcher().fetchMedia(id)).toMatchObject({ state: 'stored' })
})

test('what is over 20 MB, or says so little and is so much, is not stored', async () => {
  const large = up.sim.media.add(photo(20_000_001))
  expect(await fetcher().fetchMedia(large)).toEqual({ state: 'too_large' })
  const liar = up.sim.media.add(photo(1_000))
  const line: typeof fetch = async (input, init) =>
    String(input).includes(API)
      ? new Response(new Uint8Array(20_000_001), { headers: { 'content-type': 'image/jpeg' } })
      : fetch(input, init)
  expect(await fetcher(line).fetchMedia(liar)).toEqual({ state: 'too_large' })
})

test('after three days a file is lost; that is remembered and not asked again', async () => {
  const id = up.sim.media.add(photo(1_000))
  up.clock.at += 3 * DAY_MS
  const { fetchMedia } = fetcher()
  expect(await fetchMedia(id)).toEqual({ state: 'expired' })
  expect(await fetchMedia(id)).toEqual({ state: 'expired' })
  expect(asked()).toBe(1)
})

test('a refusal of another kind is told and not remembered', async () => {
  const id = up.sim.media.add(photo(1_000))
  up.sim.faults.answer(API, 60020)
  expect(await fetcher().fetchMedia(id).catch(told)).toMatchObject({ errcode: 60020 })
  expect(await fetcher().fetchMedia(id)).toMatchObject({ state: 'stored' })
})

test('a file of text is a file, and what is no media_id is not asked for', async () => {
  const content = Buffer.from('{"errcode":40007}')
  const id = up.sim.media.add({ name: 'a.txt', type: 'text/plain', content })
  expect(await fetcher().fetchMedia(id)).toMatchObject({ state: 'stored', type: 'text/plain' })
  for (const wrong of ['', '../x', 'a b', 'x'.repeat(257), '长'])
    await expect(fetcher().fetchMedia(wrong)).rejects.toMatchObject({ code: 'bad_input' })
})

test('the store keeps the same bytes once, and no address leads out of it', async () => {
  const { sha256: address, bytes } = await files.put(Buffer.from('abc'))
  expect([address, bytes]).toEqual([
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    3,
  ])
  await Promise.all(Array.from({ length: 10 }, () => files.put(Buffer.from('abc'))))
  expect(await readdir(path.join(folder, 'ba'))).toEqual([address])
  expect(await files.has(address)).toBe(true)
  const source = await files.source(address)
  expect(source?.bytes).toBe(3)
  expect(source && (await text(source.read(1, 3)))).toBe('bc')
  expect(source && (await text(source.read(3, 3)))).toBe('')
  await files.remove(address)
  expect([await files.has(address), await files.get(address)]).toEqual([false, null])
  expect(await files.source(address)).toBeNull()
  for (const wrong of ['../../etc/passwd', 'BA78', '', `${address}/..`])
    await expect(async () => files.get(wrong)).rejects.toThrow('not the address')
})

async function upload(kind: string, type: string, bytes: number) {
  const credentials = { corpid: 'ww0000000000000001', corpsecret: 'a-secret-of-tests' }
  const { access_token } = await up.api('/cgi-bin/gettoken', credentials)
  const form = new FormData()
  form.set('media', new File([new Uint8Array(bytes)], 'a', { type }))
  const query = new URLSearchParams({ access_token: String(access_token), type: kind })
  const url = `${up.base}/cgi-bin/media/upload?${query}`
  const answer: unknown = await (await fetch(url, { method: 'POST', body: form })).json()
  return answer
}

test.each([
  ['image', 'image/png', 6, 0],
  ['image', 'image/png', 5, 40006],
  ['image', 'image/gif', 6, 40005],
  ['image', 'image/jpeg', 10_000_001, 45001],
  ['song', 'image/png', 6, 40004],
  ['file', 'application/pdf', 6, 0],
])('an upload of a %s of %s and %i bytes answers %i', async (kind, type, bytes, errcode) => {
  expect(await upload(kind, type, bytes)).toMatchObject({ errcode })
})
