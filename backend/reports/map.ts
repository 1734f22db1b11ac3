import type { Day } from '../contract/days.ts'
import { escaped } from '../core/http/guard.ts'

const WIDE = 720
const HIGH = 320
const EDGE = 28
const EARTH_M = 6_371_008.8 // mean radius

type Point = readonly [lng: number, lat: number]
type Placed = (point: Point) => { x: number; y: number }

/**
 * A day drawn to scale: moves as lines, silences dotted, stays as numbered circles as in the list below it. In the
 * plane of the middle latitude (equirectangular), good to a thousandth within a city.
 * @returns SVG, empty when nobody was anywhere
 */
export function dayMap(segments: Day['segments']): string {
  const stays = segments.flatMap(({ place }) => (place ? [[place.lng, place.lat] as const] : []))
  const points = [...segments.flatMap(({ line }) => line ?? []), ...stays]
  if (points.length === 0) return ''
  const { at, metresPerUnit } = placing(points)
  const lines = segments
    .filter(({ line }) => line !== undefined)
    .map(({ kind, line = [] }) => `<polyline class="${kind}" points="${line.map(at).map(({ x, y }) => `${x},${y}`).join(' ')}"/>`) // prettier-ignore
  const marks = stays.map((place, n) => {
    const { x, y } = at(place)
    return `<circle cx="${x}" cy="${y}" r="11"/><text x="${x}" y="${y + 4}">${n + 1}</text>`
  })
  const label = escaped('当日路线，数字与下表一致')
  return `<svg viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label="${label}">${lines.join('')}${marks.join('')}${scaleBar(metresPerUnit)}</svg>`
}

function placing(points: readonly Point[]): { at: Placed; metresPerUnit: number } {
  const [west, east] = rangeOf(points.map(([lng]) => lng))
  const [south, north] = rangeOf(points.map(([, lat]) => lat))
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const least = 0.002 // degrees, some 200 m: one place alone is not blown up to the whole picture
  const across = Math.max((east - west) * squeeze, least)
  const up = Math.max(north - south, least)
  const scale = Math.min((WIDE - 2 * EDGE) / across, (HIGH - 2 * EDGE) / up) // units a degree of latitude
  const at: Placed = ([lng, lat]) => ({
    x: round(WIDE / 2 + (lng - (west + east) / 2) * squeeze * scale),
    y: round(HIGH / 2 - (lat - (south + north) / 2) * scale),
  })
  return { at, metresPerUnit: ((Math.PI / 180) * EARTH_M) / scale }
}

const rangeOf = (numbers: readonly number[]): [number, number] =>
  numbers.reduce<[number, number]>(
    ([least, most], each) => [Math.min(least, each), Math.max(most, each)],
    [Infinity, -Infinity],
  )

const round = (number: number) => Math.round(number * 10) / 10

/** The longest of the usual lengths that fits into a fifth of the picture. */
function scaleBar(metresPerUnit: number): string {
  const lengths = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]
  const metres = lengths.filter((each) => each / metresPerUnit <= WIDE / 5).at(-1) ?? 50
  const wide = round(metres / metresPerUnit)
  const text = metres < 1000 ? `${metres} 米` : `${metres / 1000} 公里`
  return `<path class="scale" d="M12 ${HIGH - 18}v6h${wide}v-6"/><text class="scale" x="${18 + wide}" y="${HIGH - 10}">${text}</text>`
}
