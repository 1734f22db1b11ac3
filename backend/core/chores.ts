import type { Chore } from './kit.ts'
import type { Log } from './log.ts'

/**
 * Runs each chore again and again: the next time counts from the end of the last, so a slow one
 * never overlaps itself. `stop` waits for those that are under way.
 */
export function startChores(chores: readonly Chore[], log: Log) {
  let stopped = false
  const timers = new Map<string, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  const once = async (chore: Chore) => {
    try {
      await chore.run()
    } catch (error) {
      log.error({ err: error, chore: chore.name }, 'a chore failed; it comes round again')
    }
    if (!stopped) later(chore)
  }
  const later = (chore: Chore) => {
    const timer = setTimeout(() => {
      const run = once(chore).finally(() => running.delete(run))
      running.add(run)
    }, chore.everyMs)
    timers.set(chore.name, timer.unref())
  }
  for (const chore of chores) later(chore)
  return {
    async stop() {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
