import { accuracyOf, chanceIn, metresBetween, whereIs, type Place } from '../../geo/index.ts'
import type { Whereabouts } from '../contract/checkins.ts'

/** A customer or workplace as a check-in sees it. Without a position nothing can be compared. */
export interface Site {
  readonly id: string
  readonly kind: 'customer' | 'workplace'
  readonly name: string
  readonly at: Place | null // WGS-84
  readonly radius: number // metres
  readonly wifi: readonly string[] // BSSIDs
  readonly tags: readonly string[]
  readonly tier: string | null
}

/** Where somebody is relative to a site. */
export interface Found {
  readonly where: Whereabouts | null // null: no site, or one without a position
  readonly metres: number | null // from its middle
  readonly chance: number | null // 0–1, to be inside
}

const NOWHERE: Found = { where: null, metres: null, chance: null }
const NO_POSITION: Found = { where: 'cannot_tell', metres: null, chance: null }

/** @param position null: the phone gave none, so that nobody can tell. */
export function foundAt(
  position: (Place & { accuracy: number | null }) | null,
  site: Site | null,
): Found {
  if (!site?.at) return NOWHERE
  if (!position) return NO_POSITION
  const area = { ...site.at, radius: site.radius }
  return {
    where: whereIs(position, position.accuracy, area),
    metres: Math.round(metresBetween(position, site.at) * 10) / 10,
    chance: Math.round(chanceIn(area, position, accuracyOf(position)) * 1000) / 1000,
  }
}

/** Of several sites the one where somebody most likely is; far from all of them, the nearest. */
export function likeliest(
  position: (Place & { accuracy: number | null }) | null,
  sites: readonly Site[],
): Site | null {
  if (!position) return sites[0] ?? null
  const known = sites
    .map((site) => ({ site, found: foundAt(position, site) }))
    .filter(({ found }) => found.metres !== null)
  known.sort(
    (a, b) => rank(b.found) - rank(a.found) || (a.found.metres ?? 0) - (b.found.metres ?? 0),
  )
  return known[0]?.site ?? null
}

/** Chances that differ by less than a hundredth are alike. */
const rank = ({ chance }: Found) => Math.round((chance ?? 0) * 100)
