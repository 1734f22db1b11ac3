import { metresApart, valueAt, type Points } from './points.ts'

const RULES = {
  leastMetres: 40,
  perAccuracy: 2, // times the 68 % radius of the difference of two fixes: so far is elsewhere
  back: 4, // times nearer than the excursion went is back …
  nearly: 1.5, // … as is so many times nearer, when the noise explains the rest
  leapMetresPerMs: 15 / 1000, // who went so fast and is back at once did not go; slower, the last hop must be back
  mostFixes: 3,
  mostMs: 4 * 60_000,
  thinMs: 8_000, // fixes nearer in time say nothing new about a place
} as const

/**
 * The points that tell of places: without short excursions (a few fixes far away and back at once are errors,
 * not a trip) and thinned to one each 8 seconds.
 * @returns their indices, in order.
 */
export function telling(points: Points): Float64Array {
  const kept = new Float64Array(points.length)
  let [count, last] = [0, -1]
  for (let i = 0; i < points.length; i++) {
    if (last >= 0) {
      i = afterExcursion(points, last, i)
      if (valueAt(points.at, i) - valueAt(points.at, last) < RULES.thinMs) continue
    }
    kept[count++] = last = i
  }
  return kept.subarray(0, count)
}

/** The point at which an excursion that begins at `start` is over; `start` itself when none does. */
function afterExcursion(points: Points, last: number, start: number): number {
  const far = metresApart(points, last, start)
  if (far <= RULES.leastMetres) return start
  const claimed = Math.hypot(valueAt(points.accuracy, last), valueAt(points.accuracy, start))
  const noise = Math.max(RULES.leastMetres, RULES.perAccuracy * claimed)
  if (far <= noise) return start
  const home = Math.max(far / RULES.back, Math.min(noise, far / RULES.nearly))
  const isLeap =
    far > RULES.leapMetresPerMs * (valueAt(points.at, start) - valueAt(points.at, last))
  const end = Math.min(points.length - 1, start + RULES.mostFixes)
  for (let i = start + 1; i <= end; i++) {
    if (valueAt(points.at, i) - valueAt(points.at, last) > RULES.mostMs) return start
    const isBack = metresApart(points, last, i) < home
    if (isBack && (isLeap || metresApart(points, i - 1, i) * 2 > far)) return i
  }
  return start
}
