import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { livedDays, scoreDays } from './truthDays.ts'
import { oneStay, phantomMetres, shopAccuracy } from './truthStill.ts'
import { printTable } from './truthTable.ts'
import { TELLERS, type Teller } from './truthTell.ts'

export const printsTable = true

/**
 * Truth told about days whose truth is known, by us and by the rules of two peers.
 * @param args `--seed N` repeats a run (drawn fresh without it), `--days N` simulated days (60).
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, days: { type: 'string' } },
  })
  const seed = values.seed ?? String(randomInt(1_000_000_000))
  const days = Math.max(1, Number(values.days ?? 60))
  console.log(`seed ${seed}, ${days} days: repeat with --seed ${seed} --days ${days}`)
  const { zuji, ...baselines } = TELLERS
  const options = { seed, days: livedDays(seed, days, 'live') }
  const ours = figuresOf(zuji, { ...options, runs: 100 })
  const theirs = Object.fromEntries(
    Object.entries(baselines).map(([name, teller]) => [
      name,
      figuresOf(teller, { ...options, runs: 20 }),
    ]),
  )
  printTable(ours, theirs)
  return { seed, days, ...ours, baselines: theirs }
}

interface Options {
  readonly seed: string
  readonly days: ReturnType<typeof livedDays>
  readonly runs: number
}

/** The figures of one teller, on the same facts for all. */
function figuresOf(teller: Teller, { seed, days, runs }: Options) {
  const stills = { runs: runs * 4, teller }
  return rounded({
    ...scoreDays(days, teller),
    phantomMetres: phantomMetres(seed, Math.ceil(runs / 20), teller),
    oneStay15: oneStay(seed, 15, stills),
    oneStay30: oneStay(seed, 30, stills),
    oneStay50: oneStay(seed, 50, stills),
    shopAccuracy: shopAccuracy(seed, 0, { runs, teller }),
    shopAccuracyWandering: shopAccuracy(seed, 60, { runs, teller }),
  })
}

const rounded = (figures: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [key, Number(value.toPrecision(4))]),
  )
