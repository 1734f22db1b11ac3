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

/** Length of a line of [lng, lat] in metres. */
export function lengthOf(line: readonly (readonly [number, number])[]): number {
  let metres = 0
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1]
    const b = line[i]
    if (a && b) metres += metresBetween({ lng: a[0], lat: a[1] }, { lng: b[0], lat: b[1] })
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

/** The place `share` (0–1) of the way from a to b, on the straight line in degrees: for hops of some km. */
export const interpolate = (a: Place, b: Place, share: number): Place => ({
  lng: a.lng + (b.lng - a.lng) * share,
  lat: a.lat + (b.lat - a.lat) * share,
})

/** A difference of longitudes the short way round: −180 ≤ x ≤ 180. */
const turned = (degrees: number) => degrees - 360 * Math.round(degrees / 360)

/** Metres east and north of `origin`, on the plane that touches it: good to 0.1 % within 50 km. */
export function planeAt(origin: Place) {
  const north = RADIUS * RAD
  const east = north * Math.max(0.01, Math.cos(origin.lat * RAD)) // invertible at the poles, too
  return (place: Place): readonly [number, number] => [
    turned(place.lng - origin.lng) * east,
    (place.lat - origin.lat) * north,
  ]
}

/** Distance in metres from a point to the segment a–b. */
export function metresToSegment(point: Place, a: Place, b: Place): number {
  const plane = planeAt(point)
  const [ax, ay] = plane(a)
  const [bx, by] = plane(b)
  const dx = bx - ax
  const dy = by - ay
  const square = dx * dx + dy * dy
  const share = square === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / square))
  return Math.hypot(ax + share * dx, ay + share * dy)
}
