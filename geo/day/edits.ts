import { totalsOf, visitsOf, type DerivedDay } from './day.ts'
import type { Piece } from './ribbon.ts'

/** What a person says of his own day, named by times so that it outlives every recomputation. */
export type TrackEdit = EditWords & {
  readonly id: string
  readonly madeAt: number // epoch ms
  readonly madeBy: string
}

type EditWords = StayEdit | { readonly kind: 'withdraw'; readonly editId: string }

/** Edits that change or mark pieces; times are epoch ms. */
type StayEdit =
  | { readonly kind: 'split'; readonly at: number }
  | { readonly kind: 'merge'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'name'
      readonly at: number
      readonly name: string
      readonly customerId?: string | null | undefined // null: at no customer; absent: as it was
    }
  | { readonly kind: 'dispute'; readonly at: number; readonly note: string }

export type EditEffect = 'applied' | 'none' | 'withdrawn'

export interface EditedPiece extends Piece {
  edits?: string[] // ids of what changed it, in the order they were made
  disputed?: string
}

export interface EditedDay extends Omit<DerivedDay, 'segments'> {
  segments: EditedPiece[]
  edits?: (TrackEdit & { effect: EditEffect })[]
}

/**
 * The day as its person corrected it: edits in the order they were made (ties by id, a repeated id
 * once), each on the outcome of those before. One that fits nothing changes nothing and says so.
 * Pieces tile the duty as before; totals and visits are counted anew. A split alone makes no second
 * visit: who did not leave was there once. Total over its types; without edits, the day itself.
 */
export function editDay(day: DerivedDay, edits: readonly TrackEdit[]): EditedDay {
  if (edits.length === 0) return day
  const ordered = inOrder(edits)
  const { gone, taken } = withdrawalsOf(ordered)
  let ribbon: Ribbon = { pieces: day.segments, cuts: new Set() }
  const effectOf = (edit: TrackEdit): EditEffect => {
    if (gone.has(edit.id)) return 'withdrawn'
    if (edit.kind === 'withdraw') return taken.has(edit.id) ? 'applied' : 'none'
    const edited = applied(ribbon, edit, edit.id)
    if (!edited) return 'none'
    ribbon = edited
    return 'applied'
  }
  const recorded = ordered.map((edit) => ({ ...edit, effect: effectOf(edit) }))
  const segments = ribbon.pieces
  const counted = { totals: totalsOf(segments), visits: visitsOf(segments) }
  return { ...day, segments: [...segments], ...counted, edits: recorded }
}

function inOrder(edits: readonly TrackEdit[]): TrackEdit[] {
  const ordered = [...edits].sort((a, b) => a.madeAt - b.madeAt || (a.id < b.id ? -1 : 1))
  const seen = new Set<string>()
  return ordered.filter(({ id }) => !seen.has(id) && seen.add(id))
}

/**
 * Which edits are taken back, and which withdrawals did it. From the last to the first, because one
 * withdrawal may take back another that was made before it; of other edits the order means nothing.
 */
function withdrawalsOf(ordered: readonly TrackEdit[]) {
  const [gone, taken] = [new Set<string>(), new Set<string>()]
  const kinds = new Map(ordered.map(({ id, kind }) => [id, kind]))
  const later = new Set<string>()
  for (const edit of [...ordered].reverse()) {
    if (edit.kind !== 'withdraw') continue
    later.add(edit.id)
    if (gone.has(edit.id) || !kinds.has(edit.editId) || later.has(edit.editId)) continue
    gone.add(edit.editId)
    taken.add(edit.id)
  }
  return { gone, taken }
}

interface Ribbon {
  readonly pieces: readonly EditedPiece[]
  readonly cuts: ReadonlySet<number> // moments at which one stay was said to be two
}

/** The ribbon after one edit; null when it fits nothing. */
function applied(ribbon: Ribbon, edit: StayEdit, id: string): Ribbon | null {
  switch (edit.kind) {
    case 'split':
      return split(ribbon, edit.at, id)
    case 'merge':
      return merged(ribbon, edit, id)
    case 'name':
      return named(ribbon, edit, id)
    case 'dispute':
      return disputed(ribbon, edit, id)
  }
}

function split({ pieces, cuts }: Ribbon, at: number, id: string): Ribbon | null {
  const index = pieces.findIndex(({ from, to }) => from < at && at <= to)
  const [piece, next] = [pieces[index], pieces[index + 1]]
  if (!piece || !isStay(piece)) return null
  const divided = { cuts: new Set([...cuts, at]) }
  if (at < piece.to) {
    const halves = [marked({ ...piece, to: at }, id), marked({ ...piece, from: at }, id)]
    return { ...divided, pieces: replaced(pieces, [index, 1], halves) }
  }
  if (!next || !isOneStay(piece, next, cuts)) return null
  return { ...divided, pieces: replaced(pieces, [index, 2], [marked(piece, id), marked(next, id)]) }
}

