import { metresToSegment, type Place } from './distance.ts'

type Point = readonly [lng: number, lat: number]

/**
 * Douglas–Peucker without recursion. The ends stay, the order is kept, and no dropped point is further than
 * `tolerance` metres from the segment that replaces it. A line that is thinned again by the same tolerance
 * stays as it is, unless it is one of those on which Douglas–Peucker is quadratic (a zigzag): there spans that
 * were cut too often are halved, which keeps a few vertices more and the work within n·log n.
 * @param tolerance metres; nothing is dropped by 0, a negative one or NaN.
 */
export function simplify<P extends Point>(line: readonly P[], tolerance: number): P[] {
  const places = line.map(([lng, lat]) => ({ lng, lat }))
  const [start, end] = [places.at(0), places.at(-1)]
  if (!start || !end || !(tolerance > 0)) return [...line]
  const last = line.length - 1
  const keep = new Uint8Array(line.length)
  keep[0] = 1
  keep[last] = 1
  const mostCuts = 8 + 4 * Math.log2(line.length)
  const spans = [{ first: 0, last, a: start, b: end, cuts: 0 }]
  for (let span = spans.pop(); span; span = spans.pop()) {
    const { first, last, a, b, cuts } = span
    const inner = places.slice(first + 1, last)
    const worst = furthest(inner, a, b)
    if (!(worst.metres > tolerance)) continue
    const { offset, place } = cuts < mostCuts ? worst : middleOf(inner, worst)
    const index = first + 1 + offset
    keep[index] = 1
    spans.push({ first, last: index, a, b: place, cuts: cuts + 1 })
    spans.push({ first: index, last, a: place, b, cuts: cuts + 1 })
  }
  return line.filter((_, index) => keep[index] === 1)
}

interface Vertex {
  readonly offset: number
  readonly place: Place
}

/** The place furthest from the segment a–b; of equal ones the first. */
function furthest(places: readonly Place[], a: Place, b: Place): Vertex & { metres: number } {
  let worst = { offset: 0, place: a, metres: 0 }
  for (const [offset, place] of places.entries()) {
    const metres = metresToSegment(place, a, b)
    if (metres > worst.metres) worst = { offset, place, metres }
  }
  return worst
}

function middleOf(places: readonly Place[], otherwise: Vertex): Vertex {
  const offset = Math.floor(places.length / 2)
  return places.slice(offset, offset + 1).reduce((_, place) => ({ offset, place }), otherwise)
}
