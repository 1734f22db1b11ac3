import type { Random } from '../../fixtures/random.ts'

/** What breaks readers of numbers, texts, dates, markup, paths and formulas. */
const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  '\uFEFF',
  '\ud800',
  '😀',
  '中'.repeat(300),
  "' or 1=1 --",
  '=HYPERLINK("http://x")',
  '<script>',
  ']]>',
  '<![CDATA[',
  '&#x0;',
  '&a;',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '1e999',
  '-0',
  '0x1f',
  'NaN',
  '12,5',
  '2026-02-30',
  '2026-11-24T25:61:61Z',
  '9999999999999999999',
  'a'.repeat(5000),
  '"',
  '""",,;\t\r\n',
] as const
const HOSTILE_VALUES: readonly unknown[] = [
  ...[null, true, false, -1, 0, 1e308, -1e308, 2 ** 53, 0.1, 1e-320, [], {}, [[]], [null]],
  ...[
    { __proto__: { a: 1 } },
    { length: 1e9 },
    { toString: 1 },
    Array.from({ length: 300 }, () => 0),
  ],
]

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same value with one or a few of its parts exchanged, left out, doubled, renamed or nested deeply. */
export function mutatedValue(value: unknown, random: Random): unknown {
  if (random.chance(0.12)) return hostile(value, random)
  if (Array.isArray(value) && value.length > 0) return mutatedList(value, random)
  if (!isRecord(value) || Object.keys(value).length === 0) return hostile(value, random)
  const keys = Object.keys(value)
  const key = random.pick(keys)
  const rest = Object.fromEntries(Object.entries(value).filter(([each]) => each !== key))
  const how = random.whole(0, 5)
  if (how === 0) return rest
  if (how === 1) return { ...rest, [random.pick([...HOSTILE_TEXTS, ...keys])]: value[key] }
  return { ...value, [key]: mutatedValue(value[key], random) }
}

function mutatedList(list: readonly unknown[], random: Random): unknown {
  const at = random.whole(0, list.length - 1)
  const how = random.whole(0, 4)
  if (how === 0) return list.filter((_, index) => index !== at)
  if (how === 1) return [...list, ...list, list[at]]
  return list.map((each, index) => (index === at ? mutatedValue(each, random) : each))
}

function hostile(value: unknown, random: Random): unknown {
  const how = random.whole(0, 4)
  if (how === 0) return nested(value, random.whole(10, 2000))
  if (how === 1 && typeof value === 'number')
    return value * random.pick([-1, 1e3, 1e9, 1e-9, 1e300])
  if (how === 2) return JSON.stringify(value)
  return random.pick(random.chance(0.5) ? HOSTILE_VALUES : HOSTILE_TEXTS)
}

function nested(value: unknown, depth: number): unknown {
  let all = value
  for (let level = 0; level < depth; level++) all = level % 2 ? [all] : { a: all }
  return all
}

/** Text with a piece cut out, doubled, moved, or something hostile put in; tags and values are pieces of their own. */
export function mutatedText(text: string, random: Random): string {
  const pieces = text.split(/(?<=[>,\n;"=&])|(?=[<,\n;"=&])/)
  const at = random.whole(0, pieces.length - 1)
  const to = Math.min(pieces.length, at + random.whole(1, 6))
  const some = pieces.slice(at, to)
  const inserted = [
    [],
    [...some, ...some],
    Array.from({ length: random.whole(2, 400) }, () => some.join('').slice(0, 200)),
    [random.pick(HOSTILE_TEXTS)],
    [...some].reverse(),
  ][random.whole(0, 4)]
  return [...pieces.slice(0, at), ...(inserted ?? []), ...pieces.slice(to)].join('')
}

const LONGEST = 100_000 // bytes: quadratic time shows, and what is linear stays far below a hang

/** Text with one short piece said over and over: what looks back too far, or nests, needs quadratic time for it. */
export function grownText(text: string, random: Random): string {
  const at = random.whole(0, text.length)
  const piece = text.slice(at, at + random.whole(1, random.chance(0.5) ? 3 : 300)) || ' '
  const times = Math.floor(random.whole(1000, LONGEST) / piece.length)
  return text.slice(0, at) + piece.repeat(times) + text.slice(at)
}

/** The beginning of one and the end of another. */
export function splicedText(one: string, other: string, random: Random): string {
  return one.slice(0, random.whole(0, one.length)) + other.slice(random.whole(0, other.length))
}

/** A few bytes turned, cut out, doubled or put in. */
export function mutatedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let all = Buffer.from(bytes)
  for (let times = random.whole(1, 8); times > 0 && all.length > 0; times--) {
    const at = random.whole(0, all.length - 1)
    const to = Math.min(all.length, at + random.whole(1, 64))
    const how = random.whole(0, 3)
    if (how === 0) all.writeUInt8(random.whole(0, 255), at)
    else if (how === 1) all = Buffer.concat([all.subarray(0, at), all.subarray(to)])
    else if (how === 2) all = Buffer.concat([all.subarray(0, to), all.subarray(at)])
    else all = all.subarray(0, random.chance(0.1) ? at : all.length)
  }
  return all
}

/** A table with cells, columns or rows exchanged for hostile ones. */
export function mutatedTable(table: readonly (readonly string[])[], random: Random): string[][] {
  const rows = table.map((row) => [...row])
  for (let times = random.whole(1, 6); times > 0; times--) {
    const row = random.pick(rows)
    const at = random.whole(0, Math.max(0, row.length - 1))
    const how = random.whole(0, 4)
    if (how === 0) row.splice(at, 1)
    else if (how === 1) row.push(...row)
    else if (how === 2) rows.push([...row])
    else
      row[at] = random.chance(0.5) ? mutatedText(row[at] ?? '', random) : random.pick(HOSTILE_TEXTS)
  }
  return rows
}
