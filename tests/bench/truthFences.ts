import { randomOf } from '../../fixtures/random.ts'
import {
  clean,
  followFences,
  metresBetween,
  whereIs,
  type Circle,
  type TrackFix,
  type Where,
} from '../../geo/index.ts'
import { placeAt, walked } from '../geo/simulate.ts'
import { fenceEvents } from './baselines/traccar.ts'
import { share, sum } from './truthScore.ts'

const FENCE: Circle = { ...placeAt(0, 0), radius: 50 }
const SECONDS = [10, 30, 60]

/** How a system follows fixes in order of time through one fence: the number of its events. */
export type Follower = (fixes: readonly TrackFix[], fence: Circle) => number

export const FOLLOWERS: Record<string, Follower> = {
  zuji(fixes, fence) {
    const used = clean(fixes).flatMap(({ fix, used: isUsed }) => (isUsed ? [fix] : []))
    return followFences(used, [{ id: 'fence', ...fence }]).events.length
  },
  traccar: fenceEvents,
}

/**
 * Eight hours still inside a 50 m fence, 15 m jitter per axis, 1 % of the fixes 200 m to 1200 m off and saying
 * they are good, a fix each 10 to 60 s: all events, each of them false.
 * @param still.off metres from the fence's middle: 30 is 20 m inside the edge.
 * @param still.correlation seconds; 0 = independent noise.
 */
export function fenceFalse(
  seed: string,
  still: { off: number; correlation: number },
  { runs, follower }: { runs: number; follower: Follower },
): number {
  const { off, correlation } = still
  const events = Array.from({ length: runs }, (_, run) => {
    const bits = randomOf(seed, 'fence', off, correlation, run).bits()
    const every = SECONDS[run % SECONDS.length] ?? 30
    const noise = { seed: bits, sigma: 15, every, correlation, rogue: 0.01 }
    return follower(
      walked(
        [
          { x: off, y: 0, minutes: 0.01 },
          { x: off, y: 0, minutes: 480 },
        ],
        noise,
      ),
      FENCE,
    )
  })
  return sum(events)
}

/** How a system answers where a fix is. */
export type Locator = (fix: TrackFix, site: Circle) => Where

export const LOCATORS: Record<string, Locator> = {
  zuji: (fix, site) => whereIs(fix, fix.accuracy, site),
  traccar: (fix, site) => (metresBetween(fix, site) <= site.radius ? 'inside' : 'outside'),
}

const PER_RADIUS = 1.51

/**
 * Check-ins by one fix of 5 to 60 m accuracy at sites of 30 to 200 m radius. Honest ones are anywhere
 * inside: how many are called outside. Absent ones are 100 m to 1 km beyond the edge: how many are called inside.
 */
export function scoreCheckins(seed: string, runs: number, locator: Locator) {
  const random = randomOf(seed, 'checkins')
  const told = Array.from({ length: runs }, () => {
    const site = { ...placeAt(0, 0), radius: random.between(30, 200) }
    const accuracy = random.between(5, 60)
    const sigma = accuracy / PER_RADIUS
    const seenFrom = (metres: number): Where => {
      const angle = random.between(0, 2 * Math.PI)
      const x = metres * Math.cos(angle) + sigma * random.normal()
      const y = metres * Math.sin(angle) + sigma * random.normal()
      return locator({ id: 'fix', at: 0, ...placeAt(x, y), accuracy }, site)
    }
    const honest = seenFrom(site.radius * Math.sqrt(random.next()))
    const absent = seenFrom(site.radius + random.between(100, 1000))
    return { honest, absent }
  })
  return {
    checkinFalseRejects: share(told.map(({ honest }) => honest === 'outside')),
    checkinInside: share(told.map(({ honest }) => honest === 'inside')),
    checkinFalseAccepts: share(told.map(({ absent }) => absent === 'inside')),
  }
}
