import { metresBetween, type Place } from '../distance.ts'
import { whereIs } from '../fences/fence.ts'
import type { Intention, Site } from '../types.ts'

const RULES = {
  nearRadii: 4, // a circle further away than so many 68 % radii can not hold the place
  wanderMetres: 15, // per axis, of positions in streets, which no number of fixes at one place averages out
  planned: 4, // times as likely is a visit that was planned
} as const

/** The places a stay may be named after, and where its person meant to go. */
export interface KnownPlaces {
  readonly sites: readonly Site[]
  readonly intentions?: readonly Intention[] | undefined
}

interface Stayed extends Place {
  readonly accuracy: number // 68 % radius, metres
  readonly from: number // epoch ms
}

/**
 * The likeliest of the sites whose circles may hold the place (Bayes): by distance, and by what the person had said
 * to be his plan before he came. What is planned afterwards is no evidence. Ties by id, so that order means nothing.
 */
export function siteAt(stay: Stayed, { sites, intentions = [] }: KnownPlaces): Site | null {
  const near = sites
    .map((site) => ({ site, metres: metresBetween(stay, site) }))
    .filter(({ site, metres }) => metres <= site.radius + RULES.nearRadii * stay.accuracy)
    .filter(({ site }) => whereIs(stay, stay.accuracy, site) !== 'outside')
  if (near.length > 1) {
    const likely = likelihood(stay, intentionAt(stay.from, intentions))
    near.sort((a, b) => likely(b) - likely(a) || (a.site.customerId < b.site.customerId ? -1 : 1))
  }
  return near[0]?.site ?? null
}

/** Twice the logarithm of how likely a stay at a site gives this place, but for what all sites share. */
function likelihood({ accuracy }: Stayed, intention: Intention | undefined) {
  const planned = new Set(intention?.customerIds)
  const variance = Math.max(RULES.wanderMetres, accuracy) ** 2
  return ({ site, metres }: { site: Site; metres: number }) =>
    2 * (planned.has(site.customerId) ? Math.log(RULES.planned) : 0) - metres ** 2 / variance
}

/** The newest of the plans that had been made by then; of two made at once the same one, in whatever order they come. */
function intentionAt(at: number, intentions: readonly Intention[]): Intention | undefined {
  const made = intentions.filter((each) => each.madeAt <= at)
  const nameOf = ({ customerIds }: Intention) => [...customerIds].sort().join()
  return made.sort((a, b) => b.madeAt - a.madeAt || (nameOf(a) < nameOf(b) ? 1 : -1))[0]
}
