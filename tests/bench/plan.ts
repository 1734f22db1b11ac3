import { bestOrder } from '../../backend/visits/order/exact.ts'
import { costOf } from '../../backend/visits/order/route.ts'
import { goodOrder } from '../../backend/visits/order/search.ts'
import { dayOf, KINDS } from '../support/daysToOrder.ts'

export const printsTable = true

const EXACT_DAYS = 20
const LONG_DAYS = 10
const LONGER = 20_000 // tries that stand for the best order of a long day, which nobody knows

const percent = (value: number) => Math.round(value * 1000) / 10

/**
 * Days without windows, with opening hours and with appointments too: how far the search is from the exact order
 * of 12 stops at worst, milliseconds for the order of 30 (and of the processor, which other work slows less), and
 * how far that is from a search of eight times the length. Bars: 3 %, 200 ms.
 */
export function run(): Promise<Record<string, unknown>> {
  const rows = KINDS.map((kind) => {
    const gaps = Array.from({ length: EXACT_DAYS }, (_, day) => {
      const problem = dayOf(`bench ${day}`, 12, kind)
      return costOf(problem, goodOrder(problem)) / costOf(problem, bestOrder(problem)) - 1
    })
    const long = Array.from({ length: LONG_DAYS }, (_, day) => measured(`long ${day}`, kind))
    const times = long.map(({ ms }) => ms).sort((a, b) => a - b)
    const worked = long.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b)
    const apart = long.map(({ gap }) => gap)
    return {
      kind,
      exactGapPercent: percent(Math.max(...gaps)),
      ms30P50: Math.round(times[LONG_DAYS / 2] ?? 0),
      ms30Most: Math.round(times.at(-1) ?? 0),
      cpuMs30P50: Math.round(worked[LONG_DAYS / 2] ?? 0),
      longGapMeanPercent: percent(apart.reduce((sum, gap) => sum + gap, 0) / LONG_DAYS),
      longGapPercent: percent(Math.max(...apart)),
    }
  })
  console.table(rows)
  return Promise.resolve(Object.fromEntries(rows.map(({ kind, ...row }) => [kind, row])))
}

function measured(seed: string, kind: (typeof KINDS)[number]) {
  const problem = dayOf(seed, 30, kind)
  const began = performance.now()
  const worked = process.cpuUsage()
  const cost = costOf(problem, goodOrder(problem))
  const ms = performance.now() - began
  const cpuMs = process.cpuUsage(worked).user / 1000
  const least = Math.min(cost, costOf(problem, goodOrder(problem, LONGER)))
  return { ms, cpuMs, gap: cost / least - 1 }
}
