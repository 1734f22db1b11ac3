import type { Chore, Kit } from './kit.ts'

const REST = 0.1 // of its interval: so long a chore pauses however slow it was

/**
 * Runs each chore again and again, counted from the beginning of the last time; a slow one never
 * overlaps itself. `stop` waits for those that are under way.
 */
export function startChores(chores: readonly Chore[], kit: Pick<Kit, 'log' | 'metrics' | 'clock'>) {
  const note = measure(chores, kit)
  let stopped = false
  const timers = new Map<string, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  const once = async (chore: Chore) => {
    const begin = performance.now()
    try {
      await chore.run()
      note(chore, { begin, failed: false })
    } catch (error) {
      kit.log.error({ err: error, chore: chore.name }, 'a chore failed; it comes round again')
      note(chore, { begin, failed: true })
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

/** When each chore went well last, how long it took, and how often it failed. */
function measure(chores: readonly Chore[], { metrics, clock }: Pick<Kit, 'metrics' | 'clock'>) {
  const [label, help] = ['chore', 'Runs of a chore that ended in an error']
  const failures = metrics.counter('zuji_chore_failures_total', help, [label])
  for (const { name } of chores) failures.inc({ chore: name }, 0)
  const [lastSuccess, lastSeconds] = [new Map<string, number>(), new Map<string, number>()]
  metrics.gauges('zuji_chore_last_success_timestamp_seconds', 'Unix time when a chore went well last; since the start at first', { label, read: () => lastSuccess }) // prettier-ignore
  metrics.gauges('zuji_chore_last_run_seconds', 'How long the last run of a chore took', { label, read: () => lastSeconds }) // prettier-ignore
  metrics.gauges('zuji_chore_interval_seconds', 'How often a chore is to come round', {
    label,
    read: () => chores.map(({ name, everyMs }) => [name, everyMs / 1000]),
  })
  for (const { name } of chores) lastSuccess.set(name, clock.now() / 1000)
  return (chore: Chore, { begin, failed }: { begin: number; failed: boolean }) => {
    lastSeconds.set(chore.name, (performance.now() - begin) / 1000)
    if (failed) failures.inc({ chore: chore.name })
    else lastSuccess.set(chore.name, clock.now() / 1000)
  }
}
