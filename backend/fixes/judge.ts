import { toWgs84, type Position } from '../../geo/index.ts'
import {
  FIX_RULES,
  Fix,
  Silence,
  type FixBatch,
  type Ingested,
  type RejectCode,
} from '../contract/fixes.ts'
import type { DutyWindow } from '../people/index.ts'
import { looksSwapped } from './countries.ts'
import { isPlainFix, type PlainFix } from './plainFix.ts'

/** What decides whether somebody's fixes may be kept. */
export interface Gate {
  duty: readonly DutyWindow[] // in time order
  consentAt: number | null // epoch ms; null: no consent holds
  countries: readonly string[] // ISO 3166 codes in which the org works
}

/** A fix to be stored: WGS-84, time corrected; `undefined` is stored as null. */
export interface FixRow {
  id: string // lower case
  at: number // epoch ms, corrected
  phoneAt: number | undefined // what the phone said, where that differs
  lng: number
  lat: number
  raw: readonly [lng: number, lat: number] | undefined // as reported, where the datum differs
  datum: Fix['datum']
  accuracy: number | undefined
  speed: number | undefined
  heading: number | undefined
  altitude: number | undefined
  battery: number | undefined
  network: string | undefined
  mock: boolean | undefined
  source: string | undefined
  date: string // work date of the duty window it falls in
}

export interface SilenceRow {
  id: string
  from: number // epoch ms, corrected
  to: number
  reason: Silence['reason']
  dates: string[] // work dates it touches
}

export interface Judged {
  fixes: FixRow[]
  silences: SilenceRow[]
  duplicate: number // repeated ids inside the batch
  rejected: Ingested['rejected'] // in the order of the input, fixes before silences
  warnings: NonNullable<Ingested['warnings']>
  places: Map<string, number> // index in the input by id, of what may be stored
}

/** @param ageMs older than this is `too_old`; an import allows everything. */
export interface Arrival {
  receivedAt: number // epoch ms, server clock
  ageMs: number
}

/**
 * Decides about each item of a batch by itself. Pure: rules of the domain, section 1.
 * The phone's clock is off by `receivedAt - sentAt`; beyond 60 s its times are corrected by that.
 */
export function judge(batch: FixBatch, gate: Gate, arrival: Arrival): Judged {
  const judged = nothing()
  const offset = clockOffset(batch.sentAt, arrival.receivedAt)
  const keep = <Row extends { id: string }>(rows: Row[], row: Row, index: number) => {
    if (judged.places.has(row.id)) return void judged.duplicate++
    rows.push(row)
    judged.places.set(row.id, index)
  }
  batch.fixes.forEach((item, index) => {
    const verdict = judgeFix(item, { gate, arrival, offset })
    if ('code' in verdict) judged.rejected.push({ index, id: idOf(item), ...verdict })
    else keep(judged.fixes, verdict, index)
    if (swapped(item, gate)) judged.warnings.push({ index, code: 'swapped_lng_lat' })
  })
  batch.silences?.forEach((item, place) => {
    const verdict = judgeSilence(item, { gate, arrival, offset })
    const index = batch.fixes.length + place
    if ('code' in verdict) judged.rejected.push({ index, id: idOf(item), ...verdict })
    else keep(judged.silences, verdict, index)
  })
  return judged
}

const nothing = (): Judged => ({
  fixes: [],
  silences: [],
  duplicate: 0,
  rejected: [],
  warnings: [],
  places: new Map(),
})

/** What must be added to the phone's times: 0 unless its clock is off by more than 60 s. */
export function clockOffset(sentAt: number | undefined, receivedAt: number): number {
  if (sentAt === undefined) return 0
  const offset = receivedAt - sentAt
  return Math.abs(offset) > FIX_RULES.clockOffsetMs ? offset : 0
}

interface Verdict {
  code: RejectCode
  message: string
}

interface Circumstances {
  gate: Gate
  arrival: Arrival
  offset: number
}

