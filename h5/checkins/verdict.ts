import type { Whereabouts } from '../../backend/contract/checkins.ts'
import type { IconName } from '../ui/icons.ts'

/** What the check-in page says first: a state, its icon, and a line with what it names. */
export interface Said {
  key: 'searching' | 'no_position' | 'inside' | 'outside' | 'cannot_tell' | 'free'
  tone: 'ok' | 'warn' | 'plain'
  icon: IconName
  hint: 'searching' | 'no_position' | 'at' | 'away' | 'free'
  named: Record<string, string | number>
}

interface State {
  where: Whereabouts | null
  metres: number | null
  place: string
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
  if (!state.hasPosition) {
    const key = state.searching ? 'searching' : 'no_position'
    return { key, tone: 'plain', icon: 'target', hint: key, named }
  }
  if (state.where === null) return { key: 'free', tone: 'plain', icon: 'pin', hint: 'free', named }
  const tone = state.where === 'inside' ? 'ok' : 'warn'
  const icon = { inside: 'tick', outside: 'alert', cannot_tell: 'target' } as const
  const hint = state.where === 'outside' ? 'away' : 'at'
  return { key: state.where, tone, icon: icon[state.where], hint, named }
}
