import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RouteRecordRaw } from 'vue-router'
import * as core from '../../h5/messages/core.ts'
import { spoken, type Words } from '../../h5/messages/index.ts'

const h5 = path.resolve(import.meta.dirname, '../../h5')
const words: { zh: Words; en: Words } = { zh: { core: core.zh }, en: { core: core.en } }
beforeAll(async () => {
  for (const [feature, load] of Object.entries(spoken)) {
    const { zh, en } = await load()
    words.zh[feature] = zh
    words.en[feature] = en
  }
})

const keysOf = (of: Words, prefix = ''): string[] =>
  Object.entries(of).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  )
const namesIn = (of: Words, key: string): string[] => {
  const text = key.split('.').reduce<string | Words>((at, part) => {
    return typeof at === 'string' ? at : (at[part] ?? '')
  }, of)
  return typeof text === 'string' ? (text.match(/\{\w+\}/g) ?? []).sort() : []
}

describe('the words of the pages', () => {
  it('are there in both languages', () => {
    expect(keysOf(words.en).sort()).toEqual(keysOf(words.zh).sort())
  })

  it('name the same things in both languages', () => {
    const differing = keysOf(words.zh).filter(
      (key) => String(namesIn(words.zh, key)) !== String(namesIn(words.en, key)),
    )
    expect(differing).toEqual([])
  })
})

const routes = Object.entries(
  import.meta.glob<RouteRecordRaw[]>('../../h5/*/routes.ts', { eager: true, import: 'routes' }),
).flatMap(([file, records]) => records.map((record) => ({ file, record })))

/** The files that a file brings along, itself included; words are fetched apart. */
function closure(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !/\.(vue|ts)$/.test(file) || file.includes('/messages/')) return seen
  if (!file.startsWith(h5) || !existsSync(file)) return seen
  seen.add(file)
  for (const [, from] of readFileSync(file, 'utf8').matchAll(
    /(?:from|import)\s*\(?\s*'(\.[^']+)'/g,
  ))
    closure(path.resolve(path.dirname(file), from ?? ''), seen)
  return seen
}

/** The features whose words a page may say. */
function saidBy(file: string): string[] {
  const key = new RegExp(`['"\`](${Object.keys(spoken).join('|')})\\.[a-zA-Z$]`, 'g')
  const features = [...closure(file)].flatMap((each) =>
    [...readFileSync(each, 'utf8').matchAll(key)].map((match) => match[1] ?? ''),
  )
  return [...new Set(features)].sort()
}

describe('a page', () => {
  it.each(routes)('$record.path names the words it needs', ({ file, record }) => {
    const page = /import\((?:[^'"`]*)['"`]([^'"`]+\.vue)/.exec(String(record.component))?.[1] ?? ''
    const place = page.startsWith('/h5')
      ? path.join(h5, '..', page)
      : path.resolve(path.dirname(path.join(import.meta.dirname, file)), page)
    expect(existsSync(place), place).toBe(true)
    expect(saidBy(place).filter((feature) => !record.meta?.words?.includes(feature))).toEqual([])
    expect((record.meta?.words ?? []).filter((feature) => !(feature in spoken))).toEqual([])
  })
})
