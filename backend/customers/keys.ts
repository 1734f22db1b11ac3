import { createHash } from 'node:crypto'
import type { CustomerFields } from '../contract/customers.ts'

/**
 * PostgreSQL cuts words into trigrams by what its locale calls a letter, and under the C locale no
 * Chinese character is one. So each character that is no ASCII letter or digit becomes three letters:
 * similarity and substring search then work on every database, for words of one character, too.
 */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const BASE = LETTERS.length

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

const known = new Map<string, string>() // a list of customers spells the same few thousand again and again

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x80) return character
  const before = known.get(character)
  if (before !== undefined) return before
  const letters = lettersOf(code)
  known.set(character, letters)
  return letters
}

function lettersOf(code: number): string {
  const digits = [code % BASE, Math.floor(code / BASE) % BASE, Math.floor(code / BASE ** 2) % BASE]
  return digits.map((digit) => LETTERS[digit]).join('')
}

const spell = (text: string) => [...plain(text)].map(spelled).join('')

/** Words that many names share and that tell none from another. */
const COMMON = /(股份)?有限(责任)?公司|(co|ltd|inc|llc)\b\.?|分公司|公司/giu

/** What is compared to find out whether two names mean the same firm. Never empty for a name with a letter. */
export function nameKey(name: string): string {
  const short = spell(name.normalize('NFKC').replace(COMMON, ' '))
  return short === '' ? spell(name) : short
}

/** What a search looks through: words of all parts, each part apart. */
export const searchKey = (parts: readonly (string | null | undefined)[]) =>
  parts
    .map((part) => spell(part ?? ''))
    .filter((part) => part !== '')
    .join(' ')

/** Makes a customer's texts findable. */
export const keysOf = (fields: Pick<CustomerFields, 'name' | 'address' | 'code' | 'phone'>) => ({
  nameKey: nameKey(fields.name),
  searchKey: searchKey([fields.name, fields.address, fields.code, fields.phone]),
})

/** A pattern for `like` on a search key; null when the words hold no letter to look for. */
export function searchPattern(words: string): string | null {
  const key = spell(words)
  return key === '' ? null : `%${key}%`
}

/** What tells a row of a file from others: its code where it has one, else its name and address. */
export function importKey(row: { code: string | null; name: string; address: string | null }) {
  if (row.code !== null) return `c:${row.code}`
  const text = JSON.stringify([plain(row.name), plain(row.address ?? '')])
  return `n:${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`
}
