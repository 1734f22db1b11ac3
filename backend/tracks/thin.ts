import { simplify } from '../../geo/index.ts'
import { MAX_VERTICES, type Day } from '../contract/days.ts'

const METRES_PER_PIXEL_AT_0 = 156_543 // Web Mercator, 256-pixel tiles, at the equator

/**
 * The day with lines thinned to half a pixel of the zoom, and never more than 5,000 vertices in all:
 * the tolerance doubles until they fit. Metres and times stay those of the whole line.
 * `simplified` says that something was left out.
 */
export function thinned(day: Day, zoom: number | undefined): Day {
  const before = verticesOf(day)
  let tolerance = zoom === undefined ? 0 : METRES_PER_PIXEL_AT_0 / 2 ** zoom / 2
  let result = tolerance > 0 ? withTolerance(day, tolerance) : day
  while (verticesOf(result) > MAX_VERTICES && tolerance < 1e7) {
    tolerance = Math.max(1, tolerance * 2)
    result = withTolerance(result, tolerance)
  }
  return verticesOf(result) < before ? { ...result, simplified: true } : result
}

const verticesOf = (day: Day) =>
  day.segments.reduce((sum, segment) => sum + (segment.line?.length ?? 0), 0)

const withTolerance = (day: Day, metres: number): Day => ({
  ...day,
  segments: day.segments.map((segment) =>
    segment.line ? { ...segment, line: simplify(segment.line, metres) } : segment,
  ),
})
