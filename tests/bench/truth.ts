import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { scoreCheats } from './truthEvidence.ts'
import { livedDays, scoreDays, type Lived } from './truthDays.ts'
import { FOLLOWERS, fenceFalse, LOCATORS, scoreCheckins } from './truthFences.ts'
import {
  knownRoutes,
  scoreLateBlock,
  scoreRoutes,
  scoreStrolls,
  type Route,
} from './truthRoutes.ts'
import { oneStay, phantomMetres, shopAccuracy } from './truthStill.ts'
import { printTable, type Figures } from './truthTable.ts'
import { TELLERS, type Teller } from './truthTell.ts'
import { scoreThinned, scoreTraces, traceRows } from './truthTraces.ts'

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
  const { ours, theirs } = truthOf(seed, days)
  printTable(ours, theirs)
  console.table(traceRows(TELLERS.zuji))
  return { seed, days, ...ours, baselines: theirs }
}

/** Our figures and those of the peers, from the same facts. */
export function truthOf(seed: string, days: number) {
  const { zuji, ...baselines } = TELLERS
  const given = {
    seed,
    days: livedDays(seed, days, 'live'),
    sparse: livedDays(seed, days, 'sparse'),
  }
  const world = { ...given, routes: knownRoutes(seed, 2000) }
  const ours = figuresOf('zuji', zuji, { ...world, runs: 100 })
  const theirs = Object.fromEntries(
    Object.entries(baselines).map(([name, teller]) => [
      name,
      figuresOf(name, teller, { ...world, runs: 20 }),
    ]),
  )
  return { ours: { ...ours, ...rounded(scoreCheats(seed, Math.min(days, 40))) }, theirs }
}

interface World {
  readonly seed: string
  readonly days: readonly Lived[]
  readonly sparse: readonly Lived[]
  readonly routes: readonly Route[]
  readonly runs: number // hundredths of what is asked of us; peers are measured by fewer
}

/** The figures of one teller, on the same facts for all. */
function figuresOf(name: string, teller: Teller, { seed, days, sparse, routes, runs }: World) {
  const hours = { runs: runs * 4, teller }
  const { stayF1, distanceErrorMedian } = scoreDays(sparse, teller)
  return rounded({
    ...scoreDays(days, teller),
    sparseStayF1: stayF1,
    sparseDistanceErrorMedian: distanceErrorMedian,
    ...scoreRoutes(routes, teller),
    ...scoreStrolls(seed, teller),
    phantomMetres: phantomMetres(seed, Math.ceil(runs / 20), teller),
    oneStay15: oneStay(seed, 15, hours),
    oneStay30: oneStay(seed, 30, hours),
    oneStay50: oneStay(seed, 50, hours),
    shopAccuracy: shopAccuracy(seed, 0, { runs, teller }),
    shopAccuracyWandering: shopAccuracy(seed, 60, { runs, teller }),
    ...fenceFigures(name, seed, runs),
    ...scoreLateBlock(seed, teller),
    ...scoreTraces(teller),
    ...scoreThinned(teller),
  })
}

/** Nothing for a system without fences. */
function fenceFigures(name: string, seed: string, runs: number): Figures {
  const follower = FOLLOWERS[name]
  const locator = LOCATORS[name]
  if (!follower || !locator) return { fenceFalse: null, checkinFalseRejects: null }
  return {
    fenceFalse: fenceFalse(seed, { off: 30, correlation: 0 }, { runs: 100, follower }),
    fenceFalseMiddle: fenceFalse(seed, { off: 20, correlation: 0 }, { runs: 100, follower }),
    fenceFalseWandering: fenceFalse(seed, { off: 30, correlation: 60 }, { runs: 100, follower }),
    ...scoreCheckins(seed, runs * 20, locator),
  }
}

const rounded = (figures: Figures): Figures =>
  Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [
      key,
      typeof value === 'number' ? Number(value.toPrecision(4)) : value,
    ]),
  )
