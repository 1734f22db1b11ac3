import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'
import { KEY_ACCESS } from './accessMatrix.ts'

/** What a linter of OpenAPI documents would ask of ours, and what is ours alone to ask. */
const Responses = z.record(
  z.string(),
  z.object({
    description: z.string().min(1),
    content: z.record(z.string(), z.unknown()).optional(),
  }),
)
const Operation = z.object({
  summary: z.string().min(8).max(160),
  operationId: z.string().regex(/^[a-z]\w+$/),
  tags: z.tuple([z.string()]),
  security: z.array(z.record(z.string(), z.tuple([]))),
  'x-scope': z.string().optional(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query']),
        required: z.boolean(),
        schema: z.record(z.string(), z.unknown()),
      }),
    )
    .default([]),
  requestBody: z.object({ required: z.literal(true), content: z.record(z.string(), z.unknown()) }).optional(), // prettier-ignore
  responses: Responses,
})
type Operation = z.infer<typeof Operation>
const Document = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string(), description: z.string().min(100), license: z.object({ name: z.string() }) }), // prettier-ignore
  servers: z.array(z.object({ url: z.string() })).min(1),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post', 'put', 'delete']), Operation)), // prettier-ignore
  components: z.object({
    securitySchemes: z.record(z.string(), z.object({ type: z.string() })),
    schemas: z.record(z.string(), z.unknown()),
  }),
})

let server: WholeServer
let document: z.infer<typeof Document>
let text: string
const operations: { name: string; path: string; method: string; of: Operation }[] = []
beforeAll(async () => {
  server = await openWholeServer('o1', Date.parse('2026-11-23T06:00:00Z'), { answersOnly: true })
  text = await (await fetch(`${server.url}/api/openapi.json`)).text()
  document = Document.parse(JSON.parse(text))
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, of] of Object.entries(methods))
      if (of) operations.push({ name: `${method.toUpperCase()} ${path}`, path, method, of })
})
afterAll(() => server.close())

test('every endpoint of the interface is described, once, under an id and a tag of the list', () => {
  const known = server.routes.map(({ path }) => path).filter((path) => path.startsWith('/api/v1/'))
  expect(operations.filter(({ path }) => path.startsWith('/api/v1/'))).toHaveLength(known.length)
  const ids = operations.map(({ of }) => of.operationId)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  const tags = new Set(document.tags.map(({ name }) => name))
  for (const { name, of } of operations) expect(tags.has(of.tags[0]), name).toBe(true)
})

test('the names in a path are its parameters, and all of them must be given', () => {
  for (const { name, path, of } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, each]) => each ?? '')
    const given = of.parameters.filter((each) => each.in === 'path')
    expect(given.map((each) => each.name).sort(), name).toEqual(named.sort())
    expect(
      given.every(({ required }) => required),
      name,
    ).toBe(true)
    const all = of.parameters.map((each) => `${each.in} ${each.name}`)
    expect(new Set(all).size, name).toBe(all.length)
  }
})

test('each says who may, by schemes that are described, and how it fails', () => {
  const schemes = Object.keys(document.components.securitySchemes)
  for (const { name, path, of } of operations) {
    for (const each of of.security) expect(schemes, name).toEqual(expect.arrayContaining(Object.keys(each))) // prettier-ignore
    expect(of.responses['200'], name).toBeDefined()
    expect(of.responses['default']?.content, name).toHaveProperty('application/json')
    if (!path.startsWith('/api/v1/') || of.security.length === 0) continue
    expect(Object.keys(of.responses), name).toEqual(expect.arrayContaining(['401', '403', '429']))
    if (of.requestBody) expect(Object.keys(of.responses), name).toContain('422')
  }
})

test('a key and its scope stand where a key is taken, and nowhere else', () => {
  const keyed = operations.flatMap(({ name, of }) => {
    const taken = of.security.some((each) => 'key' in each)
    expect(taken, name).toBe(of['x-scope'] !== undefined)
    return taken ? [[name.replace(/\{(\w+)\}/g, ':$1'), of['x-scope']]] : []
  })
  expect(Object.fromEntries(keyed)).toEqual(KEY_ACCESS)
})

test('all that is referred to is there', () => {
  const root: unknown = JSON.parse(text)
  const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, place = '']) => place)
  const missing = [...new Set(references)].filter((place) => place.startsWith('components/')).filter((place) => at(root, place.split('/')) === undefined) // prettier-ignore
  expect(missing).toEqual([])
  expect(references.length).toBeGreaterThan(100)
})

const at = (value: unknown, [key, ...rest]: string[]): unknown =>
  key === undefined ? value : at(Object(value)[key], rest)