function judgeFix(item: unknown, { gate, arrival, offset }: Circumstances): FixRow | Verdict {
  const fix = isPlainFix(item) ? item : parsedFix(item)
  if ('code' in fix) return fix
  const at = fix.at + offset
  const wrong = wrongTime(at, arrival) ?? withoutConsent(at, gate)
  if (wrong) return wrong
  const window = gate.duty.find((each) => at >= each.from && at < each.to)
  if (!window) return { code: 'off_duty', message: 'at: outside of duty, nothing is kept' }
  return rowOf(fix, at, window.date)
}

function parsedFix(item: unknown): Fix | Verdict {
  const result = Fix.safeParse(item)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = String(issue?.path[0] ?? 'item')
  const code = POSITION_FIELDS.has(field) ? 'bad_position' : 'bad_item'
  return { code, message: `${field}: ${issue?.message ?? 'is not valid'}` }
}

const POSITION_FIELDS = new Set(['lng', 'lat', 'datum'])

function wrongTime(at: number, { receivedAt, ageMs }: Arrival): Verdict | null {
  if (at > receivedAt + FIX_RULES.futureMs)
    return { code: 'in_future', message: 'at: more than 2 minutes after the server’s clock' }
  if (at < receivedAt - ageMs) return { code: 'too_old', message: 'at: more than 7 days ago' }
  return null
}

function withoutConsent(at: number, { consentAt }: Gate): Verdict | null {
  if (consentAt !== null && at >= consentAt) return null
  return { code: 'no_consent', message: 'at: no consent to location reports held then' }
}

function placeOf({
  lng,
  lat,
  datum = 'wgs84',
}: PlainFix): Pick<FixRow, 'lng' | 'lat' | 'raw' | 'datum'> {
  if (datum === 'wgs84') return { lng, lat, raw: undefined, datum }
  const raw: Position<typeof datum> = [lng, lat]
  const [east, north] = toWgs84(raw, datum)
  return { lng: east, lat: north, raw, datum }
}

/** One literal, because merging spread objects costs more than everything else here. */
function rowOf(fix: PlainFix, at: number, date: string): FixRow {
  const { lng, lat, raw, datum } = placeOf(fix)
  return {
    id: fix.id.toLowerCase(),
    at,
    phoneAt: at === fix.at ? undefined : fix.at,
    lng,
    lat,
    raw,
    datum,
    accuracy: fix.accuracy ?? undefined,
    speed: fix.speed ?? undefined,
    heading: fix.heading ?? undefined,
    altitude: fix.altitude ?? undefined,
    battery: fix.battery ?? undefined,
    network: storable(fix.network),
    mock: fix.mock ?? undefined,
    source: storable(fix.source),
    date,
  }
}

const UNSTORABLE = /[\p{Cc}\p{Cs}]/u

/** PostgreSQL takes neither NUL nor halves of surrogate pairs: such a word would cost its whole group. */
export const storable = (text: string | null | undefined): string | undefined =>
  text && !UNSTORABLE.test(text) ? text : undefined

function judgeSilence(
  item: unknown,
  { gate, arrival, offset }: Circumstances,
): SilenceRow | Verdict {
  const result = Silence.safeParse(item)
  if (!result.success) {
    const issue = result.error.issues[0]
    const field = String(issue?.path[0] ?? 'item')
    return { code: 'bad_item', message: `${field}: ${issue?.message ?? 'is not valid'}` }
  }
  const { id, reason } = result.data
  const from = result.data.from + offset
  const to = result.data.to + offset
  if (to <= from) return { code: 'bad_item', message: 'to: must be later than from' }
  const wrong = wrongTime(to, arrival) ?? withoutConsent(to, gate)
  if (wrong) return { ...wrong, message: wrong.message.replace(/^at/, 'to') }
  const windows = gate.duty.filter((each) => from < each.to && to > each.from)
  if (windows.length === 0) return { code: 'off_duty', message: 'from, to: outside of duty' }
  const dates = [...new Set(windows.map((each) => each.date))]
  return { id: id.toLowerCase(), from, to, reason, dates }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function idOf(item: unknown): string | null {
  const id = isRecord(item) ? item['id'] : null
  return typeof id === 'string' && id.length <= 64 ? id : null
}

function swapped(item: unknown, { countries }: Gate): boolean {
  if (!isRecord(item)) return false
  const { lng, lat } = item
  return typeof lng === 'number' && typeof lat === 'number' && looksSwapped(lng, lat, countries)
}
