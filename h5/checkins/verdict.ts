import type { Whereabouts } from '../../backend/contract/checkins.ts'
import type { IconName } from '../ui/icons.ts'

/** What the check-in page says first: a state, its icon, and a line with what it names. */
export interface Said {
  key: 'searching' | 'no_position' | 'inside' | 'outside' | 'cannot_tell' | 'free' | 'first'
  tone: 'ok' | 'warn' | 'plain'
  icon: IconName
  hint: 'searching' | 'no_position' | 'at' | 'away' | 'free' | 'first' | 'unsure'
  named: Record<string, string | number>
}

const FIRST_METRES = 60 // as backend/checkins/store.ts: a position less exact is no place of a customer

interface State {
  where: Whereabouts | null
  metres: number | null
  place: string
  isUnplaced: boolean // a customer that has no position yet
  accuracy: number | null
  hasPosition: boolean
  searching: boolean
}

export function verdictOf(state: State): Said {
  const named = {
    place: state.place,
    metres: state.metres ?? 0,
    accuracy: Math.round(state.accuracy ?? 40),
  }
  return state.isUnplaced && state.hasPosition ? firstVisit(named) : usual(state, named)
}

function firstVisit(named: { place: string; metres: number; accuracy: number }): Said {
  const hint = named.accuracy <= FIRST_METRES ? 'first' : 'unsure'
  return { key: 'first', tone: 'plain', icon: 'pin', hint, named }
}

function usual(state: State, named: Said['named']): Said {
  if (!state.hasPosition) {
    const key = state.searching ? 'searching' : 'no_position'
    return { key, tone: 'plain', icon: 'target', hint: key, named }
  }
  if (state.where === null) return { key: 'free', tone: 'plain', icon: 'pin', hint: 'free', named }
  const tone = state.where === 'inside' ? 'ok' : 'warn'
  const icon = {
    inside: 'tick',
    outside: 'alert',
    cannot_tell: 'target',
  } as const
  const hint = state.where === 'outside' ? 'away' : 'at'
  return { key: state.where, tone, icon: icon[state.where], hint, named }
}
