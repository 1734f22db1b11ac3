import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fork, type ChildProcess } from 'node:child_process'
import { z } from 'zod'
import { mutantsOf, type Mutant } from './mutantsMade.ts'

const ROOT = path.resolve(import.meta.dirname, '../../backend/attendance')
const FILES = ['engine.ts', ...readdirSync(path.join(ROOT, 'engine')).map((name) => `engine/${name}`)] // prettier-ignore
const RUNNERS = 2
const PATIENCE_MS = 20_000 // a mutant that takes longer runs forever
const BAR = 0.9

const Verdict = z.object({ killedBy: z.string().nullable() })

/**
 * `npm run bench -- mutants`: puts one fault after the other into the attendance engine and asks the checks of its
 * tests whether they notice. Prints what survives, with its place; the share that dies is the result.
 */
export async function run(): Promise<Record<string, unknown>> {
  const all = FILES.flatMap((file) => mutantsOf(file, readFileSync(path.join(ROOT, file), 'utf8')))
  const survivors: Mutant[] = []
  const killers = new Map<string, number>()
  const queue = [...all]
  await Promise.all(
    Array.from({ length: RUNNERS }, async () => {
      const runner = new Runner()
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
        const killedBy = await runner.judge(mutant)
        if (killedBy === null) survivors.push(mutant)
        else killers.set(killedBy, (killers.get(killedBy) ?? 0) + 1)
      }
      runner.stop()
    }),
  )
  for (const { file, line, was, is } of survivors.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)) console.log(`survives  ${file}:${line}  ${was}  →  ${is}`) // prettier-ignore
  for (const [name, count] of killers) console.log(`${String(count).padStart(5)}  ${name}`)
  const share = 1 - survivors.length / all.length
  return { mutants: all.length, killed: all.length - survivors.length, share: Math.round(share * 1000) / 1000, bar: BAR } // prettier-ignore
}

/** A process that tries mutants; one that hangs in a mutant is ended and replaced. */
class Runner {
  #child: ChildProcess | null = null

  judge(mutant: Mutant): Promise<string | null> {
    const child = (this.#child ??= fork(path.join(import.meta.dirname, 'mutantsRun.ts')))
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => done('it never ended'), PATIENCE_MS)
      const done = (killedBy: string | null) => {
        clearTimeout(late)
        child.removeAllListeners()
        if (killedBy === 'it never ended') this.stop()
        resolve(killedBy)
      }
      child.once('message', (answer) => done(Verdict.parse(answer).killedBy))
      child.once('exit', () => reject(new Error('the runner of mutants ended')))
      child.send({ file: mutant.file, source: mutant.source })
    })
  }

  stop(): void {
    this.#child?.kill('SIGKILL')
    this.#child = null
  }
}
