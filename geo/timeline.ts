import { interpolate, metresBetween, type Place } from './distance.ts'

/** A place at a moment, epoch ms. */
export interface TimedPlace extends Place {
  readonly at: number
}

const BLOCK = 256 // points looked at together: what is kept of a line grows by one in so many, and the work stays linear

/**
 * So few of the points that whoever goes evenly in time from one to the next is never more than `tolerance` metres
 * off at the time of any of them: Douglas–Peucker with the distance taken at equal times (TD-TR; Meratnia and
 * de By, 2004), in blocks.
 * @param points in the order of time; of equal times the first counts
 */
export function thinByTime<P extends TimedPlace>(points: readonly P[], tolerance: number): P[] {
  const kept: P[] = []
  for (let begin = 0; begin < points.length; begin += BLOCK)
    kept.push(...thinBlock(points.slice(begin, begin + BLOCK + 1), tolerance, kept.length > 0))
  return kept
}

/** @param goesOn its first point is the last one of the block before */
function thinBlock<P extends TimedPlace>(block: readonly P[], tolerance: number, goesOn: boolean) {
  const keep = new Set([0, block.length - 1])
  const open: (readonly [number, number])[] = [[0, block.length - 1]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [first, last] = next
    const worst = worstBetween(block, first, last)
    if (worst === null || worst.metres <= tolerance) continue
    keep.add(worst.index)
    open.push([first, worst.index], [worst.index, last])
  }
  return block.filter((_, index) => keep.has(index) && !(goesOn && index === 0))
}

function worstBetween(block: readonly TimedPlace[], first: number, last: number) {
  const [from, ...inner] = block.slice(first, last + 1)
  const to = inner.pop()
  if (!from || !to) return null
  let worst: { index: number; metres: number } | null = null
  for (const [i, point] of inner.entries()) {
    const metres = metresBetween(point, between(from, to, point.at))
    if (worst === null || metres > worst.metres) worst = { index: first + 1 + i, metres }
  }
  return worst
}

function between(from: TimedPlace, to: TimedPlace, at: number): Place {
  const length = to.at - from.at
  return length === 0 ? from : interpolate(from, to, (at - from.at) / length)
}

/** Where somebody is at a moment who goes evenly in time from point to point; null before the first and after the last. */
export function placeAtTime(points: readonly TimedPlace[], at: number): Place | null {
  let [low, high] = [0, points.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (Number(points[middle]?.at) < at) low = middle + 1
    else high = middle
  }
  const [before, next] = [points[low - 1], points[low]]
  if (!next || at > next.at) return null
  if (at === next.at) return next
  return before ? between(before, next, at) : null
}
