import type { Whereabouts } from '../../backend/contract/checkins.ts'
import { whereIs } from '../../geo/fences/fence.ts'
import { metresBetween } from '../../geo/distance.ts'

/** A customer or workplace that a check-in may be about. */
export interface Spot {
  id: string
  kind: 'customer' | 'workplace'
  name: string
  circle: { lng: number; lat: number; radius: number } | null // metres; null until the first visit sets it
  tags: readonly string[]
  tier: string | null
}

export interface Seen {
  where: Whereabouts | null
  metres: number | null
}

interface Here {
  lng: number
  lat: number
  accuracy: number | null
}

/** Where I am relative to a place; without a position nobody can tell, without a place there is nothing to tell. */
export function seenFrom(here: Here | null, spot: Pick<Spot, 'circle'> | null): Seen {
  const circle = spot?.circle ?? null
  if (circle === null) return { where: null, metres: null }
  if (here === null) return { where: 'cannot_tell', metres: null }
  return {
    where: whereIs(here, here.accuracy, circle),
    metres: Math.round(metresBetween(here, circle)),
  }
}

/** The place that a button would be about: of those where I am or may be the nearest. */
export function spotAt(here: Here | null, spots: readonly Spot[]): Spot | null {
  if (here === null) return null
  const near = spots
    .map((spot) => ({ spot, ...seenFrom(here, spot) }))
    .filter(({ where }) => where === 'inside' || where === 'cannot_tell')
    .sort((a, b) => (a.metres ?? 0) - (b.metres ?? 0))
  return near[0]?.spot ?? null
}
