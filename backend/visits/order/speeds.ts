import type { SpeedBand } from '../../contract/plans.ts'

/** A way of one's own: metres between its ends as the crow flies, and what it took. */
export interface GoneWay {
  readonly straightMetres: number
  readonly minutes: number
}

/**
 * Usual speeds in a Chinese city, metres of straight distance in a minute, door to door: on foot, then a
 * mixture of foot, electric bicycle and metro, then by car. `middle`: the distance that each stands for.
 */
const BANDS = [
  { upToMetres: 500, middle: 250, usual: 55 },
  { upToMetres: 2000, middle: 1000, usual: 95 },
  { upToMetres: 5000, middle: 3200, usual: 190 },
  { upToMetres: 15_000, middle: 9000, usual: 330 },
  { upToMetres: null, middle: 25_000, usual: 560 },
] as const

const WEIGHT_OF_USUAL = 5 // as many ways of his own count as much as what is usual
const DETOUR = 1.3 // metres of street for a metre of straight line, in cities

const isSane = ({ straightMetres, minutes }: GoneWay) =>
  straightMetres >= 50 && minutes >= 0.5 && minutes <= 240

/**
 * How fast somebody gets about, by distance: metres and minutes of his own ways together with
 * `WEIGHT_OF_USUAL` usual ones of each band's middle distance (shrinkage towards what is usual, so
 * that one odd way changes little).
 */
export function learnSpeeds(ways: readonly GoneWay[]): SpeedBand[] {
  let from = 0
  return BANDS.map(({ upToMetres, middle, usual }) => {
    const own = ways.filter(
      (way) =>
        isSane(way) && way.straightMetres > from && way.straightMetres <= (upToMetres ?? Infinity),
    )
    from = upToMetres ?? from
    const metres = own.reduce((sum, way) => sum + way.straightMetres, WEIGHT_OF_USUAL * middle)
    const minutes = own.reduce((sum, way) => sum + way.minutes, (WEIGHT_OF_USUAL * middle) / usual)
    return { upToMetres, metresPerMinute: metres / minutes, moves: own.length }
  })
}

/** Minutes for a straight distance: between the bands' middles the speed changes evenly with log(distance). */
export function minutesFor(speeds: readonly SpeedBand[], straightMetres: number): number {
  if (straightMetres <= 0) return 0
  return straightMetres / speedAt(speeds, straightMetres)
}

function speedAt(speeds: readonly SpeedBand[], metres: number): number {
  const known = BANDS.map(({ middle }, index) => ({
    middle,
    speed: speeds[index]?.metresPerMinute ?? 1,
  }))
  const high = known.find((band) => metres <= band.middle) ?? known.at(-1)
  const low = known.findLast((band) => metres > band.middle) ?? known[0]
  if (!high || !low || high.middle <= low.middle) return (high ?? low)?.speed ?? 1
  const share = Math.log(metres / low.middle) / Math.log(high.middle / low.middle)
  return low.speed + (high.speed - low.speed) * share
}

/** Metres of street that a straight distance means. */
export const streetMetres = (straightMetres: number): number => DETOUR * straightMetres
