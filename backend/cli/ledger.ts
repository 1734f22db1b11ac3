import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { ledgerOf } from '../attendance/index.ts'
import { DayType, DueName, Shift, type DayInput, type DayLedger } from '../contract/attendance.ts'
import { IsoDate } from '../contract/terms.ts'
import { Fault } from '../core/errors.ts'
import type { Command } from './arguments.ts'
import { answerTexts } from './lines.ts'

/** A time of the wall clock. Seconds are cut off: a punch counts by its minute. */
const Local = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/,
    'must be a time YYYY-MM-DDTHH:MM',
  )
  .refine(
    (time) => IsoDate.safeParse(time.slice(0, 10)).success,
    'must have a date of the calendar',
  )

const LocalSpan = z
  .object({ from: Local, to: Local })
  .refine(({ from, to }) => to > from, { path: ['to'], message: 'must be after from' })

/** A person-day as people who check us write it. */
export const LedgerCase = z.object({
  id: z.union([z.string(), z.number()], { error: 'must be text or a number' }),
  zone: z.string().default('Asia/Shanghai'),
  date: IsoDate,
  dayType: DayType,
  now: Local,
  shift: Shift.nullable(),
  punches: z.array(Local),
  leaves: z.array(LocalSpan.and(z.object({ kind: z.string().default('') }))).default([]),
  outings: z.array(LocalSpan).default([]),
  corrections: z.array(z.object({ due: DueName, at: Local })).default([]),
  overtime: z.array(LocalSpan.and(z.object({ alone: z.boolean().optional() }))).default([]),
})
export type LedgerCase = z.infer<typeof LedgerCase>

/**
 * `zuji ledger FILE`: cases in, the ledger of each a line out, in the shape of their expectation. No database.
 * The file is one JSON document, `{cases: [...]}`, an array or one case, or it has a case a line.
 */
export async function ledgerCommand({ rest: [file] }: Command): Promise<void> {
  if (!file)
    throw new Fault('bad_input', 'zuji ledger FILE: a file of cases, or - for standard input')
  const { unit, texts } = casesOf((await contentOf(file)).replace(/^\uFEFF/, ''))
  await answerTexts(unit, texts, (line) => {
    const given = LedgerCase.parse(JSON.parse(line))
    return JSON.stringify({ id: given.id, ...shown(ledgerOf(inputOf(given)), given.date) })
  })
}

const contentOf = (file: string): Promise<string> =>
  (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch(() => {
    throw new Fault('not_found', `${file} can not be read`)
  })

const Document = z.union([
  z.object({ cases: z.array(z.unknown()) }).transform(({ cases }) => cases),
  z.array(z.unknown()),
  z
    .object({})
    .loose()
    .transform((one) => [one]),
])

function casesOf(content: string): { unit: 'case' | 'line'; texts: string[] } {
  try {
    const cases = Document.parse(JSON.parse(content))
    return { unit: 'case', texts: cases.map((each) => JSON.stringify(each)) }
  } catch {
    return { unit: 'line', texts: content.split(/\r?\n/) }
  }
}

const MINUTE_MS = 60_000

/** Minutes from midnight of `date`: of the wall clock, so without a zone. */
const minutesFrom = (date: string) => (time: string) =>
  (Date.parse(`${time.slice(0, 16)}Z`) - Date.parse(`${date}T00:00Z`)) / MINUTE_MS

/** What a case says, as the engine takes it. */
export function inputOf({ id: _, ...given }: LedgerCase): DayInput {
  const minute = minutesFrom(given.date)
  const span = <S extends { from: string; to: string }>(each: S) => ({
    ...each,
    from: minute(each.from),
    to: minute(each.to),
  })
  return {
    ...given,
    now: minute(given.now),
    punches: given.punches.map((at) => ({ at: minute(at) })),
    leaves: given.leaves.map(span),
    outings: given.outings.map(span),
    corrections: given.corrections.map(({ due, at }) => ({ due, at: minute(at) })),
    overtime: given.overtime.map(span),
  }
}

/** As a case's expectation: dues with local times, minutes. */
export function shown({ due, minutes }: DayLedger, date: string) {
  const midnight = Date.parse(`${date}T00:00Z`)
  const local = (at: number) => new Date(midnight + at * MINUTE_MS).toISOString().slice(0, 16)
  return {
    due: due.map(({ due: name, at, result, punch }) => ({
      due: name,
      at: local(at),
      result,
      punch: punch === null ? null : local(punch),
    })),
    minutes,
  }
}
