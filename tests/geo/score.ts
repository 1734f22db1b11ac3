import type { DerivedDay } from '../../geo/index.ts'

/** What a person did, or is said to have done, at one place. */
export interface Sojourn {
  readonly from: number
  readonly to: number
  readonly customerId: string | null
}

export interface Score {
  readonly told: number
  readonly truth: number
  readonly found: number // pairs, one to one, that share at least half of their common span
  readonly placed: number // of the pairs: the same customer, or none in both
  readonly atCustomers: number // pairs that truly were at a customer …
  readonly right: number // … and are told to be at this one
}

const FIVE_MINUTES = 5 * 60_000

/** The stays of at least 5 minutes that the ribbon shows; time inferred at a place belongs to its stay. */
export function sojournsOf({ segments }: Pick<DerivedDay, 'segments'>): Sojourn[] {
  const told: (Sojourn & { to: number; at: string })[] = []
  for (const { from, to, place, customerId = null } of segments) {
    if (!place) continue
    const at = `${place.lng},${place.lat}`
    const last = told.at(-1)
    if (last && last.to === from && last.at === at) last.to = to
    else told.push({ from, to, customerId, at })
  }
  return told.filter(isLong)
}

/** How well stays told agree with the true ones. */
export function scoreOf(told: readonly Sojourn[], stays: readonly Sojourn[]): Score {
  const truth = stays.filter(isLong)
  const pairs = truth.flatMap((stay) => {
    const match = told.find((each) => sharedOf(stay, each) >= 0.5)
    return match ? [{ stay, match }] : []
  })
  const atCustomers = pairs.filter(({ stay }) => stay.customerId !== null)
  const isRight = ({ stay, match }: (typeof pairs)[number]) => stay.customerId === match.customerId
  return {
    told: told.length,
    truth: truth.length,
    found: pairs.length,
    placed: pairs.filter(isRight).length,
    atCustomers: atCustomers.length,
    right: atCustomers.filter(isRight).length,
  }
}

/** Many days as one, with precision, recall and their harmonic mean. */
export function summed(scores: readonly Score[]) {
  const sum = (key: keyof Score) => scores.reduce((total, score) => total + score[key], 0)
  const [told, truth, found] = [sum('told'), sum('truth'), sum('found')]
  const [placed, atCustomers, right] = [sum('placed'), sum('atCustomers'), sum('right')]
  return {
    told,
    truth,
    precision: found / told,
    recall: found / truth,
    f1: (2 * found) / (told + truth),
    placed: placed / found,
    customers: right / atCustomers,
  }
}

const isLong = ({ from, to }: Sojourn) => to - from >= FIVE_MINUTES

/** Share of the span from the earlier start to the later end that both hold. */
function sharedOf(a: Sojourn, b: Sojourn): number {
  const both = Math.min(a.to, b.to) - Math.max(a.from, b.from)
  return both / (Math.max(a.to, b.to) - Math.min(a.from, b.from))
}
