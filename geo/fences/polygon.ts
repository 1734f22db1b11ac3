import { metresPerDegree, turned, type Place } from '../distance.ts'

/** WGS-84 [lng, lat]; closed or not, clockwise or not; it does not cross itself. Less than half the Earth wide. */
export type Ring = readonly (readonly [lng: number, lat: number])[]

/** One or more parts that do not overlap, each an outer ring and then its holes: GeoJSON's MultiPolygon. */
export interface Polygon {
  readonly polygons: readonly (readonly Ring[])[]
}

type Vector = readonly [x: number, y: number]
type Edge = readonly [from: Vector, to: Vector]

const cross = ([ax, ay]: Vector, [bx, by]: Vector) => ax * by - ay * bx
const dot = ([ax, ay]: Vector, [bx, by]: Vector) => ax * bx + ay * by
const minus = ([ax, ay]: Vector, [bx, by]: Vector): Vector => [ax - bx, ay - by]

/** Even–odd rule; a place on the very edge may be told either way. */
export function isInPolygon(place: Place, polygon: Polygon): boolean {
  const plane = planeOf(place)
  let crossed = 0
  for (const rings of polygon.polygons)
    for (const ring of rings) crossed += crossingsOf(ring, plane)
  return crossed % 2 === 1
}

/** Metres from the nearest edge: negative inside, Infinity for a polygon without edges. */
export function metresOutsidePolygon(place: Place, polygon: Polygon): number {
  const edges = edgesOf(polygon, planeOf(place))
  const metres = Math.min(...edges.map(metresFromOrigin))
  return isInPolygon(place, polygon) ? -metres : metres
}

/** Where the way from a (0) to b (1) crosses edges, in order. */
export function polygonEdgesBetween(polygon: Polygon, a: Place, b: Place): number[] {
  const plane = planeOf(a)
  const way = [turned(b.lng - a.lng) * plane.east, (b.lat - a.lat) * plane.north] as const
  return edgesOf(polygon, plane)
    .flatMap(([from, to]) => {
      const edge = minus(to, from)
      const slope = cross(way, edge)
      const [share, along] = [cross(from, edge) / slope, cross(from, way) / slope]
      return share >= 0 && share <= 1 && along >= 0 && along < 1 ? [share] : []
    })
    .sort((one, other) => one - other)
}

/** Square metres, holes taken off. */
export function squareMetresOf(polygon: Polygon): number {
  const corners = polygon.polygons.flat(2).slice(0, 1)
  const metres = corners.map(([lng, lat]) =>
    sumOverRings(polygon, planeOf({ lng, lat }), (edges) =>
      edges.reduce((sum, [from, to]) => sum + cross(from, to) / 2, 0),
    ),
  )
  return Math.max(0, ...metres)
}

/**
 * Probability that a 2-D Gaussian around `place` lies in the polygon. By Green's theorem it is a sum over
 * edges of the integral of (1 − exp(−r²/2))/2π over the angle under which each edge is seen, which is
 * Owen's T function: no grid, no random numbers, error below 1e-8 for edges that do not cross.
 * @param sigma standard deviation per axis in metres, positive.
 */
export function chanceInPolygon(place: Place, polygon: Polygon, sigma: number): number {
  const chance = sumOverRings(polygon, planeOf(place, sigma), (edges) =>
    edges.reduce((sum, edge) => sum + sector(edge), 0),
  )
  return Math.max(0, Math.min(1, chance))
}

function sumOverRings(
  polygon: Polygon,
  plane: Plane,
  valueOf: (edges: readonly Edge[]) => number,
): number {
  const parts = polygon.polygons.map((rings) => {
    const values = rings.map((ring) => Math.abs(valueOf(edgesOfRing(ring, plane))))
    return values.reduce((sum, value, i) => sum + (i === 0 ? value : -value), 0)
  })
  return parts.reduce((sum, value) => sum + value, 0)
}

