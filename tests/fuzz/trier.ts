import { fork, type ChildProcess } from 'node:child_process'
import { z } from 'zod'

export const Result = z.object({
  counts: z.object({ taken: z.number(), refused: z.number(), crashed: z.number() }),
  slowest: z.object({ index: z.number(), ms: z.number() }),
  crashes: z.array(z.object({ index: z.number(), error: z.string() })),
})
export type Result = z.infer<typeof Result>

/** A process that tries inputs when asked; one that does not answer in time is killed, and another one begun. */
export interface Trier {
  /** The inputs from `from` up to `to`; null: no answer in time, or the process ended. */
  ask(from: number, to: number, patienceMs: number): Promise<Result | null>
  stop(): void
}

const STARTING = 20_000 // ms that a process may take until it hears

/** @param which parser, and of which seed. @param file of the process */
export function startTrier(which: { name: string; seed: string }, file: string): Trier {
  let child = fork(file)
  let started = false
  return {
    stop: () => void child.kill('SIGKILL'),
    async ask(from, to, patienceMs) {
      const patience = patienceMs + (started ? 0 : STARTING)
      const answer = await answerOf(child, { ...which, from, to }, patience)
      started = answer !== null
      if (answer) return answer
      child.kill('SIGKILL')
      child = fork(file)
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
