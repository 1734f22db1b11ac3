import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

// What a distributed PostgreSQL (Citus) refuses, or answers from all shards instead of one, and so perhaps from another
// company's rows: read from the sources, without one.

const backend = path.resolve(import.meta.dirname, '../backend')
const filesOf = (ending: string) =>
  readdirSync(backend, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => ({ file, text: readFileSync(path.join(backend, file), 'utf8') }))
const migrations = filesOf('.sql').map(({ file, text }) => ({ file, text: text.replace(/--.*/g, '') })) // prettier-ignore
const kinds = new Map(
  migrations.flatMap(
    ({ text }) =>
    [...text.matchAll(/comment on table (\w+) is '(\w+)'/g)].map(([, name = '', kind = '']) => [name, kind] as const), // prettier-ignore
  ),
)
const distributed = [...kinds].filter(([, kind]) => kind === 'distributed').map(([name]) => name)
const statements = filesOf('.ts').flatMap(({ file, text }) =>
  [...text.matchAll(/sql`([^`]*)`/g)].map(([, found = '']) => ({ file, text: found })),
)

const offending = (each: readonly { file: string; text: string }[], wrong: (text: string) => boolean) => // prettier-ignore
  each.filter(({ text }) => wrong(text)).map(({ file, text }) => `${file}: ${text.trim().slice(0, 200)}`) // prettier-ignore

test('every statement names the company as often as it names tables of many companies', () => {
  const table = `(?:${distributed.join('|')})\\b`
  const asked = new RegExp(`\\b(?:from|join|using|update)\\s+(?:only\\s+)?${table}`, 'gi')
  const further = new RegExp(`\\bfrom\\s+[^()]*?,\\s*(?:lateral\\s+)?${table}`, 'gi')
  const named = /org_id\s*=|=\s*\w*\.?org_id/g
  const many = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length
  const unnamed = (text: string) => many(text, asked) + many(text, further) > many(text, named)
  expect(distributed.length).toBeGreaterThan(80)
  expect(statements.filter(({ text }) => many(text, asked) > 0).length).toBeGreaterThan(300)
  expect(offending(statements, unnamed)).toEqual([])
})

test('a row that is added to such a table brings its company', () => {
  const into = new RegExp(
    `insert into (?:${distributed.join('|')})\\s*\\((?![^)]*\\borg_id\\b)`,
    'i',
  )
  expect(offending(statements, (text) => into.test(text))).toEqual([])
})

test('no statement is of a kind that is refused there', () => {
  const refused = [
    /\bmerge into\b/i,
    /\b(?:rollup|cube|grouping sets)\s*\(/i,
    /\bset\s+[^;]*\brandom\(\)/i,
    /on conflict[^;]*do update[^;]*(?:now|clock_timestamp)\(\)/i,
    /\bserializable\b/i,
    /\bset org_id\s*=/i,
  ]
  expect(offending(statements, (text) => refused.some((kind) => kind.test(text)))).toEqual([])
  const locking = (text: string) => /\bfor (?:no key )?update\b/i.test(text) && !/org_id/.test(text)
  const local = [...kinds].filter(([, kind]) => kind !== 'distributed').map(([name]) => name)
  const free = new RegExp(`from (?:${local.join('|')})\\b`)
  expect(offending(statements, (text) => locking(text) && !free.test(text))).toEqual([])
})

test('no migration makes what can not be spread', () => {
  const refused = [
    /\bcreate (?:or replace )?(?:trigger|rule)\b/i,
    /\binherits\s*\(/i,
    /\bon delete set (?:null|default)\b/i,
    /\brename constraint\b/i,
    /\bconcurrently\b/i,
    /\bgenerated (?:always|by default) as identity\b/i,
    /\b(?:big|small)?serial\b/i,
  ]
  expect(offending(migrations, (text) => refused.some((kind) => kind.test(text)))).toEqual([])
  expect([...kinds.values()].filter((kind) => !/^(?:distributed|reference|local)$/.test(kind))).toEqual([]) // prettier-ignore
})
