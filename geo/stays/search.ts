import type { Evidence } from './evidence.ts'
import { valueAt, type Points } from './points.ts'

export const STAY_RULES = {
  stayMs: 5 * 60_000, // shorter stops are red lights
  arriving: 5.5, // nats that a stay must explain more than a move does …
  leaving: 2, // … and for leaving it; nobody arrives where the points begin
  beginning: 2,
} as const

const RULES = {
  gridMs: 20_000, // between two points that a stay may begin at, before its edges are refined …
  endMs: 35_000, // … and, at least, between two that it may end at
  hopeless: 20, // nats worse than moving on: no stay begins there
  ripeMs: 5.5 * 60_000, // from this age on …
  outdone: 8, // … a beginning so many nats worse than the best is given up
  apartMs: 60_000, // those are kept so far apart, the best of each: edges are refined later
  most: 32, // beginnings: bounds the work
} as const

/** Indices of points, inclusive. */
export interface Span {
  readonly first: number
  readonly last: number
}

/** The cheapest stay that ends at a point, and how it came there. */
interface Ending {
  readonly last: number
  readonly cost: number // less the moves up to here, so that endings compare
  readonly first: number
  readonly before: Ending | null
}

/** One pass over the points; each open beginning is judged wherever a stay may end. */
export function likeliest(points: Points, evidence: Evidence): Span[] {
  const open = new Beginnings(points, evidence)
  const end = points.length - 1
  let best: Ending | null = null
  let [next, judged] = [-Infinity, -Infinity]
  for (let i = 0; i <= end; i++) {
    const at = valueAt(points.at, i)
    if (at >= next) {
      open.add(i, best)
      next = at + RULES.gridMs
    }
    if (i < end && valueAt(points.at, i + 1) < Math.max(next, judged + RULES.endMs)) continue
    judged = at
    best = better(best, open.judge(i, costOf(best)), end)
  }
  return spansTo(best)
}

const costOf = (ending: Ending | null) => ending?.cost ?? 0

/** The new ending when it is the cheaper way to have come here; the last point need not be left. */
function better(old: Ending | null, found: Ending | null, end: number): Ending | null {
  if (!found) return old
  const cost = found.cost + (found.last === end ? 0 : STAY_RULES.leaving)
  return cost < costOf(old) ? { ...found, cost } : old
}

function spansTo(best: Ending | null): Span[] {
  const spans: Span[] = []
  for (let ending = best; ending; ending = ending.before)
    spans.push({ first: ending.first, last: ending.last })
  return spans.reverse()
}

/** A point at which a stay may have begun. */
interface Beginning {
  readonly first: number
  readonly at: number // epoch ms
  readonly cost: number // of all before, and of arriving here
  readonly before: Ending | null
  now: number // the cost of having stayed until the point judged last
}

/** The beginnings worth following: those too young for a stay, and the open ones, in order. */
class Beginnings {
  private readonly points: Points
  private readonly evidence: Evidence
  private readonly all: Beginning[] = [] // the young ones are those from `ripe` on
  private ripe = 0
  private readonly open: Beginning[] = []

  constructor(points: Points, evidence: Evidence) {
    this.points = points
    this.evidence = evidence
  }

  add(first: number, before: Ending | null): void {
    const toll = first === 0 ? STAY_RULES.beginning : STAY_RULES.arriving
    const cost = costOf(before) + this.evidence.moveTo(first) + toll
    const at = valueAt(this.points.at, first)
    this.all.push({ first, at, cost, before, now: Infinity })
  }

  /**
   * The cheapest stay that ends at `last`, if any; what is not worth following any more is given up.
   * @param moving the best cost so far of being under way
   */
  judge(last: number, moving: number): Ending | null {
    const { evidence, open } = this
    const at = valueAt(this.points.at, last)
    this.ripen(at - STAY_RULES.stayMs)
    let best = open[0]
    if (!best) return null
    const onTheWay = evidence.moveTo(last)
    for (const each of open) {
      each.now = each.cost + evidence.stay(each.first, last) - onTheWay
      if (each.now < best.now) best = each
    }
    const limit = Math.min(Math.min(moving, best.now) + RULES.hopeless, this.worstKept())
    this.giveUp(at - RULES.ripeMs, Math.min(limit, best.now + RULES.outdone), limit)
    return { last, cost: best.now, first: best.first, before: best.before }
  }

  /** Opens the young ones that are old enough for a stay. */
  private ripen(until: number): void {
    for (let next = this.all[this.ripe]; next && next.at <= until; next = this.all[this.ripe]) {
      this.open.push(next)
      this.ripe++
    }
  }

  /**
   * Keeps those with hope, and of old ones that are neighbours the best.
   * @param ripeAt who began by then is old
   */
  private giveUp(ripeAt: number, oldLimit: number, limit: number): void {
    const { open } = this
    let [kept, neighbour] = [0, -Infinity]
    let before: Beginning | undefined
    for (const each of open) {
      const isOld = each.at <= ripeAt
      if (each.now > (isOld ? oldLimit : limit)) continue
      if (isOld && before && each.at - neighbour < RULES.apartMs) {
        if (each.now >= before.now) continue
        kept--
      }
      open[kept++] = before = each
      if (isOld) neighbour = each.at
    }
    while (open.length > kept) open.pop()
  }

  /** The cost above which too many beginnings would be kept. */
  private worstKept(): number {
    const { open } = this
    if (open.length <= RULES.most) return Infinity
    return valueAt(Float64Array.from(open, ({ now }) => now).sort(), RULES.most - 1)
  }
}
