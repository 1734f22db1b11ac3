import { valueAt, type Points } from '../stays/points.ts'
import type { Way } from './smooth.ts'

const RULES = {
  perTurn: 0.1, // of a hop's length is added per (1 − cos) of the turn at each of its ends, twice
  doubt: 4, // times the 68 % radius: turns between hops so short are half noise
  leastShare: 0.002, // less is not drawn
} as const

/** A line on the points' plane. */
type Line = [x: number, y: number][]

/**
 * The way with the corners that it must have cut: between two fixes nobody goes as the crow flies, least of all
 * where the way turns. A hop of length L between hops that it meets at the angles α and β is
 * L · (1 + k · (2 − cos α − cos β)) long, which is drawn as one corner on the outer side of the turn; where
 * hops are short against the noise, turns tell nothing and count less. k is the regression of the true lengths
 * on simulated ways through real streets; on recorded rides (`scoreThinned` of the truth bench), of which it
 * knows nothing, a fix a minute then tells within 1 % what it told 3 to 5 % too short.
 * @param way of points `first` and following.
 */
export function withCorners(way: Way, { accuracy }: Points, first: number): Line {
  const line: Line = []
  const { length } = way.x
  let before = 0
  for (let i = 0; i + 1 < length; i++) {
    const doubt = RULES.doubt * valueAt(accuracy, first + i)
    const after = i + 2 < length ? turnAt(way, i + 1, doubt) : 0
    line.push(pointAt(way, i), ...cornerOf(way, i, before, after))
    before = after
  }
  line.push(pointAt(way, length - 1))
  return line
}

const pointAt = ({ x, y }: Way, i: number): [number, number] => [valueAt(x, i), valueAt(y, i)]

/** 1 − cos of the turn at a point, shrunk by doubt; negative to the right. */
function turnAt(way: Way, i: number, doubt: number): number {
  const [[ax, ay], [bx, by]] = [hop(way, i - 1), hop(way, i)]
  const lengths = Math.hypot(ax, ay) * Math.hypot(bx, by)
  if (!(lengths > 0)) return 0
  const shorter = Math.min(ax * ax + ay * ay, bx * bx + by * by)
  const turn = (1 - (ax * bx + ay * by) / lengths) * (shorter / (shorter + doubt * doubt))
  return ax * by - ay * bx < 0 ? -turn : turn
}

function hop({ x, y }: Way, i: number): [east: number, north: number] {
  return [valueAt(x, i + 1) - valueAt(x, i), valueAt(y, i + 1) - valueAt(y, i)]
}

/** The corner within a hop: on the ellipse of all corners that make it so much longer, nearer to the sharper turn. */
function cornerOf(way: Way, i: number, before: number, after: number): Line {
  const turns = Math.abs(before) + Math.abs(after)
  const share = 2 * RULES.perTurn * turns
  if (!(share > RULES.leastShare)) return []
  const [east, north] = hop(way, i)
  const [x, y] = pointAt(way, i)
  const along = (Math.abs(after) - Math.abs(before)) / turns / 2 // of the half axis: −½ … ½
  const half = ((1 + share) * along + 1) / 2
  const side = before + after < 0 ? 1 : -1
  const off = (side * Math.sqrt((2 + share) * share * (1 - along * along))) / 2
  return [[x + half * east - off * north, y + half * north + off * east]]
}
