import { DEFAULT_LEAVE } from '../../backend/approvals/defaults.ts'
import { grantsOf } from '../../backend/approvals/grantTable.ts'
import { punchesOf } from '../../backend/attendance/devices/table.ts'
import { employmentsOf } from '../../backend/attendance/employment/table.ts'
import { slipsOf } from '../../backend/attendance/payslips/slips.ts'
import { entriesOf } from '../../backend/attendance/rules/rosterTable.ts'
import { FixBatch } from '../../backend/contract/fixes.ts'
import { parseJson } from '../../backend/core/http/body.ts'
import { readSheet } from '../../backend/core/sheets/read.ts'
import { readTable, type TextTable } from '../../backend/core/sheets/readTable.ts'
import { LIMITS } from '../../backend/customers/import/index.ts'
import { guessMapping } from '../../backend/customers/import/mapping.ts'
import { readRow } from '../../backend/customers/import/row.ts'
import { parseOsmandJson, parseOsmandQuery } from '../../backend/fixes/clients/osmand.ts'
import { parseOverland } from '../../backend/fixes/clients/overland.ts'
import { parseOwntracks } from '../../backend/fixes/clients/owntracks.ts'
import { readRecorded } from '../../backend/tracks/recorded/index.ts'
import { judge } from '../../backend/fixes/judge.ts'
import { cutBody, isEnvelope } from '../../backend/wecom/callback/open.ts'
import { readCallback } from '../../backend/wecom/events/index.ts'
import { randomOf, type Random } from '../../fixtures/random.ts'
import { parseGpx } from '../../geo/index.ts'
import { mutatedFile, type Table } from './files.ts'
import { grownText, mutatedBytes, mutatedText, mutatedValue, splicedText } from './mutate.ts'
import { BATCH, bodiesOf, CALLBACKS, ENVELOPE, FIX, GPX, NOW, REC, TABLES, TRACCAR, TRACCAR_CSV } from './samples.ts' // prettier-ignore

/** A reader of what strangers send. */
interface Parser {
  /** An input made of real ones by chance. */
  make: (random: Random) => Uint8Array | Promise<Uint8Array>
  /** Whether something of it was taken; false or a Fault: it was refused. */
  run: (input: Uint8Array) => boolean | Promise<boolean>
}

const utf8 = (text: string) => Buffer.from(text)
const textOf = (input: Uint8Array) => Buffer.from(input).toString()

const GROWN = 0.02 // of the inputs are long

/** JSON by its structure, by its text, or by its bytes. */
function json(seeds: readonly unknown[], read: (value: unknown) => boolean): Parser {
  return {
    make: (random) => {
      let value = random.pick(seeds)
      for (let times = random.whole(1, 3); times > 0; times--) value = mutatedValue(value, random)
      const text = JSON.stringify(value) ?? ''
      if (random.chance(GROWN)) return utf8(grownText(text, random))
      if (random.chance(0.6)) return utf8(text)
      return random.chance(0.5) ? utf8(mutatedText(text, random)) : mutatedBytes(utf8(text), random)
    },
    run: (input) => read(parseJson(textOf(input))),
  }
}

function text(seeds: readonly string[], read: (text: string) => boolean): Parser {
  return {
    make: (random) => {
      let made = random.pick(seeds)
      if (random.chance(0.1)) made = splicedText(made, random.pick(seeds), random)
      for (let times = random.whole(1, 4); times > 0; times--) made = mutatedText(made, random)
      if (random.chance(GROWN)) return utf8(grownText(made, random))
      return random.chance(0.8) ? utf8(made) : mutatedBytes(utf8(made), random)
    },
    run: (input) => read(textOf(input)),
  }
}

const table = (seeds: readonly Table[], read: (table: TextTable) => boolean): Parser => ({
  make: (random) => mutatedFile(random.pick(seeds), random),
  run: async (input) => read(await readTable(input)),
})

const DAY = { from: NOW - 4 * 3_600_000, to: NOW + 4 * 3_600_000 }
const GATE = { duty: [{ ...DAY, date: '2026-11-24', zone: 'Asia/Shanghai' }], consentAt: 0, countries: ['CN'] } // prettier-ignore

