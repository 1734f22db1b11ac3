import { createHash } from 'node:crypto'
import { toWgs84 } from '../../../geo/index.ts'
import type { CellFault, Mapping, RowError } from '../../contract/customerImport.ts'
import type { CustomField } from '../../contract/customerSettings.ts'
import { CustomerFields, type CustomValues } from '../../contract/customers.ts'
import type { Datum } from '../../contract/terms.ts'
import type { SheetRow } from '../../core/sheets/read.ts'
import { importKey, keysOf } from '../keys.ts'
import { brokenRule } from '../settings.ts'
import { customFault, faultOf, ruleOf } from './faults.ts'

/** Whom and what a file may name. */
export interface Known {
  fields: readonly CustomField[]
  people: ReadonlyMap<string, string> // by id or unique name: id
  departments: ReadonlyMap<string, string> // by id or unique name: id
  datum: Datum
}

/** A customer as a row of a file says, with what tells it from others and whether it has changed. */
export interface ImportedRow extends CustomerFields {
  ownerId: string | null
  departmentId: string | null
  place: { lng: number; lat: number; rawLng: number; rawLat: number } | null
  line: number // in the file
  key: string
  hash: string
  nameKey: string
  searchKey: string
}

type Complaint = Omit<RowError, 'line'>
type Cells = ReadonlyMap<string, string>

/**
 * What a row means under a mapping, or all that is wrong with it. Pure: the same row always gives the same.
 */
export function readRow(
  { line, cells }: SheetRow,
  mapping: Mapping,
  known: Known,
): { row: ImportedRow } | { errors: Complaint[] } {
  const given = new Map<string, string>()
  mapping.forEach((field, column) => {
    if (field) given.set(field, unguarded(cells[column] ?? ''))
  })
  const errors: Complaint[] = []
  const complain: Complain = (field, code, about = '') =>
    void errors.push({
      ...{ field, code, about, rule: ruleOf({ code, about }) },
      value: (given.get(field) ?? '').slice(0, 100),
    })
  const fields = fieldsOf(given, known, complain)
  const place = placeOf(given, known.datum, complain)
  const ownerId = lookUp(given, 'owner', known.people, complain)
  const departmentId = lookUp(given, 'department', known.departments, complain)
  if (errors.length > 0 || fields === null) return { errors }
  const said = { ...fields, ownerId, departmentId, place }
  const keys = { ...keysOf(said), key: importKey(said), hash: hashOf(said, mapping) }
  return { row: { ...said, ...keys, line } }
}

/** Our own exports put an apostrophe before what would be a formula. */
const unguarded = (text: string) => (/^'[=+\-@＝＋－＠]/.test(text) ? text.slice(1) : text)

function hashOf(said: object, mapping: Mapping): string {
  const text = JSON.stringify([said, [...mapping].filter((field) => field !== null).sort()])
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

type Complain = (field: string, code: CellFault, about?: string) => void

function fieldsOf(given: Cells, known: Known, complain: Complain): CustomerFields | null {
  const text = (field: string) => given.get(field) || null
  const contact = text('contact')
  const parsed = CustomerFields.safeParse({
    name: given.get('name') ?? '',
    address: text('address'),
    code: text('code'),
    phone: text('phone'),
    tier: tierOf(text('tier')),
    tags: (text('tags') ?? '')
      .split(/[,，;；、|]/)
      .map((tag) => tag.trim())
      .filter(Boolean),
    contacts: contact ? [{ name: contact, title: null, phone: text('contactPhone') }] : [],
    custom: customOf(given, known.fields, complain),
    note: text('note'),
    ...(text('radius') && { radius: Number(text('radius')) }),
  })
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) {
    const { code, about } = faultOf(issue)
    complain(String(issue.path[0]), code, about)
  }
  return null
}

/** A, B, C also as 甲乙丙, 一二三, 1 2 3 and with 级 or 类 behind. */
function tierOf(text: string | null): string | null {
  if (text === null) return null
  const letter = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[级類类等]/g, '')
    .trim()
  const place = ['A甲一1', 'B乙二2', 'C丙三3'].findIndex((signs) => signs.includes(letter))
  return letter.length === 1 && place >= 0 ? ('ABC'[place] ?? letter) : letter
}

function customOf(given: Cells, fields: readonly CustomField[], complain: Complain): CustomValues {
  const values: CustomValues = {}
  for (const field of fields) {
    const name = `custom.${field.key}`
    const text = given.get(name) ?? ''
    const value = text === '' ? null : field.kind === 'number' ? Number(text) : text
    if (brokenRule(field, value)) {
      const { code, about } = customFault(field, value === null)
      complain(name, code, about)
    } else if (value !== null) values[field.key] = value
  }
  return values
}

function placeOf(given: Cells, datum: Datum, complain: Complain): ImportedRow['place'] {
  const [lngText, latText] = placeTexts(given)
  if (lngText === '' && latText === '') return null
  const whole = given.has('lngLat')
  const lng = degrees(lngText, 180)
  const lat = degrees(latText, 90)
  if (lng === null) complain(whole ? 'lngLat' : 'lng', 'degrees', '180')
  if (lat === null) complain(whole ? 'lngLat' : 'lat', 'degrees', '90')
  if (lng === null || lat === null) return null
  const [east, north] = toWgs84([lng, lat], datum)
  return { lng: east, lat: north, rawLng: lng, rawLat: lat }
}

function placeTexts(given: Cells): [string, string] {
  const [first = '', second = ''] = (given.get('lngLat') ?? '').split(/[,，;；\s]+/)
  return [given.get('lng') || first, given.get('lat') || second]
}

function degrees(text: string, most: number): number | null {
  const value = text === '' ? Number.NaN : Number(text.normalize('NFKC').replace(/[°度EWNS]$/i, ''))
  return Math.abs(value) <= most ? value : null
}

function lookUp(
  given: Cells,
  field: string,
  known: ReadonlyMap<string, string>,
  complain: Complain,
): string | null {
  const text = given.get(field) ?? ''
  if (text === '') return null
  const id = known.get(text.toLowerCase())
  if (id === undefined) complain(field, 'unknown')
  return id ?? null
}