/** Everything from the first stay to the last one of the time becomes one stay at the place of the longest. */
function merged(ribbon: Ribbon, span: { from: number; to: number }, id: string): Ribbon | null {
  const stays = staysOf(ribbon)
  const within = stays.filter(({ from, to }) => to > span.from && from < span.to)
  const touching = stays.filter(({ from, to }) => to >= span.from && from <= span.to)
  const chosen = within.length > 1 ? within : touching
  const [first, last] = [chosen[0], chosen.at(-1)]
  if (!first || !last || first === last) return null
  const whole = ribbon.pieces.slice(first.first, last.last + 1)
  if (!isSeamless(whole)) return null
  const longest = chosen.reduce((best, each) => (lengthOf(each) > lengthOf(best) ? each : best))
  const stay = marked(mergedStay(whole, ribbon.pieces[longest.first], [first.from, last.to]), id)
  const cuts = [...ribbon.cuts].filter((at) => at <= first.from || at >= last.to)
  return {
    pieces: replaced(ribbon.pieces, [first.first, whole.length], [stay]),
    cuts: new Set(cuts),
  }
}

function mergedStay(
  whole: readonly EditedPiece[],
  longest: EditedPiece | undefined,
  [from, to]: readonly [number, number],
): EditedPiece {
  const edits = [...new Set(whole.flatMap((piece) => piece.edits ?? []))]
  const note = whole.flatMap(({ disputed: words }) => words ?? []).at(-1)
  return {
    kind: 'stay',
    from,
    to,
    ...(longest?.place && { place: longest.place }),
    ...(longest?.customerId !== undefined && { customerId: longest.customerId }),
    ...(edits.length > 0 && { edits }),
    ...(note !== undefined && { disputed: note }),
  }
}

/** Names the whole stay, its inferred time included. */
function named(
  ribbon: Ribbon,
  edit: Extract<StayEdit, { kind: 'name' }>,
  id: string,
): Ribbon | null {
  const stay = staysOf(ribbon).find(({ from, to }) => from <= edit.at && edit.at < to)
  if (!stay) return null
  const pieces = ribbon.pieces.map((piece, index) =>
    index < stay.first || index > stay.last ? piece : marked(withName(piece, edit), id),
  )
  return { ...ribbon, pieces }
}

function withName(
  piece: EditedPiece,
  { name, customerId }: { name: string; customerId?: string | null | undefined },
): EditedPiece {
  const { customerId: before, ...rest } = piece
  const after = customerId === undefined ? before : (customerId ?? undefined)
  return {
    ...rest,
    ...(piece.place && { place: { ...piece.place, name } }),
    ...(after !== undefined && { customerId: after }),
  }
}

function disputed(
  { pieces, cuts }: Ribbon,
  { at, note }: { at: number; note: string },
  id: string,
): Ribbon | null {
  const index = pieces.findIndex(({ from, to }) => from <= at && at < to)
  const piece = pieces[index]
  if (!piece) return null
  return { cuts, pieces: replaced(pieces, [index, 1], [marked({ ...piece, disputed: note }, id)]) }
}

/** A new list; the WebViews that draw a forecast know no `toSpliced`. */
const replaced = (
  pieces: readonly EditedPiece[],
  [first, count]: readonly [number, number],
  by: readonly EditedPiece[],
): EditedPiece[] => [...pieces.slice(0, first), ...by, ...pieces.slice(first + count)]

const isStay = ({ kind }: Piece) => kind === 'stay' || kind === 'inferred_stay'

const marked = (piece: EditedPiece, id: string): EditedPiece => ({
  ...piece,
  edits: [...(piece.edits ?? []), id],
})

/** Pieces of one stay: seen and inferred time at one place that follow each other, first and last included. */
interface Stay {
  readonly first: number
  last: number
  readonly from: number
  to: number
}

function staysOf({ pieces, cuts }: Ribbon): Stay[] {
  const stays: Stay[] = []
  for (const [index, piece] of pieces.entries()) {
    const [last, before] = [stays.at(-1), pieces[index - 1]]
    if (!isStay(piece)) continue
    if (last && before && isOneStay(before, piece, cuts)) {
      last.last = index
      last.to = piece.to
    } else stays.push({ first: index, last: index, from: piece.from, to: piece.to })
  }
  return stays
}

const isOneStay = (before: Piece, piece: Piece, cuts: ReadonlySet<number>) =>
  isStay(before) &&
  isStay(piece) &&
  before.to === piece.from &&
  !cuts.has(piece.from) &&
  before.place?.lng === piece.place?.lng &&
  before.place?.lat === piece.place?.lat

/** Without the pause between two duty windows. */
const isSeamless = (pieces: readonly Piece[]) =>
  pieces.every((piece, index) => index === 0 || pieces[index - 1]?.to === piece.from)

const lengthOf = ({ from, to }: Stay) => to - from
