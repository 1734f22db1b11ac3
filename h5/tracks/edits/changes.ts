import type { Day, DayEdit, RecordedEdit, Segment } from '../../../backend/contract/days.ts'
import { editDay, type DerivedDay, type EditedDay, type TrackEdit } from '../../../geo/index.ts'
import { customerTime } from '../day/dayList.ts'

/** What a person can say of a piece of his day. */
export type Act = 'name' | 'split' | 'merge' | 'dispute' | 'withdraw'

export type EditableDay = Pick<Day, 'segments' | 'totals' | 'visits' | 'edits'>

/** The moment by which an edit names a piece: its middle, which a recomputation moves least. */
export function momentOf({ from, to }: Pick<Segment, 'from' | 'to'>): number {
  return Math.floor((from + to) / 2)
}

/** The piece at a moment, null where the day has none. */
export function indexAt(segments: readonly Segment[], at: number): number | null {
  const index = segments.findIndex(({ from, to }) => from <= at && at < to)
  return index === -1 ? null : index
}

/** What can be said of this piece, the likeliest first. */
export function actsOf(day: EditableDay, index: number): Act[] {
  const segment = day.segments[index]
  if (!segment) return []
  const undo: Act[] = editsOf(day, index).length > 0 ? ['withdraw'] : []
  if (!isStay(segment)) return ['dispute', ...undo]
  const cuttable: Act[] = cutRange(segment) === null ? [] : ['split']
  const mergeable: Act[] = neighboursOf(day, index).length > 0 ? ['merge'] : []
  return ['name', ...cuttable, ...mergeable, 'dispute', ...undo]
}

const MINUTE = 60_000

/** The whole minutes at which a stay can be split; null for one too short to be two. */
export function cutRange({ from, to }: Pick<Segment, 'from' | 'to'>): {
  first: number
  last: number
} | null {
  const first = (Math.floor(from / MINUTE) + 1) * MINUTE
  const last = (Math.ceil(to / MINUTE) - 1) * MINUTE
  return last < first ? null : { first, last }
}

/** Edits that are in force on a piece, the latest first. */
export function editsOf({ segments, edits = [] }: EditableDay, index: number): RecordedEdit[] {
  const ids = new Set(segments[index]?.edits ?? [])
  return edits.filter(({ id, effect }) => effect === 'applied' && ids.has(id)).reverse()
}

/** A stay of the day: seen and inferred time at one place that follow each other. */
interface Stay {
  readonly first: number // index of its first piece
  last: number
  readonly from: number
  to: number
}

/** A stay that can become one with another, and what lies between. */
export interface Neighbour {
  readonly side: 'before' | 'after'
  readonly index: number // of its first piece
  readonly stay: { readonly from: number; readonly to: number } // with its inferred time
  readonly moments: { readonly from: number; readonly to: number } // one in each of the two
  readonly whole: { readonly from: number; readonly to: number } // what the one stay will be
  readonly movedMetres: number // between, counted today and then no more
  readonly silentMs: number // between, then told as stay
  readonly place: number // index of the first piece of the longer one, which gives the place
}

/** The stays before and after a piece's own, unless a pause between two duties parts them. */
export function neighboursOf(day: EditableDay, index: number): Neighbour[] {
  const stays = staysIn(day)
  const at = stays.findIndex(({ first, last }) => first <= index && index <= last)
  const [own, before, after] = [stays[at], stays[at - 1], stays[at + 1]]
  if (!own) return []
  return [
    ...(before ? joined(day.segments, before, own, 'before') : []),
    ...(after ? joined(day.segments, own, after, 'after') : []),
  ]
}

