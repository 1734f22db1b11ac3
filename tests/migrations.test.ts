import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const LIST = path.join(root, 'tests/fixtures/migrations.sha256') // sha256sum's own format
const folder = path.join(root, 'backend/migrations')

const hashOf = (name: string) =>
  createHash('sha256')
    .update(readFileSync(path.join(folder, name)))
    .digest('hex')
const names = readdirSync(folder).sort()
const listed = new Map(
  readFileSync(LIST, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(/ {2}/))
    .map(([hash = '', name = '']) => [name, hash]),
)

test('a migration that has landed is never edited or taken away: a new one mends it', () => {
  const edited = [...listed].filter(
    ([name, hash]) => !names.includes(name) || hashOf(name) !== hash,
  )
  expect(edited.map(([name]) => name)).toEqual([])
})

test('each migration is listed by its checksum: REGEN=1 adds the new ones, and changes none', () => {
  const all = names.map((name) => `${listed.get(name) ?? hashOf(name)}  ${name}\n`)
  if (process.env['REGEN']) writeFileSync(LIST, all.join(''))
  const unlisted = names.filter((name) => !listed.has(name))
  expect(process.env['REGEN'] ? [] : unlisted).toEqual([])
})
