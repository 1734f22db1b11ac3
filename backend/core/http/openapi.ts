import { z } from 'zod'
import { STATUS_OF } from '../../contract/errors.ts'
import { API_SCOPES } from '../../contract/apiKeys.ts'
import { KEY_REQUESTS_PER_10_S } from './limits.ts'
import { plainPage } from './guard.ts'
import { FileReply, rawRoute, type RawReply, type RawRoute, type Route } from './route.ts'

/** `GET /api/openapi.json`, made from the endpoints themselves, and `/api/docs`, a page that shows it. */
export function docsRoutes(routes: readonly (Route | RawRoute)[], version: string): RawRoute[] {
  const document = openApi(routes, version)
  return [
    rawRoute({
      method: 'GET',
      path: '/api/openapi.json',
      summary: 'This interface, machine-readable',
      raw: async () => ({ status: 200, body: document }),
    }),
    rawRoute({
      method: 'GET',
      path: '/api/docs',
      summary: 'This interface, for people',
      raw: async () => page(routes),
    }),
  ]
}

function openApi(routes: readonly (Route | RawRoute)[], version: string) {
  const paths: Record<string, Record<string, object>> = {}
  for (const each of routes) {
    const path = each.path.replace(/\{\*(\w+)\}/g, '{$1}').replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: operation(each) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Zuji 足迹', version, description: ABOUT, license: LICENSE },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))].sort().map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A person’s token: `zuji token`' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'zuji_session' },
        key: {
          type: 'http',
          scheme: 'bearer',
          description: `A program’s key, made by an admin. Scopes: ${API_SCOPES.join(', ')}`,
        },
      },
      schemas: { Error: errorSchema },
    },
  }
}

const errorSchema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { enum: Object.keys(STATUS_OF) },
        message: { type: 'string' },
        details: {},
      },
      required: ['code', 'message'],
    },
  },
}

function operation(each: Route | RawRoute): object {
  const told = { summary: each.summary, operationId: operationIdOf(each), tags: [tagOf(each)] }
  if ('raw' in each)
    return { ...told, parameters: pathNames(each), security: [], responses: RAW_RESPONSES }
  const { params, query, input, reply } = each.schemas
  const done =
    reply === FileReply ? FILE : { description: 'Done', content: json(schemaOf(reply, 'output')) }
  return {
    ...told,
    security: securityOf(each),
    ...(each.scope && { 'x-scope': each.scope }),
    parameters: [
      ...parametersOf(params, 'path').filter(({ name }) => each.path.includes(`:${name}`)),
      ...parametersOf(query, 'query'),
    ],
    ...(input && {
      requestBody: { required: true, content: bodyOf(each, schemaOf(input, 'input')) },
    }),
    responses: { 200: done, ...failuresOf(each) },
  }
}

/** What is said before anything else. */
const ABOUT = `JSON; times are epoch milliseconds, dates YYYY-MM-DD in the person’s zone, positions WGS-84 unless a datum says
otherwise. Lists that answer \`next\` go on behind it. Errors: {"error":{"code","message","details?"}}. A program asks with a key whose
scope is the endpoint’s \`x-scope\`; at most ${KEY_REQUESTS_PER_10_S} requests in ten seconds.`
const LICENSE = { name: 'MIT', identifier: 'MIT' }

/** `customers` of /api/v1/customers/:id, `ingest` of /ingest/osmand. */
const tagOf = ({ path }: Route | RawRoute): string =>
  /^\/(?:api\/(?:v1\/)?)?([a-z][a-z-]*)/i.exec(path)?.[1] ?? 'pages'

/** `getCustomersById` of GET /api/v1/customers/:id. */
function operationIdOf({ method, path }: Route | RawRoute): string {
  const words = path.replace(/^\/api\/v1\//, '').replace(/:(\w+)/g, 'by-$1')
  const camel = words.split(/[^a-zA-Z0-9]+/).filter(Boolean)
  return method.toLowerCase() + camel.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('') // prettier-ignore
}

function securityOf({ signedIn, scope }: Route): object[] {
  if (!signedIn) return []
  return [{ bearer: [] }, { cookie: [] }, ...(scope ? [{ key: [] }] : [])]
}

const pathNames = ({ path }: RawRoute) =>
  [...path.matchAll(/[:*](\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }))

const failed = (description: string) => ({
  description,
  content: json({ $ref: '#/components/schemas/Error' }),
})
const RAW_RESPONSES = {
  200: { description: 'As that client expects' },
  default: failed('An error'),
}

/** By what the endpoint asks for: who may, what it reads, what it writes. */
function failuresOf({ signedIn, schemas: { params, query, input } }: Route): object {
  return {
    ...(signedIn && { 401: failed('Nobody is signed in, or the key is over'), 403: failed('Not for you') }), // prettier-ignore
    ...(params && { 404: failed('There is no such thing, or not for you') }),
    ...(input && { 409: failed('It has changed meanwhile'), 413: failed('The body is too large') }),
    ...((params ?? query ?? input) && { 422: failed('The input does not meet its schema') }),
    429: failed('Too many requests; `retry-after` says when'),
    default: failed('An error'),
  }
}

const FILE = { description: 'A file', content: { '*/*': { schema: { type: 'string' } } } }

function bodyOf({ text, bytes }: Route, schema: object): object {
  if (!bytes) return text ? { [text.type]: { schema } } : json(schema)
  const file = { type: 'string', format: 'binary' }
  const form = { type: 'object', properties: { file }, required: ['file'] }
  return Object.fromEntries([
    ...bytes.types.map((type) => [type, { schema: file }]),
    ['multipart/form-data', { schema: form }],
  ])
}

function json(schema: object) {
  return { 'application/json': { schema } }
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' })

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query') {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input')
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: value,
  }))
}

function page(routes: readonly (Route | RawRoute)[]): RawReply {
  const rows = routes
    .map(
      (each) =>
        `<tr><td><code>${each.method}</code><td><code>${each.path}</code><td>${each.summary}<td><code>${'scope' in each ? (each.scope ?? '') : ''}</code>`,
    )
    .join('\n')
  return plainPage({
    status: 200,
    style: STYLE,
    body: `<main lang="en"><h1>Zuji 足迹</h1><p>The interface as <a href="/api/openapi.json">OpenAPI 3.1</a>.</p><table>${rows}</table></main>`,
  })
}

const STYLE = `body{font:15px/22px system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}
td{padding:.4rem .8rem .4rem 0;border-top:1px solid #8886;vertical-align:top}code{color:#0f7b5f}
@media (prefers-color-scheme:dark){code{color:#3ec29b}}`