/** The plane that touches the Earth at `origin`, in a unit of so many metres. */
interface Plane {
  readonly origin: Place
  readonly east: number // units per degree
  readonly north: number
}

function planeOf(origin: Place, unit = 1): Plane {
  const { east, north } = metresPerDegree(origin.lat)
  return { origin, east: east / unit, north: north / unit }
}

const edgesOf = (polygon: Polygon, plane: Plane) =>
  polygon.polygons.flat().flatMap((ring) => edgesOfRing(ring, plane))

/** Each corner the short way round from the one before, so that no ring is torn at the antimeridian. */
function edgesOfRing(ring: Ring, { origin, east, north }: Plane): Edge[] {
  const corners: Vector[] = []
  let before = origin.lng
  for (const [lng, lat] of ring) {
    before += turned(lng - before)
    corners.push([(before - origin.lng) * east, (lat - origin.lat) * north])
  }
  const edges: Edge[] = []
  let from: Vector | undefined
  for (const to of [...corners, ...corners.slice(0, 1)]) {
    if (from) edges.push([from, to])
    from = to
  }
  return edges
}

/** How often a ray to the east meets the ring. In one pass without edges: it is asked of thousands of people at once. */
function crossingsOf(ring: Ring, { origin, east, north }: Plane): number {
  let crossed = 0
  let before = origin.lng
  let [ax, ay] = [NaN, NaN] // an edge from nowhere is met by nothing
  for (const [lng, lat] of [...ring, ...ring.slice(0, 1)]) {
    before += turned(lng - before)
    const bx = (before - origin.lng) * east
    const by = (lat - origin.lat) * north
    if (ay > 0 !== by > 0 && ax - (ay * (bx - ax)) / (by - ay) > 0) crossed++
    ax = bx
    ay = by
  }
  return crossed
}

function metresFromOrigin([from, to]: Edge): number {
  const edge = minus(to, from)
  const share = Math.max(0, Math.min(1, -dot(from, edge) / Math.max(1e-12, dot(edge, edge))))
  return Math.hypot(from[0] + share * edge[0], from[1] + share * edge[1])
}

const FAR = 8.5 // sigma: beyond lies less than 1e-15
const NEAR = 1e-9 // sigma: an edge through the centre has no sector

/** Signed probability of the triangle of the origin and an edge, in sigmas. */
function sector([from, to]: Edge): number {
  const edge = minus(to, from)
  const length = Math.hypot(...edge)
  const turn = cross(from, to)
  const height = Math.abs(turn) / length
  if (!(height > NEAR)) return 0
  const furthest = Math.acosh(Math.max(1, FAR / height))
  const along = (corner: Vector) => Math.asinh(dot(corner, edge) / length / height)
  const start = Math.max(-furthest, Math.min(furthest, along(from)))
  const end = Math.max(-furthest, Math.min(furthest, along(to)))
  const angle = Math.atan2(Math.abs(turn), dot(from, to))
  return (Math.sign(turn) * (angle - tail(height, start, end))) / (2 * Math.PI)
}

// Gauss–Legendre, 8 points on −1 … 1: [node, weight], each node on both sides
const GAUSS = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const

/** ∫ exp(−h²·cosh²t / 2) / cosh t dt, the angle weighted by what lies beyond the edge; at most 44 panels. */
function tail(height: number, start: number, end: number): number {
  const panels = Math.ceil(end - start)
  const half = (end - start) / Math.max(1, panels) / 2
  let sum = 0
  for (let panel = 0; panel < panels; panel++) {
    const middle = start + (2 * panel + 1) * half
    for (const [node, weight] of GAUSS)
      sum += weight * (beyond(height, middle - node * half) + beyond(height, middle + node * half))
  }
  return sum * half
}

function beyond(height: number, t: number): number {
  const cosh = Math.cosh(t)
  return Math.exp(-((height * cosh) ** 2) / 2) / cosh
}
