import { valueAt, type Points } from '../stays/points.ts'
import type { Way } from './smooth.ts'

const RULES = {
  most: 0.25, // of a hop's length is added for its turns at the same speed …
  half: 1.19, // … half of it where (1 − cos) of the turns at its ends is so much in all …
  perSlower: 9, // … and so many times more for the part by which it is slower than the hops beside it
  doubt: 4, // times the 68 % radius: turns between hops so short are half noise
  leastShare: 0.002, // less is not drawn
} as const

/** A line on the points' plane. */
type Line = [x: number, y: number][]

/**
 * The way with the corners that it must have cut: between two fixes nobody goes as the crow flies, least of all
 * where the way turns, or where it seems slower than before and after. A hop of length L between hops that it
 * meets at the angles α and β, with T = 2 − cos α − cos β, whose speed is 1 − s of the speed beside it, is
 * L · (1 + a · T / (T + b) · (1 + c · s)) long, which is drawn as one corner on the outer side of the turn; where
 * hops are short against the noise, turns tell nothing and count less. a, b and c are the regression of the true
 * lengths on simulated ways through real streets; on recorded rides (`scoreThinned` of the truth bench), of which
 * they know nothing, a fix a minute then tells within 1 to 2 % what it told 3 to 5 % too short.
 * @param way of points `first` and following.
 */
export function withCorners(way: Way, points: Points, first: number): Line {
  const line: Line = []
  const { length } = way.x
  let turned = 0 // at the hop's start
  let speed = speedOf(way, points, first, 0) // on the hop
  let gone = speed // before it
  for (let i = 0; i + 1 < length; i++) {
    const doubt = RULES.doubt * valueAt(points.accuracy, first + i)
    const turning = i + 2 < length ? turnAt(way, i + 1, doubt) : 0
    const going = i + 2 < length ? speedOf(way, points, first, i + 1) : speed
    const share = shareOf(Math.abs(turned) + Math.abs(turning), speed, gone + going)
    line.push(pointAt(way, i), ...cornerOf(way, i, { turned, turning, share }))
    ;[turned, gone, speed] = [turning, speed, going]
  }
  line.push(pointAt(way, length - 1))
  return line
}

/** How much longer a hop is than it seems, by its turns and its speed against the two beside it. */
function shareOf(turns: number, speed: number, beside: number): number {
  const slower = beside > 0 ? Math.max(0, 1 - (2 * speed) / beside) : 0
  return ((RULES.most * turns) / (turns + RULES.half)) * (1 + RULES.perSlower * slower)
}

/** Metres per millisecond on hop i, as the crow flies. */
function speedOf(way: Way, { at }: Points, first: number, i: number): number {
  const ms = valueAt(at, first + i + 1) - valueAt(at, first + i)
  return Math.hypot(...hop(way, i)) / Math.max(1, ms)
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

interface Bend {
  readonly turned: number // at the hop's start
  readonly turning: number // at its end
  readonly share: number // of its length, which is added
}

/** The corner within a hop: on the ellipse of all corners that make it so much longer, nearer to the sharper turn. */
function cornerOf(way: Way, i: number, { turned, turning, share }: Bend): Line {
  if (!(share > RULES.leastShare)) return []
  const [east, north] = hop(way, i)
  const [x, y] = pointAt(way, i)
  const turns = Math.abs(turned) + Math.abs(turning)
  const along = (Math.abs(turning) - Math.abs(turned)) / turns / 2 // of the half axis: −½ … ½
  const half = ((1 + share) * along + 1) / 2
  const side = turned + turning < 0 ? 1 : -1
  const off = (side * Math.sqrt((2 + share) * share * (1 - along * along))) / 2
  return [[x + half * east - off * north, y + half * north + off * east]]
}
