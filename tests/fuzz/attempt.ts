import { Fault } from '../../backend/core/errors.ts'
import { inputOf, PARSERS } from './parsers.ts'

export interface Attempt {
  outcome: 'taken' | 'refused' | 'crashed'
  /** Of the clock, or of the processor where that is less: other programs take their share of a machine. */
  ms: number
  /** Of a crash. */
  error?: string
}

/** One input to its parser. A Fault refuses; anything else that is thrown is a crash. */
export async function attempt(name: string, seed: string, index: number): Promise<Attempt> {
  const input = await inputOf(name, seed, index)
  const began = performance.now()
  const used = process.cpuUsage()
  const since = () => {
    const { user, system } = process.cpuUsage(used)
    return Math.min(performance.now() - began, (user + system) / 1000)
  }
  try {
    const taken = await PARSERS[name]?.run(input)
    return { outcome: taken ? 'taken' : 'refused', ms: since() }
  } catch (error) {
    if (error instanceof Fault) return { outcome: 'refused', ms: since() }
    return { outcome: 'crashed', ms: since(), error: String(error) }
  }
}
