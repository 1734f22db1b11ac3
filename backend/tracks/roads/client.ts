import { z } from 'zod'
import { decodePolyline } from './polyline.ts'
import type { Line } from './fit.ts'

/** A service that lays lines on roads. */
export interface RoadsClient {
  /** Positions it takes at once. */
  readonly most: number
  /**
   * The way along roads by these positions; null when it knows none. Throws when it does not answer.
   * What it throws names no position.
   */
  match(line: Line): Promise<Line | null>
}

const TIMEOUT_MS = 2_000
const RADIUS_METRES = 25

/** @param url `osrm+http://…` or `valhalla+http://…` */
export function roadsClientOf(url: string): RoadsClient {
  const [kind, base] = [url.slice(0, url.indexOf('+')), url.slice(url.indexOf('+') + 1)]
  const root = base.replace(/\/+$/, '')
  return kind === 'osrm' ? osrmAt(root) : valhallaAt(root)
}

const Position = z.tuple([z.number(), z.number()])
const OsrmReply = z.discriminatedUnion('code', [
  z.object({
    code: z.literal('Ok'),
    matchings: z.array(z.object({ geometry: z.object({ coordinates: z.array(Position) }) })),
    tracepoints: z.array(z.object({}).nullable()),
  }),
  z.object({ code: z.enum(['NoMatch', 'NoSegment', 'TooBig', 'InvalidValue', 'InvalidQuery']) }),
])

/** https://project-osrm.org/docs/v5.24.0/api/#match-service */
const osrmAt = (root: string): RoadsClient => ({
  most: 100,
  async match(line) {
    const places = line.map(([lng, lat]) => `${lng.toFixed(6)},${lat.toFixed(6)}`).join(';')
    const radiuses = line.map(() => RADIUS_METRES).join(';')
    const words = `overview=full&geometries=geojson&gaps=ignore&tidy=true&radiuses=${radiuses}`
    const reply = OsrmReply.parse(await ask(`${root}/match/v1/driving/${places}?${words}`))
    if (reply.code !== 'Ok') return null
    const [only, ...others] = reply.matchings
    return only && others.length === 0 ? only.geometry.coordinates : null // several: it lost the way
  },
})

const ValhallaReply = z.union([
  z.object({ trip: z.object({ legs: z.array(z.object({ shape: z.string() })) }) }),
  z.object({ error_code: z.number() }),
])

/** https://valhalla.github.io/valhalla/api/map-matching/api-reference/ */
const valhallaAt = (root: string): RoadsClient => ({
  most: 1000,
  async match(line) {
    const question = {
      shape: line.map(([lon, lat]) => ({ lat, lon })),
      costing: 'auto',
      shape_match: 'map_snap',
      directions_type: 'none',
      trace_options: { search_radius: 2 * RADIUS_METRES, gps_accuracy: RADIUS_METRES },
    }
    const reply = ValhallaReply.parse(await ask(`${root}/trace_route`, question))
    if ('error_code' in reply) return null
    const legs = reply.trip.legs.map(({ shape }) => decodePolyline(shape, 6))
    return legs.every((leg) => leg !== null) ? legs.flat() : null
  },
})

/** JSON of an answer, also of a 400: both services say there that they found nothing. */
async function ask(url: string, question?: object): Promise<unknown> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
    ...(question && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
    }),
  })
  if (response.ok || response.status === 400) return response.json()
  await response.body?.cancel()
  throw new Error(`the road service answered ${response.status}`)
}
