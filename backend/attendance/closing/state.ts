import { Temporal } from 'temporal-polyfill'
import type { MonthClosing, MonthDecision, MonthSettings } from '../../contract/closing.ts'

export type Standing = Omit<MonthClosing, 'confirmed' | 'differences'>

export interface Known {
  month: string // YYYY-MM
  zone: string // of the company, IANA
  settings: MonthSettings
  decisions: readonly MonthDecision[] // in any order
  now: number
}

/**
 * How a month stands, from what was decided: the newest lock or reopening holds, and the newest grace.
 * Two of one moment are ordered by their ids, so that the order of arrival plays no part.
 */
export function standingOf({ month, zone, settings, decisions, now }: Known): Standing {
  const newest = [...decisions].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  const last = newest.find(({ kind }) => kind !== 'grace')
  const until = newest.find(({ kind }) => kind === 'grace')?.until
  const graceUntil = until ?? graceOf(month, zone, settings)
  const over = now >= endOf(month, zone)
  return {
    ...{ month, over, graceUntil, decisions: newest },
    state: stateOf(last?.kind, over && now < graceUntil),
    ...lockedBy(last),
    reason: newest.find(({ kind }) => kind === 'reopen')?.reason ?? null,
  }
}

const lockedBy = (last: MonthDecision | undefined) =>
  last?.kind === 'lock'
    ? { lockedAt: last.at, lockedBy: last.by }
    : { lockedAt: null, lockedBy: null }

function stateOf(last: MonthDecision['kind'] | undefined, inGrace: boolean): Standing['state'] {
  if (last === 'lock') return 'locked'
  if (last === 'reopen') return 'reopened'
  return inGrace ? 'grace' : 'open'
}

/** The first moment after a month on the zone's clock. */
export function endOf(month: string, zone: string): number {
  const next = Temporal.PlainYearMonth.from(month).add({ months: 1 })
  return next.toPlainDate({ day: 1 }).toZonedDateTime(zone).epochMilliseconds
}

function graceOf(month: string, zone: string, { graceDay, graceHour }: MonthSettings): number {
  const next = Temporal.PlainYearMonth.from(month).add({ months: 1 })
  const plainTime = Temporal.PlainTime.from({ hour: graceHour })
  return next.toPlainDate({ day: graceDay }).toZonedDateTime({ timeZone: zone, plainTime })
    .epochMilliseconds // prettier-ignore
}

/** What somebody says of his month, given what it is now. */
export function wordOf(
  said: { agrees: boolean; digest: string } | null,
  digest: string | null,
): 'agreed' | 'disputed' | 'outdated' | 'silent' {
  if (said === null) return 'silent'
  if (!said.agrees) return 'disputed'
  return said.digest === digest ? 'agreed' : 'outdated'
}
