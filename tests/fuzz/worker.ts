// Tries inputs of one parser when its parent asks, and says what came of them.
import { z } from 'zod'
import { attempt } from './attempt.ts'

const Asked = z.object({ name: z.string(), seed: z.string(), from: z.number(), to: z.number() })

async function tried({ name, seed, from, to }: z.infer<typeof Asked>) {
  const counts = { taken: 0, refused: 0, crashed: 0 }
  const crashes: { index: number; error: string }[] = []
  let slowest = { index: from, ms: 0 }
  for (let index = from; index < to; index++) {
    const { outcome, ms, error } = await attempt(name, seed, index)
    counts[outcome]++
    if (error !== undefined) crashes.push({ index, error })
    if (ms > slowest.ms) slowest = { index, ms }
  }
  return { counts, crashes, slowest }
}

process.on('message', (message) => {
  void tried(Asked.parse(message)).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit(0))
