import { createHash } from 'node:crypto'

/** What the first link of a company's first day follows. */
export const GENESIS = '0'.repeat(64)

/** JSON with the keys in order and without what is undefined: one text for one content. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const pairs = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
  return `{${pairs.join(',')}}`
}

/** SHA-256, lower hex, of a link's content together with the hash of the one before. */
export const linkHash = (prev: string, content: object): string =>
  createHash('sha256')
    .update(canonical({ ...content, prev }))
    .digest('hex')

/** A link as it is stored, with what it says of itself. */
export interface StoredLink {
  readonly chainDate: string
  readonly seq: number
  readonly prev: string
  readonly hash: string
  readonly content: { readonly id: string; readonly personId: string }
  /** By a recorded erasure: what is left can not be held against the hash, its place in the chain can. */
  readonly erased?: boolean
}

/** What a day's chain says of itself. */
export interface ChainDay {
  readonly date: string
  readonly seq: number // of its newest link
  readonly head: string
  readonly origin: string
}

/** The first thing that is wrong with a chain. */
export interface Break {
  readonly date: string
  readonly seq: number
  readonly what: 'changed' | 'missing' | 'reordered' | 'extra' | 'day_unlinked'
  readonly id: string | null // of the check-in that shows it
  readonly personId: string | null
}

/**
 * Follows one day's links.
 * @param links of the day, in order of `seq`
 * @param before hashes that the day's first link may follow: those of the day before, or the genesis
 */
export function verifyDay(
  day: ChainDay,
  links: readonly StoredLink[],
  before: ReadonlySet<string>,
): Break | null {
  if (!before.has(day.origin)) return breakAt(day, 0, 'day_unlinked', null)
  let prev = day.origin
  for (const [index, link] of links.entries()) {
    const broken = brokenLink(day, link, index + 1, prev)
    if (broken) return broken
    prev = link.hash
  }
  if (links.length < day.seq) return breakAt(day, links.length + 1, 'missing', null)
  return prev === day.head ? null : breakAt(day, day.seq, 'changed', links.at(-1) ?? null)
}

function brokenLink(day: ChainDay, link: StoredLink, seq: number, prev: string): Break | null {
  if (link.seq > seq) return breakAt(day, seq, 'missing', null)
  if (link.seq > day.seq) return breakAt(day, link.seq, 'extra', link)
  if (!link.erased && linkHash(link.prev, link.content) !== link.hash)
    return breakAt(day, seq, 'changed', link)
  return link.prev === prev ? null : breakAt(day, seq, 'reordered', link)
}

const breakAt = (
  { date }: ChainDay,
  seq: number,
  what: Break['what'],
  link: StoredLink | null,
): Break => ({
  date,
  seq,
  what,
  id: link?.content.id ?? null,
  personId: link?.content.personId ?? null,
})
