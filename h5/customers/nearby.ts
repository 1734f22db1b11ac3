import { Nearby } from '../../backend/contract/customers.ts'
import { call } from '../core/api.ts'
import type { Position } from '../report/ports.ts'

/** The customers nearest to a position, nearest first. `radius` in metres. */
export function nearby(at: Position, limit: number, radius: number): Promise<Nearby> {
  return call(Nearby, '/api/v1/customers/nearby', {
    query: {
      lng: at.lng,
      lat: at.lat,
      accuracy: at.accuracy === null ? undefined : Math.min(at.accuracy, 100_000),
      limit,
      radius,
    },
  })
}

/** Whether two positions are so near that the same list serves both: 25 m, flat-earth. */
export function isNear(a: Position, b: Position): boolean {
  const metres = 111_320 // of a degree of latitude
  const east = (a.lng - b.lng) * metres * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(east, (a.lat - b.lat) * metres) < 25
}
