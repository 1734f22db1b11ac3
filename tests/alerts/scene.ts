import type { Scene } from '../../backend/alerts/episodes.ts'
import { DEFAULT_RULES, type AlertKind, type AlertRule } from '../../backend/contract/alerts.ts'

const MIDNIGHT = Date.parse('2026-11-23T00:00:00+08:00')

/** A moment of Monday, 2026-11-23, on a clock in Shanghai. */
export function at(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return MIDNIGHT + (hours * 60 + minutes) * 60_000
}

/** A scene on a shift 09:00–18:00 of which nothing is known but what is given. */
export const sceneAt = (now: string, known: Partial<Scene> = {}): Scene => ({
  now: at(now),
  duty: [{ from: at('09:00'), to: at('18:00') }],
  lastAt: at(now),
  segments: [],
  workplaces: [],
  outside: [],
  dues: [],
  checkins: [],
  calls: [],
  ...known,
})

/** One rule as it comes, with other values where given. */
export function rule(kind: AlertKind, own: Partial<AlertRule> = {}): AlertRule {
  const known = DEFAULT_RULES.find((each) => each.kind === kind)
  if (!known) throw new Error(`no rule for ${kind}`)
  return { ...known, on: true, ...own }
}

/** A piece of the ribbon. */
export const piece = (
  kind: Scene['segments'][number]['kind'],
  from: string,
  to: string,
  more: Partial<Scene['segments'][number]> = {},
): Scene['segments'][number] => ({ kind, from: at(from), to: at(to), ...more })
