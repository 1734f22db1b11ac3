import Supercluster, { type ClusterFeature, type PointFeature } from 'supercluster'
import type { Person } from '../../backend/contract/people.ts'
import { STATES, type StateCounts } from './glyphs.ts'

/** What the map draws of people: one by himself, or several whose marks would cover each other. Degrees WGS-84. */
export type PeopleMark =
  | { readonly kind: 'one'; readonly key: string; readonly person: Person; readonly lng: number; readonly lat: number } // prettier-ignore
  | {
      readonly kind: 'several'
      readonly key: string // keeps to the first of them, so that a cluster is moved and not made anew
      readonly lng: number
      readonly lat: number
      readonly counts: StateCounts
      readonly count: number
      readonly opensAt: number // zoom at which they part
    }

export interface PeopleIndex {
  /** @param box west, south, east, north in degrees WGS-84. */
  marksIn(box: [number, number, number, number], zoom: number): PeopleMark[]
}

/** Flat, for the library's copies of it are. */
interface Inside extends StateCounts {
  first: number // place in the list
}

const RADIUS = 44 // px between marks that still stand apart: a glyph and the start of its name
const TILE = 256 // px
const ALL_APART = 18 // zoom from which nobody is hidden in a cluster

const noCounts = (): StateCounts => ({ moving: 0, at_customer: 0, still: 0, silent: 0, off_duty: 0 }) // prettier-ignore

/**
 * Clusters people for every zoom at once: 5,000 cost some 20 ms, and each look at it less than one.
 * @param people those without a position are left out
 */
export function indexPeople(people: readonly Person[]): PeopleIndex {
  const index = new Supercluster<{ place: number }, Inside>({
    radius: RADIUS,
    extent: TILE,
    maxZoom: ALL_APART - 1,
    map: ({ place }) => {
      const one = { ...noCounts(), first: place }
      const state = people[place]?.state
      if (state) one[state] = 1
      return one
    },
    reduce: (sum, more) => {
      sum.first = Math.min(sum.first, more.first)
      for (const state of STATES) sum[state] += more[state]
    },
  })
  index.load(people.flatMap(featureOf))
  return {
    marksIn: (box, zoom) =>
      index.getClusters(box, zoom).flatMap((feature) => markOf(feature, index, people)),
  }
}

function featureOf({ last }: Person, place: number): PointFeature<{ place: number }>[] {
  if (last === null) return []
  const geometry = { type: 'Point' as const, coordinates: [last.lng, last.lat] }
  return [{ type: 'Feature', properties: { place }, geometry }]
}

function markOf(
  { geometry, properties }: ClusterFeature<Inside> | PointFeature<{ place: number }>,
  index: Supercluster<{ place: number }, Inside>,
  people: readonly Person[],
): PeopleMark[] {
  const [lng = 0, lat = 0] = geometry.coordinates
  if (!('cluster' in properties)) {
    const person = people[properties.place]
    return person ? [{ kind: 'one', key: person.id, person, lng, lat }] : []
  }
  const { first, point_count: count, cluster_id: id } = properties
  const { moving, at_customer, still, silent, off_duty } = properties
  const counts = { moving, at_customer, still, silent, off_duty }
  const opensAt = index.getClusterExpansionZoom(id)
  return [{ kind: 'several', key: `with ${people[first]?.id ?? ''}`, lng, lat, counts, count, opensAt }] // prettier-ignore
}
