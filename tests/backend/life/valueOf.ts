import fc from 'fast-check'
import { z, type ZodType } from 'zod'

/** What a made-up value may be taken from, so that it hits what is there. */
export interface Pool {
  /** A number from 0 on, below 1, the same each time for the same seed. */
  random: () => number
  /** What free texts say. */
  text: string
  /** UUIDs of things that exist, by what they are: `customer`, `visit` … */
  ids: ReadonlyMap<string, ReadonlySet<string>>
  /** What `id` alone is of. */
  kind: string
  freshId: () => string
  personIds: readonly string[]
  departmentIds: readonly string[]
  dates: readonly string[] // YYYY-MM-DD
  now: number // epoch ms
  place: readonly [lng: number, lat: number]
}

type Schema = Record<string, unknown>

/** A value that fits the schema as far as a schema tells; refinements may still refuse it. */
export function valueOf(schema: ZodType | undefined, pool: Pool): unknown {
  if (!schema) return undefined
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })
  return made(asSchema(whole), '', { pool, defs: asSchema(Reflect.get(whole, '$defs')) })
}

interface Making {
  pool: Pool
  defs: Schema
}

const asSchema = (value: unknown): Schema =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const oneOf = <T>(values: readonly T[], { pool }: Making): T | undefined =>
  values[Math.floor(pool.random() * values.length)]

function made(schema: Schema, name: string, making: Making): unknown {
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return oneOf(schema['enum'], making)
  if (typeof schema['$ref'] === 'string') {
    const definition = making.defs[schema['$ref'].split('/').at(-1) ?? '']
    return definition === undefined ? null : made(asSchema(definition), name, making)
  }
  const choices = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])]
  if (choices.length > 0) return made(asSchema(oneOf(choices, making)), name, making)
  const parts = listOf(schema['allOf']).map(asSchema)
  if (parts.length > 0) return Object.assign({}, ...parts.map((part) => made(part, name, making)))
  return byType(schema, name, making)
}

function byType(schema: Schema, name: string, making: Making): unknown {
  switch (schema['type']) {
    case 'string':
      return textOf(schema, name, making)
    case 'number':
    case 'integer':
      return numberOf(schema, name, making)
    case 'boolean':
      return making.pool.random() < 0.5
    case 'array':
      return manyOf(schema, name, making)
    case 'object':
      return objectOf(schema, making)
    default:
      return null
  }
}

function manyOf(schema: Schema, name: string, making: Making): unknown[] {
  const count = Math.max(Number(schema['minItems'] ?? 0), making.pool.random() < 0.7 ? 1 : 0)
  const singular = name.replace(/s$/, '')
  return Array.from({ length: Math.min(count, Number(schema['maxItems'] ?? 9)) }, () =>
    made(asSchema(schema['items']), singular, making),
  )
}

function objectOf(schema: Schema, making: Making): Schema {
  const required = new Set(listOf(schema['required']))
  const named = Object.entries(asSchema(schema['properties']))
    .filter(([name]) => required.has(name) || making.pool.random() < 0.5)
    .map(([name, each]) => [name, made(asSchema(each), name, making)])
  return Object.fromEntries(named)
}

function textOf(schema: Schema, name: string, making: Making): unknown {
  const { pool } = making
  if (schema['format'] === 'uuid') return idOf(name, making)
  if (schema['format'] === 'date') return oneOf(pool.dates, making)
  if (name === 'id' || /(person|viewer|leader|owner|substitute|colleague|to|by)(Id)?$/i.test(name))
    return oneOf(pool.personIds, making)
  if (/department/i.test(name)) return oneOf(pool.departmentIds, making)
  if (typeof schema['pattern'] === 'string') return matching(schema['pattern'], making)
  return pool.text.slice(0, Number(schema['maxLength'] ?? 200))
}

/** An id in a path or of another thing is of one that exists, mostly; a body's own is mostly new. */
function idOf(name: string, making: Making): unknown {
  const { pool } = making
  const known = [...(pool.ids.get(name === 'id' ? pool.kind : name.replace(/Id$/, '')) ?? [])]
  return pool.random() < 0.2 ? pool.freshId() : (oneOf(known, making) ?? pool.freshId())
}

function matching(pattern: string, making: Making): unknown {
  const fits = new RegExp(pattern)
  const date = oneOf(making.pool.dates, making) ?? ''
  const known = [date, date.slice(0, 7), `${date}T09:30`, '09:30', '18:00', 'in1', 'out1']
  const found = known.filter((each) => fits.test(each))
  if (found.length > 0) return oneOf(found, making)
  const seed = Math.floor(making.pool.random() * 2 ** 31)
  return fc.sample(fc.stringMatching(fits), { numRuns: 1, seed })[0]
}

function numberOf(schema: Schema, name: string, { pool }: Making): number {
  if (name === 'lng') return pool.place[0] + pool.random() / 1000
  if (name === 'lat') return pool.place[1] + pool.random() / 1000
  if (/(at|from|to|until|since|due)$/i.test(name) && Number(schema['maximum'] ?? 1e15) > pool.now)
    return pool.now - Math.floor(pool.random() * 3_600_000)
  const least = Number(schema['minimum'] ?? 0)
  const most = Math.min(Number(schema['maximum'] ?? least + 100), least + 1000)
  const value = least + pool.random() * (most - least)
  return schema['type'] === 'integer' ? Math.floor(value) : value
}
