import type { DutyWindow } from '../people/index.ts'

const AROUND_MS = 6 * 3_600_000 // a punch so long before or after a shift is still about it

/** The work date of a moment, and whether it lies in a duty window. */
export interface WorkDate {
  readonly date: string
  readonly zone: string
  readonly onDuty: boolean
}

/**
 * A moment in a duty window counts for its work date, also past midnight; one shortly before or
 * after a window for the nearest; any other for the date that the clock shows.
 * @param calendar the date in the person's zone
 */
export function workDateOf(
  at: number,
  duty: readonly DutyWindow[],
  calendar: { date: string; zone: string },
): WorkDate {
  const distances = duty.map((window) => ({ window, ms: distanceTo(window, at) }))
  const [nearest] = distances.toSorted((a, b) => a.ms - b.ms || a.window.from - b.window.from)
  if (!nearest || nearest.ms > AROUND_MS) return { ...calendar, onDuty: false }
  const { date, zone } = nearest.window
  return { date, zone, onDuty: nearest.ms === 0 }
}

const distanceTo = ({ from, to }: DutyWindow, at: number) =>
  at < from ? from - at : at < to ? 0 : at - to + 1