function joined(
  segments: readonly Segment[],
  one: Stay,
  two: Stay,
  side: Neighbour['side'],
): Neighbour[] {
  const whole = segments.slice(one.first, two.last + 1)
  if (whole.some((piece, index) => index > 0 && whole[index - 1]?.to !== piece.from)) return []
  const between = segments.slice(one.last + 1, two.first)
  const other = side === 'before' ? one : two
  const moves = between.filter(({ kind }) => kind === 'move')
  const silences = between.filter(({ kind }) => kind === 'silent')
  return [
    {
      side,
      index: other.first,
      stay: { from: other.from, to: other.to },
      moments: { from: momentOf(one), to: momentOf(two) },
      whole: { from: one.from, to: two.to },
      place: two.to - two.from > one.to - one.from ? two.first : one.first,
      movedMetres: moves.reduce((sum, { metres }) => sum + (metres ?? 0), 0),
      silentMs: silences.reduce((sum, { from, to }) => sum + to - from, 0),
    },
  ]
}

function staysIn(day: EditableDay): Stay[] {
  const cuts = new Set(splitsOf(day).map(({ at }) => at))
  const stays: Stay[] = []
  day.segments.forEach((segment, index) => {
    if (!isStay(segment)) return
    const before = day.segments[index - 1]
    const last = stays.at(-1)
    if (last && before && goesOn(before, segment) && !cuts.has(segment.from)) {
      last.last = index
      last.to = segment.to
    } else stays.push({ first: index, last: index, from: segment.from, to: segment.to })
  })
  return stays
}

const isStay = ({ kind }: Segment) => kind === 'stay' || kind === 'inferred_stay'

const goesOn = (before: Segment, segment: Segment) =>
  isStay(before) &&
  before.to === segment.from &&
  before.place?.lng === segment.place?.lng &&
  before.place?.lat === segment.place?.lat

const splitsOf = ({ edits = [] }: EditableDay) =>
  edits.filter((edit) => edit.kind === 'split').filter(({ effect }) => effect === 'applied')

/** One of the day's four figures, when an edit changes it. */
export interface Shift {
  readonly figure: 'moved' | 'visits' | 'atCustomers' | 'silent'
  readonly before: number // metres, visits, ms, ms
  readonly after: number
}

/** What is known of an edit before it is made: what it changes, that it fits nothing, or nothing. */
export type Forecast = Shift[] | 'no_effect' | 'unknown'

/**
 * What an edit will do, by the server's own rule. Unknown of a withdrawal, which needs the day
 * before all edits.
 */
export function foreseen(day: EditableDay, edit: DayEdit): Forecast {
  if (edit.kind === 'withdraw') return 'unknown'
  const told = { madeAt: 0, madeBy: '' }
  const earlier = splitsOf(day).map(({ id, at }) => ({ ...told, id, kind: 'split' as const, at }))
  const wanted: TrackEdit = { ...edit, madeBy: '', madeAt: 1 }
  const after = editDay(derived(day), [...earlier, wanted])
  if (after.edits?.find(({ id }) => id === edit.id)?.effect !== 'applied') return 'no_effect'
  const [was, will] = [figuresOf(day), figuresOf(after)]
  return FIGURES.filter((figure) => was[figure] !== will[figure]).map((figure) => ({
    figure,
    before: was[figure],
    after: will[figure],
  }))
}

const FIGURES = ['moved', 'visits', 'atCustomers', 'silent'] as const

function figuresOf({ segments, totals, visits }: EditableDay | EditedDay) {
  return {
    moved: totals.movedMetres,
    visits: visits.length,
    atCustomers: customerTime(segments),
    silent: totals.silentSeconds * 1000,
  }
}

/** The server's day as geo's. Only what edits look at is taken over. */
function derived({ segments, totals, visits }: EditableDay): DerivedDay {
  return {
    date: '',
    zone: '',
    algorithmVersion: '',
    duty: [],
    segments: segments.map(({ kind, from, to, place, customerId, metres }) => ({
      kind,
      from,
      to,
      ...(place && { place: { lng: place.lng, lat: place.lat, name: place.name ?? null } }),
      ...(customerId !== undefined && { customerId }),
      ...(metres !== undefined && { metres }),
    })),
    totals,
    visits,
    flags: { inaccurate: 0, jump: 0, stale: 0, mock: 0, clock: 0 },
  }
}
