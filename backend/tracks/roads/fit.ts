import { lengthOf, planeAt } from '../../../geo/index.ts'

export type Line = readonly (readonly [lng: number, lat: number])[]

const RULES = {
  nearMetres: 40, // a phone's error and half a wide road
  nearShare: 0.9, // of the vertices; the others are corners cut by rare fixes
  farMetres: 150, // none is further off than this
  shortest: 0.75, // times the measured length: noise makes lines longer …
  longest: 1.4, // … and rare fixes cut corners
} as const

/**
 * Whether a line along roads may be shown for the measured one: it is about as long, and passes by
 * nearly all of its vertices. The ends are left out: they are places, which lie off the road.
 */
export function fits(measured: Line, along: Line): boolean {
  const [first] = measured
  if (!first || along.length < 2 || !along.every(isPosition)) return false
  const ratio = lengthOf(along) / lengthOf(measured)
  if (!(ratio >= RULES.shortest && ratio <= RULES.longest)) return false
  const toPlane = planeAt({ lng: first[0], lat: first[1] })
  const onPlane = (line: Line) => line.map(([lng, lat]) => toPlane({ lng, lat }))
  const road = onPlane(along)
  const inner = measured.length > 2 ? measured.slice(1, -1) : measured
  const off = onPlane(inner).map((point) => metresOff(point, road))
  const near = off.filter((metres) => metres <= RULES.nearMetres).length
  return near >= RULES.nearShare * off.length && off.every((metres) => metres <= RULES.farMetres)
}

const isPosition = ([lng, lat]: Line[number]) => Math.abs(lng) <= 180 && Math.abs(lat) <= 90

type Spot = readonly [x: number, y: number] // metres

function metresOff(spot: Spot, road: readonly Spot[]): number {
  let least = Infinity
  for (let i = 1; i < road.length; i++) {
    const [a, b] = [road[i - 1], road[i]]
    if (a && b) least = Math.min(least, metresToPiece(spot, a, b))
  }
  return least
}

function metresToPiece([x, y]: Spot, [ax, ay]: Spot, [bx, by]: Spot): number {
  const [dx, dy] = [bx - ax, by - ay]
  const square = dx * dx + dy * dy
  const share = square > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square)) : 0
  return Math.hypot(x - ax - share * dx, y - ay - share * dy)
}
