import { z } from 'zod'
import { STATUS_OF } from '../../contract/errors.ts'
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
    const path = each.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: operation(each) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Zuji 足迹', version, license: { name: 'MIT' } },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'zuji_session' },
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
  const failed = { description: 'An error', content: json({ $ref: '#/components/schemas/Error' }) }
  if ('raw' in each)
    return { summary: each.summary, responses: { 200: { description: 'As that client expects' } } }
  const { params, query, input, reply } = each.schemas
  return {
    summary: each.summary,
    security: each.signedIn ? [{ bearer: [] }, { cookie: [] }] : [],
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(input && { requestBody: { content: bodyOf(each, schemaOf(input, 'input')) } }),
    responses: {
      200:
        reply === FileReply
          ? FILE
          : { description: 'Done', content: json(schemaOf(reply, 'output')) },
      default: failed,
    },
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

const json = (schema: object) => ({ 'application/json': { schema } })

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' })

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): object[] {
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
        `<tr><td><code>${each.method}</code><td><code>${each.path}</code><td>${each.summary}`,
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
