import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { inputOf, PARSERS } from './fuzz/parsers.ts'

export const printsTable = true

const BATCH = 100
const SLOW_MS = 100
const KEPT = path.resolve(import.meta.dirname, '../../dist/fuzz')

const Result = z.object({
  counts: z.object({ taken: z.number(), refused: z.number(), crashed: z.number() }),
  slowest: z.object({ index: z.number(), ms: z.number() }),
  crashes: z.array(z.object({ index: z.number(), error: z.string() })),
})
type Result = z.infer<typeof Result>

interface Tally {
  inputs: number
  refused: number
  slowestMs: number
  crashes: number
  hangs: number
}

/**
 * Throws mutated real inputs at every parser, each for a while, in a process of its own: one that hangs is killed and
 * its input kept below dist/fuzz. @param args `--minutes N` of each parser, `--seed WORD`, `--only PARSER`
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const options = { minutes: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } } as const // prettier-ignore
  const { values } = parseArgs({ args: [...args], options })
  const seed = values.seed ?? String(Date.now())
  const forMs = Number(values.minutes ?? 0.1) * 60_000
  console.log(`seed ${seed}`)
  const names = Object.keys(PARSERS).filter((name) => !values.only || name === values.only)
  const tallies: Record<string, Tally> = {}
  for (const name of names) tallies[name] = await fuzzed({ name, seed }, forMs)
  console.table(tallies)
  const sum = (key: keyof Tally) => Object.values(tallies).reduce((all, each) => all + each[key], 0)
  return { seed, inputs: sum('inputs'), crashes: sum('crashes'), hangs: sum('hangs'), parsers: tallies } // prettier-ignore
}

interface Which {
  name: string
  seed: string
}

async function fuzzed(which: Which, forMs: number): Promise<Tally> {
  const tally = { inputs: 0, refused: 0, slowestMs: 0, crashes: 0, hangs: 0 }
  const worker = createWorker(which)
  const end = performance.now() + forMs
  while (performance.now() < end) await batch(worker, which, tally)
  worker.stop()
  return tally
}

/** A batch that does not end is gone through one by one, to find which input it was. */
async function batch(worker: Worker, which: Which, tally: Tally): Promise<void> {
  const from = tally.inputs
  tally.inputs += BATCH
  const result = await worker.ask(from, from + BATCH, BATCH * SLOW_MS)
  if (result) return note(worker, which, { tally, result })
  for (let index = from; index < from + BATCH; index++) {
    const alone = await worker.ask(index, index + 1, 10 * SLOW_MS)
    if (alone) await note(worker, which, { tally, result: alone })
    else {
      tally.hangs++
      await keep(which, index, 'hang or end of the process')
    }
  }
}

async function note(
  worker: Worker,
  which: Which,
  { tally, result }: { tally: Tally; result: Result },
) {
  const { counts, crashes, slowest } = result
  tally.refused += counts.refused
  tally.crashes += counts.crashed
  for (const { index, error } of crashes) await keep(which, index, error)
  const ms = slowest.ms > SLOW_MS ? await quickestOf(worker, slowest.index) : slowest.ms
  tally.slowestMs = Math.max(tally.slowestMs, Math.round(ms * 10) / 10)
  if (ms <= SLOW_MS) return
  tally.hangs++
  await keep(which, slowest.index, `${ms} ms`)
}

/** Whether it was the input or the machine: the least of three. */
async function quickestOf(worker: Worker, index: number): Promise<number> {
  let least = Infinity
  for (let time = 0; time < 3; time++)
    least = Math.min(least, (await worker.ask(index, index + 1, 10_000))?.slowest.ms ?? Infinity)
  return least
}

async function keep({ name, seed }: Which, index: number, why: string) {
  mkdirSync(KEPT, { recursive: true })
  const file = path.join(KEPT, `${name}-${seed}-${index}`)
  writeFileSync(file, await inputOf(name, seed, index))
  console.log(`${name} ${seed} ${index}: ${why}; kept in dist/fuzz`)
}

type Worker = ReturnType<typeof createWorker>

/** A process that tries inputs when asked; one that does not answer in time is killed, and another one begun. */
function createWorker(which: Which) {
  const begin = () => fork(path.join(import.meta.dirname, 'fuzz/worker.ts'))
  let child = begin()
  return {
    stop: () => void child.kill('SIGKILL'),
    async ask(from: number, to: number, patienceMs: number): Promise<Result | null> {
      const answer = await answerOf(child, { ...which, from, to }, patienceMs + 10_000) // it may have to start first
      if (answer) return answer
      child.kill('SIGKILL')
      child = begin()
      return null
    },
  }
}

const answerOf = (child: ChildProcess, question: object, patienceMs: number) =>
  new Promise<Result | null>((resolve) => {
    const settle = (answer: Result | null) => {
      clearTimeout(timer)
      child.off('message', hear).off('exit', die)
      resolve(answer)
    }
    const hear = (message: unknown) => settle(Result.parse(message))
    const die = () => settle(null)
    const timer = setTimeout(die, patienceMs)
    child.on('message', hear).on('exit', die)
    child.send(question)
  })
