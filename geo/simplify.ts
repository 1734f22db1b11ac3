import { metresToSegment } from './distance.ts'

type Point = readonly [lng: number, lat: number]

/**
 * Douglas–Peucker without recursion: the ends stay, no dropped point is further than `tolerance`
 * metres from the line. Order is kept.
 */
export function simplify<P extends Point>(line: readonly P[], tolerance: number): P[] {
  if (line.length <= 2 || !(tolerance > 0)) return [...line]
  const keep = new Uint8Array(line.length)
  keep[0] = 1
  keep[line.length - 1] = 1
  const spans: [number, number][] = [[0, line.length - 1]]
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [first, last] = span
    const worst = furthest(line, first, last)
    if (worst.metres <= tolerance) continue
    keep[worst.index] = 1
    spans.push([first, worst.index], [worst.index, last])
  }
  return line.filter((_, index) => keep[index] === 1)
}

function furthest(line: readonly Point[], first: number, last: number) {
  const a = placeOf(line[first])
  const b = placeOf(line[last])
  let worst = { index: first, metres: 0 }
  for (let index = first + 1; index < last; index++) {
    const metres = metresToSegment(placeOf(line[index]), a, b)
    if (metres > worst.metres) worst = { index, metres }
  }
  return worst
}

const placeOf = (point: Point | undefined) => ({ lng: point?.[0] ?? 0, lat: point?.[1] ?? 0 })