function takesBatch(value: unknown): boolean {
  const parsed = FixBatch.safeParse(value)
  if (!parsed.success) return false
  return judge(parsed.data, GATE, { receivedAt: NOW, ageMs: 7 * 86_400_000 }).fixes.length > 0
}

const PERSON = { id: 'rep1', userId: 'rep1', name: '张三', zone: 'Asia/Shanghai', employed: [], shifts: [{ id: 's1', name: '早班' }] } // prettier-ignore
const people = [PERSON]
const dates = Array.from({ length: 30 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`) // prettier-ignore
const known = { people: new Map([['张三', 'rep1']]), departments: new Map([['南区', 'd1']]), fields: [], datum: 'gcj02' } as const // prettier-ignore

async function takesCustomers(input: Uint8Array): Promise<boolean> {
  let mapping: ReturnType<typeof guessMapping> | null = null
  let taken = 0
  for await (const rows of readSheet(input, LIMITS))
    for (const row of rows) {
      if (mapping === null) mapping = guessMapping(row.cells, [])
      else if ('row' in readRow(row, mapping, known)) taken++
    }
  return taken > 0
}

const takesPunches = (read: TextTable) => punchesOf(read, people, NOW).punches.length > 0

export const PARSERS: Readonly<Record<string, Parser>> = {
  fixes: json([BATCH], takesBatch),
  owntracks: json(bodiesOf('owntracks'), (value) => parseOwntracks(value).fixes.length > 0),
  osmandJson: json(bodiesOf('osmand'), (value) => parseOsmandJson(value, NOW).fixes.length > 0),
  osmandQuery: text(
    ['id=123&lat=22.54&lon=114.06&timestamp=1764000000&speed=3&bearing=90&altitude=3&accuracy=12&batt=80', 'deviceid=a&location=22.54,114.06&timestamp=2026-11-24 02:00:00'], // prettier-ignore
    (query) => parseOsmandQuery(new URLSearchParams(query), NOW).fixes.length > 0,
  ),
  overland: json(bodiesOf('overland'), (value) => parseOverland(value).fixes.length > 0),
  wecomXml: text(CALLBACKS, (xml) => readCallback(xml)?.event !== undefined),
  wecomEnvelope: text([ENVELOPE], (xml) => {
    const cut = cutBody(xml)
    return cut !== null && isEnvelope(cut)
  }),
  gpx: text([GPX], (xml) => {
    const parsed = parseGpx(xml, { maxPoints: 200_000 })
    return 'points' in parsed && parsed.points.length > 0
  }),
  owntracksRec: text([REC], (each) => readRecorded(each).points.length > 0),
  traccarJson: text([TRACCAR], (each) => readRecorded(each, '7').points.length > 0),
  traccarCsv: text([TRACCAR_CSV], (each) => readRecorded(each, '7').points.length > 0),
  customers: {
    make: (random) => mutatedFile(random.pick(TABLES.customers), random),
    run: takesCustomers,
  },
  rosters: table(TABLES.rosters, (read) => entriesOf(read, people, dates).entries.length > 0),
  grants: table(
    TABLES.grants,
    (read) =>
      grantsOf(read, { people, leave: DEFAULT_LEAVE, idOf: () => FIX.id }).grants.length > 0,
  ),
  punches: table(TABLES.punches, takesPunches),
  dingtalk: table(TABLES.dingtalk, takesPunches),
  wecomPunches: table(TABLES.wecomPunches, takesPunches),
  employments: table(
    TABLES.employments,
    (read) =>
      employmentsOf(read, [{ ...PERSON, personId: 'rep1', periods: [] }]).changes.length > 0,
  ),
  payslips: table(TABLES.payslips, (read) => slipsOf(read, people).slips.length > 0),
}

/** The same input for the same words, on every machine. */
export async function inputOf(name: string, seed: string, index: number): Promise<Uint8Array> {
  const parser = PARSERS[name]
  if (!parser) throw new RangeError(`${name} is no parser`)
  return parser.make(randomOf('fuzz', name, seed, index))
}
