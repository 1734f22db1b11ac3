import { toDatum, type DatumName } from '../../geo/index.ts'
import districtsUrl from './basemap/districts.json?url'
import landUrl from './basemap/land.json?url'
import roadsUrl from './basemap/roads.json?url'

/** West, north, east, south in Web-Mercator, where the world is the unit square and y grows southwards. */
export type Box = readonly [left: number, top: number, right: number, bottom: number]

export interface Shape {
  readonly points: Float64Array // x, y, x, y … in the unit square
  readonly box: Box
}
export interface Road extends Shape {
  readonly level: number // 1 trunk and primary … 5 footpaths
  readonly name: string | null
}
export interface BaseMap {
  readonly roads: readonly Road[] // lowest level first: main roads are drawn last
  readonly districts: readonly { name: string; rings: readonly Shape[] }[]
  readonly land: readonly Shape[]
}

interface RoadsFile {
  names: string[]
  roads: [level: number, name: number, deltas: number[]][]
}
interface DistrictsFile {
  districts: { name: string; rings: number[][] }[]
}
interface LandFile {
  rings: number[][]
}

const kept = new Map<DatumName, Promise<BaseMap>>()

/**
 * The bundled map that needs no internet: land of the world, districts of Shenzhen, roads of Futian.
 * @param datum of the tiles above it; the data is WGS-84 and is shifted here
 */
export function loadBaseMap(datum: DatumName): Promise<BaseMap> {
  const known = kept.get(datum) ?? read(datum)
  kept.set(datum, known)
  known.catch(() => kept.delete(datum))
  return known
}

async function read(datum: DatumName): Promise<BaseMap> {
  const [roads, districts, land] = await Promise.all([
    json<RoadsFile>(roadsUrl),
    json<DistrictsFile>(districtsUrl),
    json<LandFile>(landUrl),
  ])
  return {
    roads: roads.roads.map(([level, name, deltas]) => ({
      ...shapeOf(deltas, datum),
      level,
      name: roads.names[name] ?? null,
    })),
    districts: districts.districts.map(({ name, rings }) => ({
      name,
      rings: rings.map((deltas) => shapeOf(deltas, datum)),
    })),
    land: land.rings.map((deltas) => shapeOf(deltas, datum)),
  }
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`base map: HTTP ${response.status}`)
  return response.json()
}

/** Deltas of 1e-5 degrees, lng and lat in turn, to Web-Mercator. */
export function shapeOf(deltas: readonly number[], datum: DatumName): Shape {
  const points = new Float64Array(deltas.length)
  const box: [number, number, number, number] = [1, 1, 0, 0]
  let lng = 0
  let lat = 0
  for (let i = 0; i + 1 < deltas.length; i += 2) {
    lng += deltas[i] ?? 0
    lat += deltas[i + 1] ?? 0
    const [shiftedLng, shiftedLat] = toDatum([lng / 1e5, lat / 1e5], datum)
    const x = mercatorX(shiftedLng)
    const y = mercatorY(shiftedLat)
    points[i] = x
    points[i + 1] = y
    box[0] = Math.min(box[0], x)
    box[1] = Math.min(box[1], y)
    box[2] = Math.max(box[2], x)
    box[3] = Math.max(box[3], y)
  }
  return { points, box }
}

/** EPSG:3857 scaled to the unit square. */
export const mercatorX = (lng: number): number => (lng + 180) / 360

export function mercatorY(lat: number): number {
  const cut = Math.min(Math.max(lat, -85.0511), 85.0511) // where the square of Web-Mercator ends
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (cut * Math.PI) / 360)) / (2 * Math.PI)
}
