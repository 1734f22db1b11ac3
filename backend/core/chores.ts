import type { Chore } from './kit.ts'
import type { Log } from './log.ts'

const REST = 0.1 // of its interval: so long a chore pauses however slow it was

/**
 * Runs each chore again and again, counted from the beginning of the last time; a slow one never
 * overlaps itself. `stop` waits for those that are under way.
 */
export function startChores(chores: readonly Chore[], log: Log) {
  let stopped = false
  const timers = new Map<string, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  const once = async (chore: Chore) => {
    const begin = performance.now()
    try {
      await chore.run()
    } catch (error) {
      log.error({ err: error, chore: chore.name }, 'a chore failed; it comes round again')
    }
    const left = chore.everyMs - (performance.now() - begin)
    if (!stopped) later(chore, Math.max(left, REST * chore.everyMs))
  }
  const later = (chore: Chore, ms: number) => {
    const timer = setTimeout(() => {
      const run = once(chore).finally(() => running.delete(run))
      running.add(run)
    }, ms)
    timers.set(chore.name, timer.unref())
  }
  for (const chore of chores) later(chore, chore.everyMs)
  return {
    async stop() {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
