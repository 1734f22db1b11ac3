import { deriveDay, type DayFacts } from '../../geo/index.ts'
import { sojournsOf, type Sojourn } from '../geo/score.ts'
import { tellAsDawarich } from './baselines/dawarich.ts'
import { tellAsTraccar } from './baselines/traccar.ts'

/** What somebody says of a day. */
export interface Told {
  readonly stays: readonly Sojourn[]
  readonly metres: number // travelled, straight over what nobody saw
}

/** Facts in order of arrival → what a system says of the day. */
export type Teller = (facts: DayFacts) => Told

/** Ours: silences count as the crow flies, as they do in a running total. */
export const tellAsZuji: Teller = (facts) => {
  const day = deriveDay(facts)
  return { stays: sojournsOf(day), metres: day.totals.movedMetres + day.totals.gapMetres }
}

export const TELLERS = { zuji: tellAsZuji, traccar: tellAsTraccar, dawarich: tellAsDawarich }
