import type { Config } from '../core/config.ts'
import { Fault } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { rebuildDays, type RebuiltDay } from '../tracks/index.ts'
import type { Command } from './arguments.ts'
import { withDatabase } from './database.ts'

/**
 * Derives the days of a range anew, beside a running server or without one: a line for each that
 * differs or is locked, then a sum.
 */
export async function rebuildCommand(
  config: Config,
  log: Log,
  root: string,
  command: Command,
): Promise<void> {
  const { from, to, person } = command
  if (!from || !to) throw new Fault('bad_input', '--from DATE and --to DATE are needed')
  const range = { orgId: config.wecom?.corpId ?? 'demo', from, to, personIds: person ? [person] : undefined } // prettier-ignore
  const dryRun = command['dry-run'] === true
  const days: RebuiltDay[] = []
  const tell = (day: RebuiltDay) => {
    days.push(day)
    if (day.outcome !== 'same') console.log(lineOf(day))
  }
  await withDatabase(config, log, root, (db) =>
    rebuildDays(db, range, { now: Date.now(), dryRun, tell }),
  )
  console.log(sumOf(days, dryRun))
}

/** `2026-11-23  rep01  segments 12 → 13  metres 10234 → 10187  visits 3 → 3  algorithm 1 → 2` */
export function lineOf({ date, personId, outcome, before, after }: RebuiltDay): string {
  const name = `${date}  ${personId}`
  if (outcome === 'locked') return `${name}  locked, left as it is`
  const change = (left: string | number | undefined, right: string | number) =>
    `${left ?? 'none'} → ${right}`
  return [
    name,
    `segments ${change(before?.segments, after.segments)}`,
    `metres ${change(before?.movedMetres, after.movedMetres)}`,
    `visits ${change(before?.visits, after.visits)}`,
    `algorithm ${change(before?.algorithmVersion, after.algorithmVersion)}`,
  ].join('  ')
}

export function sumOf(days: readonly RebuiltDay[], dryRun: boolean): string {
  const count = (outcome: RebuiltDay['outcome']) =>
    days.filter((day) => day.outcome === outcome).length
  const sum = (of: (day: RebuiltDay) => number) => days.reduce((total, day) => total + of(day), 0)
  const metres = `${sum((day) => day.before?.movedMetres ?? 0)} → ${sum((day) => day.after.movedMetres)}`
  const visits = `${sum((day) => day.before?.visits ?? 0)} → ${sum((day) => day.after.visits)}`
  const outcome = `${count('changed')} changed, ${count('same')} the same, ${count('locked')} locked`
  const dry = dryRun ? '  (dry run: nothing was written)' : ''
  return `${days.length} days: ${outcome}  metres ${metres}  visits ${visits}${dry}`
}
