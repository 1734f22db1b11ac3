import { createServer, type Server } from 'node:http'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createLog } from '../../backend/core/log.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { docsRoutes } from '../../backend/core/http/openapi.ts'
import { FileReply, route, Upload } from '../../backend/core/http/route.ts'
import { createApp } from '../../backend/core/http/serve.ts'

const upload = route({
  method: 'POST',
  path: '/upload',
  summary: 'What came',
  input: Upload,
  bytes: { types: ['text/csv', 'image/png'], most: 1000 },
  reply: z.object({ text: z.string(), type: z.string(), name: z.string(), note: z.string() }),
  allow: 'anyone',
  run: async ({ input: { content, fields, ...rest } }) => ({
    ...rest,
    text: Buffer.from(content).toString(),
    note: fields['note'] ?? '',
  }),
})
const download = (path: string, content: z.infer<typeof FileReply>['content']) =>
  route({
    method: 'GET',
    path,
    summary: 'A file',
    reply: FileReply,
    allow: 'anyone',
    run: async () => ({ type: 'image/png', name: '月表.png', content }),
  })

let server: Server
let url: string
const edge = {
  ...{ log: createLog('silent'), metrics: createMetrics(), identify: async () => null },
  publicUrl: 'http://localhost',
}
beforeAll(async () => {
  const routes = [
    upload,
    download('/bytes', new Uint8Array([0, 255, 1])),
    download('/stream', Readable.from([Buffer.from([0, 255]), Buffer.from([1])])),
  ]
  const app = createApp(edge, [...routes, ...docsRoutes(routes, '1')])
  const answer = app.callback()
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

async function sent(body: FormData | string | Uint8Array<ArrayBuffer>, headers = {}) {
  const answer = await fetch(`${url}/upload`, { method: 'POST', body, headers })
  return { status: answer.status, body: await answer.text() }
}

function form(files: Record<string, File>, fields: Record<string, string> = {}) {
  const data = new FormData()
  for (const [name, file] of Object.entries(files)) data.append(name, file)
  for (const [name, text] of Object.entries(fields)) data.append(name, text)
  return data
}

test('a file comes raw under its type', async () => {
  const { status, body } = await sent('a,b', { 'content-type': 'text/csv; charset=utf-8' })
  expect(status).toBe(200)
  expect(JSON.parse(body)).toEqual({ text: 'a,b', type: 'text/csv', name: '', note: '' })
})

test('a file comes in a form, with its name in any script and the fields beside it', async () => {
  const file = new File(['一,二'], '../客户 名单.csv', { type: 'text/csv' })
  const { status, body } = await sent(form({ file }, { note: '备注' }))
  expect(status).toBe(200)
  expect(JSON.parse(body)).toEqual({
    text: '一,二',
    type: 'text/csv',
    name: '客户 名单.csv',
    note: '备注',
  })
})

test('a file of gzip is unpacked, and only up to the limit', async () => {
  const headers = { 'content-type': 'text/csv', 'content-encoding': 'gzip' }
  expect((await sent(new Uint8Array(gzipSync('a'.repeat(1000))), headers)).status).toBe(200)
  expect((await sent(new Uint8Array(gzipSync('a'.repeat(1001))), headers)).status).toBe(413)
})

test.each([
  ['another type', 'x', { 'content-type': 'image/gif' }, 'image/gif'],
  ['no type', new Uint8Array([1]), {}, 'no type'],
  ['nothing', '', { 'content-type': 'text/csv' }, 'empty'],
  ['a form without its boundary', 'x', { 'content-type': 'multipart/form-data' }, 'to its end'],
  [
    'a form cut off',
    '--x\r\ncontent-disposition: form-data; name="a"; filename="a"\r\n\r\nhalf',
    { 'content-type': 'multipart/form-data; boundary=x' },
    'to its end',
  ],
])('%s is refused by name', async (_, body, headers, words) => {
  const answer = await sent(body, headers)
  expect(answer.status).toBe(422)
  expect(answer.body).toContain(words)
})

test('a form has one file, of a type that is taken', async () => {
  const csv = new File(['a'], 'a.csv', { type: 'text/csv' })
  expect((await sent(form({ a: csv, b: csv }))).body).toContain('not 2')
  expect((await sent(form({}, { a: 'b' }))).body).toContain('not 0')
  expect((await sent(form({ a: new File(['a'], 'a.exe') }))).status).toBe(422)
})

test('what is too large is refused before and while it comes', async () => {
  expect((await sent('a'.repeat(1001), { 'content-type': 'text/csv' })).status).toBe(413)
  const csv = new File(['a'.repeat(1001)], 'a.csv', { type: 'text/csv' })
  expect((await sent(form({ csv }))).status).toBe(413)
})

test.each(['/bytes', '/stream'])('bytes leave as they are: %s', async (path) => {
  const answer = await fetch(url + path)
  expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 255, 1])
  expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''%E6%9C%88")
})

test('the documentation tells the types', async () => {
  const answer = await (await fetch(`${url}/api/openapi.json`)).text()
  expect(answer).toContain('"multipart/form-data":{"schema"')
  expect(answer).toContain('"image/png":{"schema"')
})

test('two endpoints at one address are refused before anybody is answered', () => {
  expect(() => createApp(edge, [upload, upload])).toThrow('two endpoints claim POST /upload')
})
