import { isPlace } from './track.ts'
import { xmlEvents, type XmlErrorCode, type XmlEvent } from './xml.ts'

/** A point of a recorded track: WGS-84, epoch ms. */
export interface GpxPoint {
  readonly at: number
  readonly lng: number
  readonly lat: number
  readonly altitude?: number // metres
  readonly speed?: number // m/s
  readonly accuracy?: number // metres, 68 % radius; only our own exports tell it
}

export interface GpxError {
  readonly code: 'too_large' | 'not_gpx' | 'too_many_points' | XmlErrorCode
  readonly message: string
}

export interface GpxLimits {
  readonly maxPoints: number
  readonly maxLength?: number // characters; 64 million unless told
}

export type ParsedGpx =
  { readonly points: GpxPoint[]; readonly skipped: number } | { readonly error: GpxError }

const MOST_CHARACTERS = 64_000_000

const MESSAGES = {
  too_large: 'The file is too large.',
  not_gpx: 'This is no GPX file: its first element is not gpx.',
  too_many_points: 'The file has too many points.',
  doctype: 'The file has a document type declaration, which is refused.',
  too_deep: 'Elements are nested too deeply.',
  not_well_formed: 'The file is broken or incomplete XML',
} as const

/**
 * The track points of a GPX 1.0 or 1.1 document: all tracks and segments, in the order of the file. Routes and
 * waypoints are no record of where somebody was and are left out. Never throws; time is linear in the length.
 * @returns points, and how many were skipped for want of a time or a possible position, or what is wrong.
 */
export function parseGpx(text: string, limits: GpxLimits): ParsedGpx {
  if (text.length > (limits.maxLength ?? MOST_CHARACTERS)) return failed('too_large')
  const reading = new Reading()
  for (const event of xmlEvents(text)) {
    if (event.kind === 'error') return failed(event.code, lineOf(text, event))
    reading.take(event)
    if (reading.root !== undefined && reading.root !== 'gpx') return failed('not_gpx')
    if (reading.points.length + reading.skipped > limits.maxPoints) return failed('too_many_points')
  }
  return { points: reading.points, skipped: reading.skipped }
}

function failed(code: GpxError['code'], line?: number): ParsedGpx {
  const message = line === undefined ? MESSAGES[code] : `${MESSAGES[code]} (line ${line}).`
  return { error: { code, message } }
}

const lineOf = (text: string, { at }: { at: number }) => text.slice(0, at).split('\n').length

const TRACK_POINT = 'gpx/trk/trkseg/trkpt'
const TOLD = new Map([
  ['time', 'time'],
  ['ele', 'ele'],
  ['speed', 'speed'],
  ['extensions/speed', 'speed'],
  ['extensions/accuracy', 'accuracy'],
  ['extensions/TrackPointExtension/speed', 'speed'],
])

/** What has been read so far. */
class Reading {
  readonly points: GpxPoint[] = []
  skipped = 0
  root: string | undefined
  private readonly path: string[] = []
  private attributes = new Map<string, string>()
  private told = new Map<string, string>()

  take(event: Exclude<XmlEvent, { kind: 'error' }>): void {
    if (event.kind === 'open') this.open(event.name, event.attributes)
    else if (event.kind === 'text') this.hear(event.text)
    else this.close()
  }

  private open(name: string, attributes: Map<string, string>): void {
    this.root ??= name
    this.path.push(name)
    if (this.path.join('/') !== TRACK_POINT) return
    this.attributes = attributes
    this.told = new Map()
  }

  private hear(text: string): void {
    if (this.path[3] !== 'trkpt') return
    const name = TOLD.get(this.path.slice(4).join('/'))
    if (name) this.told.set(name, `${this.told.get(name) ?? ''}${text}`)
  }

  private close(): void {
    if (this.path.join('/') === TRACK_POINT) this.finish()
    this.path.pop()
  }

  private finish(): void {
    const [lng, lat] = [numberOf(this.attributes.get('lon')), numberOf(this.attributes.get('lat'))]
    const at = momentOf(this.told.get('time') ?? '')
    if (!Number.isFinite(at) || !isPlace(lng, lat)) {
      this.skipped++
      return
    }
    const altitude = numberOf(this.told.get('ele'))
    const speed = numberOf(this.told.get('speed'))
    const accuracy = numberOf(this.told.get('accuracy'))
    this.points.push({
      at,
      lng,
      lat,
      ...(Number.isFinite(altitude) ? { altitude } : {}),
      ...(speed >= 0 ? { speed } : {}),
      ...(accuracy >= 0 ? { accuracy } : {}),
    })
  }
}

const DECIMAL = /^[+-]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?$/

/** A number as documents write it, or NaN. */
function numberOf(text: string | undefined): number {
  const trimmed = (text ?? '').trim()
  const value = DECIMAL.test(trimmed) ? Number(trimmed) : NaN
  return Number.isFinite(value) ? value : NaN
}

const MOMENT =
  /^([12]\d{3}-\d\d-\d\d)T([01]\d|2[0-4]):([0-5]\d):([0-5]\d|60)(\.\d{1,9})?(?:Z|([+-]\d\d):?(\d\d))?$/i

/** ISO 8601 as epoch ms, or NaN. Without a zone it is UTC, as GPX says, and never that of this machine. */
function momentOf(text: string): number {
  const [whole, date, hour, minute, second, fraction, zoneHour, zoneMinute] =
    MOMENT.exec(text.trim()) ?? []
  if (whole === undefined) return NaN
  const [year, month, day] = String(date).split('-').map(Number)
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, day))
  if (!midnight.toISOString().startsWith(String(date))) return NaN
  const zone = Number(zoneHour ?? 0) * 60
  const east = zone + (zoneHour?.startsWith('-') ? -1 : 1) * Number(zoneMinute ?? 0)
  const minutes = Number(hour) * 60 + Number(minute) - east
  const ms = Math.round(Number(fraction ?? 0) * 1000)
  return midnight.getTime() + minutes * 60_000 + Number(second) * 1000 + ms
}
