import type { Balance, LeaveKind } from '../contract/approvalSettings.ts'

/** Something to take leave from, usable on the dates from `from` to `to`, both included. */
export interface Lot {
  minutes: number // less than 0 corrects
  from: string // YYYY-MM-DD
  to: string
}

/** A leave that was approved or is being asked for. */
export interface Use {
  minutes: number
  date: string // its first work date: what it is taken from must be usable then
  pending: boolean
}

interface Open extends Lot {
  left: number
  used: number
  pending: number
  of: Open | null // of what was carried over: what it is a part of
}

/**
 * What is left of a kind of leave on `date`: everything that was given and is usable on that date,
 * less what is used or asked for, each use taken from what lapses first. A function of facts as sets.
 * @param lots grants; overtime that was turned into time off, as lots, too
 */
export function balanceOf(
  kind: LeaveKind,
  { lots, uses }: { lots: readonly Lot[]; uses: readonly Use[] },
  { date, minutesPerDay }: { date: string; minutesPerDay: number },
): Balance {
  const open = lots.map(opened)
  const last = [date, ...uses.map((use) => use.date)].map(yearOf).reduce((a, b) => Math.max(a, b))
  const years = [...uses.map((use) => yearOf(use.date)), yearOf(date), kind.fromYear]
  let deficit = 0
  for (let year = Math.min(...years); year <= last; year++) {
    const yearly = yearlyLot(kind, year, minutesPerDay)
    if (yearly) open.push(yearly)
    const ofYear = uses.filter((use) => yearOf(use.date) === year)
    for (const use of inOrder(ofYear)) deficit += take(open, use)
    const carried = yearly && year < last && carriedFrom(kind, yearly, minutesPerDay)
    if (carried) open.push(carried)
  }
  return summary(kind.key, open, date, deficit)
}

const opened = (lot: Lot): Open => ({
  ...lot,
  left: lot.minutes,
  used: 0,
  pending: 0,
  of: null,
})
const yearOf = (date: string) => Number(date.slice(0, 4))
const inOrder = (uses: readonly Use[]) =>
  [...uses].sort((a, b) => (a.date === b.date ? a.minutes - b.minutes || Number(a.pending) - Number(b.pending) : a.date < b.date ? -1 : 1)) // prettier-ignore

function yearlyLot(kind: LeaveKind, year: number, minutesPerDay: number): Open | null {
  if (kind.balance !== 'granted' || kind.daysPerYear === 0 || year < kind.fromYear) return null
  const minutes = Math.round(kind.daysPerYear * minutesPerDay)
  return opened({ minutes, from: `${year}-01-01`, to: `${year}-12-31` })
}

/** What of a year's lot may still be taken at the beginning of the next. */
function carriedFrom(kind: LeaveKind, lot: Open, minutesPerDay: number): Open | null {
  const minutes = Math.min(lot.left, Math.round(kind.carryOverDays * minutesPerDay))
  if (minutes <= 0) return null
  const next = yearOf(lot.from) + 1
  const part = { minutes, from: `${next}-01-01`, to: `${next}-${kind.carryUntil}` }
  return { ...opened(part), of: lot }
}

/** What lapses first, then what was given first: two that differ in neither are taken from alike. */
const sooner = (a: Open, b: Open) => byDate(a.to, b.to) || byDate(a.from, b.from) || a.left - b.left
const byDate = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)

/** @returns what no lot could give. */
function take(open: readonly Open[], use: Use): number {
  const usable = open.filter((lot) => lot.from <= use.date && use.date <= lot.to).sort(sooner)
  let wanted = use.minutes
  for (const lot of usable) {
    const part = lot.left > 0 ? Math.min(wanted, lot.left) : 0
    draw(lot, part, use.pending)
    if (lot.of) draw(lot.of, part, use.pending)
    wanted -= part
  }
  return wanted
}

function draw(lot: Open, minutes: number, pending: boolean): void {
  lot.left -= minutes
  if (pending) lot.pending += minutes
  else lot.used += minutes
}

function summary(leaveKind: string, open: readonly Open[], date: string, deficit: number): Balance {
  const usable = open.filter((lot) => lot.from <= date && date <= lot.to)
  const over = open.filter((lot) => lot.to < date && yearOf(lot.to) === yearOf(date))
  const sum = (lots: readonly Open[], of: (lot: Open) => number) =>
    lots.reduce((total, lot) => total + of(lot), 0)
  const [next] = usable.filter((lot) => lot.left > 0).sort((a, b) => (a.to < b.to ? -1 : 1))
  return {
    leaveKind,
    granted: sum(usable, (lot) => lot.minutes),
    used: sum(usable, (lot) => lot.used),
    pending: sum(usable, (lot) => lot.pending),
    left: sum(usable, (lot) => lot.left) - deficit,
    expired: sum(over, (lot) => Math.max(0, lot.left)),
    expiring: next ? { minutes: expiringOn(usable, next.to), on: next.to } : null,
  }
}

const expiringOn = (lots: readonly Open[], to: string) =>
  lots.filter((lot) => lot.to === to).reduce((sum, lot) => sum + Math.max(0, lot.left), 0)
