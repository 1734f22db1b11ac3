import { describe, expect, it } from 'vitest'
import { messages, type Words } from '../../h5/messages/index.ts'

const keysOf = (words: Words, prefix = ''): string[] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  )
const namesIn = (words: Words, path: string): string[] => {
  const text = path.split('.').reduce<string | Words>((at, key) => {
    return typeof at === 'string' ? at : (at[key] ?? '')
  }, words)
  return typeof text === 'string' ? (text.match(/\{\w+\}/g) ?? []).sort() : []
}

describe('the words of the pages', () => {
  const keys = keysOf(messages['zh-CN'])

  it('are there in both languages', () => {
    expect(keysOf(messages.en).sort()).toEqual([...keys].sort())
  })

  it('name the same things in both languages', () => {
    const differing = keys.filter(
      (key) => String(namesIn(messages['zh-CN'], key)) !== String(namesIn(messages.en, key)),
    )
    expect(differing).toEqual([])
  })
})
