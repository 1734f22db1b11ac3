import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inputOf } from './parsers.ts'
import type { Result, Trier } from './trier.ts'

export interface Tally {
  inputs: number
  taken: number
  refused: number
  slowestMs: number
  crashes: number
  hangs: number // inputs that took longer than HANG_MS
}

export interface Which {
  name: string
  seed: string
}

const BATCH = 100
const HANG_MS = 100
const KEPT = path.resolve(import.meta.dirname, '../../dist/fuzz')

export const emptyTally = (): Tally => ({ inputs: 0, taken: 0, refused: 0, slowestMs: 0, crashes: 0, hangs: 0 }) // prettier-ignore

/** The next inputs of a parser. A batch that does not end is gone through one by one, to find which input it was. */
export async function tryBatch(trier: Trier, which: Which, tally: Tally): Promise<void> {
  const from = tally.inputs
  tally.inputs += BATCH
  const result = await trier.ask(from, from + BATCH, BATCH * HANG_MS)
  if (result) return note(trier, which, { tally, result })
  for (let index = from; index < from + BATCH; index++) {
    const alone = await trier.ask(index, index + 1, 10 * HANG_MS)
    if (alone) await note(trier, which, { tally, result: alone })
    else {
      tally.hangs++
      await keep(which, index, 'a hang, or the end of the process')
    }
  }
}

async function note(
  trier: Trier,
  which: Which,
  { tally, result }: { tally: Tally; result: Result },
) {
  const { counts, crashes, slowest } = result
  tally.taken += counts.taken
  tally.refused += counts.refused
  tally.crashes += counts.crashed
  for (const { index, error } of crashes) await keep(which, index, error)
  const ms = slowest.ms > HANG_MS ? await quickestOf(trier, slowest.index) : slowest.ms
  tally.slowestMs = Math.max(tally.slowestMs, Math.round(ms * 10) / 10)
  if (ms <= HANG_MS) return
  tally.hangs++
  await keep(which, slowest.index, `${Math.round(ms)} ms`)
}

/** Whether it was the input or the machine: the least of three. */
async function quickestOf(trier: Trier, index: number): Promise<number> {
  let least = Infinity
  for (let time = 0; time < 3; time++)
    least = Math.min(least, (await trier.ask(index, index + 1, 10_000))?.slowest.ms ?? Infinity)
  return least
}

async function keep({ name, seed }: Which, index: number, why: string) {
  mkdirSync(KEPT, { recursive: true })
  writeFileSync(path.join(KEPT, `${name}-${seed}-${index}`), await inputOf(name, seed, index))
  console.log(`${name}, seed ${seed}, input ${index}: ${why}; kept in dist/fuzz`)
}
