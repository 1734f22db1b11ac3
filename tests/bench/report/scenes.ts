import type { Moment } from '../../../fixtures/day.ts'
import { loadTraces } from '../../../fixtures/traces.ts'
import type { DayFacts } from '../../../geo/index.ts'
import type { Sojourn } from '../../geo/score.ts'
import { dayOf, EIGHT, placeAt, walked, type Leg } from '../../geo/simulate.ts'
import { livedDays, seenMetres, type PACES } from '../truthDays.ts'
import { knownRoutes } from '../truthRoutes.ts'
import { shopStreet } from '../truthStill.ts'
import { factsOf } from '../truthTraces.ts'

type At = Omit<Moment, 'at'>

/** A day to be drawn: what was reported, and what is known to be true of it. */
export interface Scene {
  readonly title: string
  readonly note: string
  readonly facts: DayFacts // fixes in order of time
  readonly path: readonly At[] | null // truly gone; null: nobody knows
  readonly stays: readonly (Sojourn & At)[]
  readonly metres: number | null // truly gone, straight where no phone could see it
  readonly onRoads: boolean // lies in the demo city
}

/** The days of the report, always the same for the same seed. */
export function scenesOf(seed: string): Scene[] {
  return [
    lived(
      seed,
      0,
      'live',
      'A rep’s day, as the page reports it',
      'A fix each 10 s on the way and each 30 s at a place; noise that wanders, rogue fixes, closed pages, tunnels.',
    ),
    lived(
      seed,
      1,
      'live',
      'Another rep’s day',
      'Grey bands: the page was closed, or the position switched off. What happened there nobody can know.',
    ),
    lived(
      seed,
      2,
      'sparse',
      'A thrifty phone',
      'A fix each 30 s on the way and each 150 s at a place.',
    ),
    stillDay(),
    shops(seed),
    route(seed),
    trace(
      'osm-beijing/03',
      'A real recording: a drive in Beijing',
      'Public GPS trace. Nobody wrote down what truly happened.',
    ),
    trace(
      'fit/2019-02-17-062644-ELEMNT-297E-195-0.fit',
      'A real recording: a ride around Shanghai',
      'A bicycle computer, a fix each second; “truth” is the distance that its wheel sensor or receiver counted.',
    ),
  ]
}

function lived(
  seed: string,
  index: number,
  pace: keyof typeof PACES,
  ...[title, note]: [string, string]
): Scene {
  const found = livedDays(`report/${seed}`, index + 1, pace)[index]
  if (!found) throw new RangeError(`no day ${index}`)
  const { day, facts } = found
  return {
    title,
    note,
    facts,
    path: day.truth.path,
    stays: day.truth.stays,
    metres: seenMetres(day),
    onRoads: true,
  }
}

const placeOf = (legs: readonly Leg[]) => legs.map(({ x, y }) => placeAt(x, y))

function stillDay(): Scene {
  const legs: Leg[] = [{ x: 0, y: 0, minutes: 480 }]
  const facts = dayOf(
    walked(legs, { seed: 1, sigma: 10, every: 30, correlation: 60, rogue: 0.01 }),
    8,
  )
  const stays = facts.duty.map((window) => ({ ...window, customerId: null, ...placeAt(0, 0) }))
  return {
    title: 'Eight hours on a desk',
    note: 'The phone lies still; 10 m jitter that wanders, one fix in a hundred far off and sure of itself.',
    facts,
    path: placeOf([...legs, ...legs]),
    stays,
    metres: 0,
    onRoads: false,
  }
}

function shops(seed: string): Scene {
  const { facts, truth } = shopStreet(`report/${seed}`, 1, 0)
  const doors = truth.map((stay, i) => ({ ...stay, ...placeAt(40 * i, 0) }))
  return {
    title: 'Six shops in one street',
    note: '40 m from door to door, 12 minutes in each, 15 m noise.',
    facts,
    path: doors,
    stays: doors,
    metres: 200,
    onRoads: false,
  }
}

function route(seed: string): Scene {
  const found = knownRoutes(`report/${seed}`, 4)[3]
  if (!found) throw new RangeError('no route')
  const { facts, path, metres, every } = found
  const [first, last] = [path[0], path.at(-1)]
  const stays = [first, last].flatMap((end, i) => {
    if (!end) return []
    const from = i === 0 ? EIGHT : end.at - 600_000
    return [{ from, to: from + 600_000, customerId: null, lng: end.lng, lat: end.lat }]
  })
  return {
    title: 'A known way through the streets',
    note: `By car, a fix each ${every} s, ten minutes still at both ends.`,
    facts,
    path,
    stays,
    metres,
    onRoads: true,
  }
}

function trace(id: string, title: string, note: string): Scene {
  const found = loadTraces().find((each) => each.id === id)
  if (!found) throw new RangeError(`no trace ${id}`)
  return {
    title,
    note: `${note} Source: ${found.source}, ${found.license}.`,
    facts: factsOf(found),
    path: null,
    stays: [],
    metres: found.deviceMetres,
    onRoads: false,
  }
}
