import type { DayInput, MinuteClass, Piece, Span } from '../../contract/attendance.ts'
import type { LeaveKind } from '../../contract/approvalSettings.ts'
import type { ExportDay } from './source.ts'

const DAY = 1440

/**
 * Required minutes of a day that are leave, by kind. Where two leaves cover a minute it is the first one's, so the
 * kinds add up to the day's leave.
 */
export function leaveByKind({ granted }: Pick<ExportDay, 'granted'>): ReadonlyMap<string, number> {
  if (!granted || granted.leaves.length === 0) return NO_LEAVE
  const sums = new Map<string, number>()
  const shares = sharesOf(granted.pieces.filter(isOf('leave')), granted.leaves)
  granted.leaves.forEach(({ kind }, index) =>
    sums.set(kind, (sums.get(kind) ?? 0) + (shares[index] ?? 0)),
  )
  return sums
}
const NO_LEAVE: ReadonlyMap<string, number> = new Map()

/** Required minutes of a day that a business trip takes; the other outing minutes are not among them. */
export function tripMinutes({ granted }: Pick<ExportDay, 'granted'>): number {
  if (!granted) return 0
  const trips = granted.outings.filter(({ source }) => source === 'trip')
  const shares = sharesOf(granted.pieces.filter(isOf('outing')), trips)
  return shares.reduce((sum, minutes) => sum + minutes, 0)
}

/** How many minutes of the pieces each span has; where two cover a minute it is the first one's. */
function sharesOf(pieces: readonly Piece[], spans: readonly Span[]): number[] {
  let left = pieces
  return spans.map((span) => {
    const minutes = minutesIn(left, span)
    left = left.flatMap((piece) => outsideOf(piece, span))
    return minutes
  })
}

const isOf = (kind: MinuteClass) => (piece: Piece) => piece.kind === kind

const minutesIn = (pieces: readonly Span[], { from, to }: Span) =>
  pieces.reduce((sum, piece) => sum + Math.max(0, Math.min(to, piece.to) - Math.max(from, piece.from)), 0) // prettier-ignore

const outsideOf = <Of extends Span>(piece: Of, { from, to }: Span): Of[] =>
  [
    { ...piece, to: Math.min(piece.to, from) },
    { ...piece, from: Math.max(piece.from, to) },
  ].filter((rest) => rest.to > rest.from)

/** Minutes as a share of what the day counts for: a half Saturday on leave is half a day. */
export const daysOfMinutes = ({ dueDays, minutes }: ExportDay, part: number) =>
  minutes.required === 0 ? 0 : (dueDays * part) / minutes.required

/**
 * Asked for, and begun on this date: those of the dates beside it stand among a day's facts, too, unless their
 * approval counts alone.
 */
const isOwnOvertime = ({ id, from, alone = false }: DayInput['overtime'][number]) =>
  id !== undefined && (alone || (from >= 0 && from < DAY))

/** WeCom's 加班状态: whether what was asked for was worked; null when there was none. */
export function overtimeState({ granted, minutes, overtime }: ExportDay): string | null {
  const asked = (granted?.overtime ?? []).filter(isOwnOvertime)
  const wanted = asked.reduce((sum, { from, to }) => sum + to - from, 0)
  if (wanted > minutes.overtime) return '缺时长'
  return wanted > 0 || overtime > 0 ? '正常' : null
}

/** WeCom's 假勤申请: what was approved for the day, as `年假 全天;外出 14:00~16:00`. */
export function requestsOf(day: ExportDay, kinds: ReadonlyMap<string, LeaveKind>): string | null {
  const { leaves, outings, overtime, pieces } = day.granted ?? NOTHING
  const end = Math.max(DAY, ...pieces.map(({ to }) => to))
  const covers = [
    ...leaves.map(({ kind, ...span }) => ({ what: kinds.get(kind)?.name ?? OTHER_LEAVE, span })),
    ...outings.flatMap(({ source, ...span }) => source === 'visit' ? [] : [{ what: source === 'trip' ? '出差' : '外出', span }]), // prettier-ignore
  ].filter(({ span }) => span.from < end && span.to > 0)
  return (
    [
      ...covers.map(({ what, span }) => `${what} ${coverText(span, end)}`),
      ...overtime.filter(isOwnOvertime).map((span) => `加班 ${spanText(span)}`),
      ...day.due.filter((due) => due.corrected).map(({ punch }) => `补卡 ${clockOf(punch ?? 0)}`),
    ].join(';') || null
  )
}

export const OTHER_LEAVE = '其他假'
const NOTHING: Pick<DayInput, 'leaves' | 'outings' | 'overtime'> & { pieces: Piece[] } = { leaves: [], outings: [], overtime: [], pieces: [] } // prettier-ignore

/** What of a span lies on the day, whose work may end past midnight. */
function coverText({ from, to }: Span, end: number): string {
  if (from <= 0 && to >= end) return '全天'
  return spanText({ from: Math.max(0, from), to: Math.min(end, to) })
}

const spanText = ({ from, to }: Span) =>
  `${from === DAY ? '次日00:00' : clockOf(from)}~${clockOf(to)}`

const clockOf = (minute: number): string => {
  if (minute > DAY) return `次日${clockOf(minute - DAY)}`
  if (minute < 0) return `前日${clockOf(minute + DAY)}`
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
