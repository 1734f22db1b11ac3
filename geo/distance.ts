/** Anything with a WGS-84 place in degrees. */
export interface Place {
  readonly lng: number
  readonly lat: number
}

const RADIUS = 6371008.8 // metres, mean radius of the Earth (IUGG)
const RAD = Math.PI / 180

/** Great-circle distance in metres (haversine). */
export function metresBetween(a: Place, b: Place): number {
  const dLat = (b.lat - a.lat) * RAD
  const dLng = (b.lng - a.lng) * RAD
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a.lat * RAD) * Math.cos(b.lat * RAD) * Math.sin(dLng / 2) ** 2
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)))
}

const MOST_METRES_PER_DEGREE = 112_000 // in any direction

/** Whether two places are further apart than so many metres; quick where they clearly are not. */
export function isBeyond(metres: number, a: Place, b: Place): boolean {
  const degrees = Math.abs(a.lng - b.lng) + Math.abs(a.lat - b.lat)
  return degrees * MOST_METRES_PER_DEGREE > metres && metresBetween(a, b) > metres
}

/** Length of a line of [lng, lat] in metres. */
export function lengthOf(line: readonly (readonly [number, number])[]): number {
  let metres = 0
  let last: Place | undefined
  for (const [lng, lat] of line) {
    const place = { lng, lat }
    if (last) metres += metresBetween(last, place)
    last = place
  }
  return metres
}

/** Course from a to b, degrees clockwise from north, 0 ≤ x < 360. */
export function bearing(a: Place, b: Place): number {
  const dLng = (b.lng - a.lng) * RAD
  const y = Math.sin(dLng) * Math.cos(b.lat * RAD)
  const x =
    Math.cos(a.lat * RAD) * Math.sin(b.lat * RAD) -
    Math.sin(a.lat * RAD) * Math.cos(b.lat * RAD) * Math.cos(dLng)
  return (Math.atan2(y, x) / RAD + 360) % 360
}

/**
 * The place `share` (0–1) of the way from a to b, on the straight line in degrees, the short way round: for
 * hops of some km. Longitude within ±180.
 */
export const interpolate = (a: Place, b: Place, share: number): Place => ({
  lng: turned(a.lng + turned(b.lng - a.lng) * share),
  lat: a.lat + (b.lat - a.lat) * share,
})

/**
 * The place `share` (0–1) of the way from a to b along the great circle, for ways of any length. Between
 * antipodes, where every way is as short, it is one of them.
 */
export function alongGreatCircle(a: Place, b: Place, share: number): Place {
  const [from, to] = [vectorOf(a), vectorOf(b)]
  const angle = metresBetween(a, b) / RADIUS
  const sine = Math.sin(angle)
  if (sine < 1e-12) return share < 0.5 ? a : b
  const [p, q] = [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine]
  const [x, y, z] = [p * from.x + q * to.x, p * from.y + q * to.y, p * from.z + q * to.z]
  return { lng: Math.atan2(y, x) / RAD, lat: Math.atan2(z, Math.hypot(x, y)) / RAD }
}

function vectorOf({ lng, lat }: Place) {
  const level = Math.cos(lat * RAD)
  return {
    x: level * Math.cos(lng * RAD),
    y: level * Math.sin(lng * RAD),
    z: Math.sin(lat * RAD),
  }
}

/** A difference of longitudes the short way round: −180 ≤ x ≤ 180. */
export const turned = (degrees: number) => degrees - 360 * Math.round(degrees / 360)

/** Metres of a degree at a latitude; east is never nothing, so that a plane at a pole can be left again. */
export function metresPerDegree(lat: number): { east: number; north: number } {
  const north = RADIUS * RAD
  return { east: north * Math.max(0.01, Math.cos(lat * RAD)), north }
}

/** Metres east and north of `origin`, on the plane that touches it: good to 0.1 % within 50 km. */
export function planeAt(origin: Place) {
  const { east, north } = metresPerDegree(origin.lat)
  return (place: Place): readonly [number, number] => [
    turned(place.lng - origin.lng) * east,
    (place.lat - origin.lat) * north,
  ]
}

/** Distance in metres from a point to the segment a–b, on the plane at the point. */
export function metresToSegment(point: Place, a: Place, b: Place): number {
  const plane = planeAt(point)
  const [ax, ay] = plane(a)
  const [bx, by] = plane(b)
  const dx = bx - ax
  const dy = by - ay
  const square = Math.max(dx * dx + dy * dy, Number.MIN_VALUE) // of a segment without length the end counts
  const share = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / square))
  return Math.hypot(ax + share * dx, ay + share * dy)
}
