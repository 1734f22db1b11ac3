/** Work that is done in rounds, by one at a time, for as long as there is some. */
export interface Runs {
  /** Starts, or lets those who run look once more. Resolves when nothing is left; rejects as a round does. */
  run(): Promise<void>
  /** No further round; resolves when the present one has ended. */
  stop(): Promise<void>
}

/** @param round answers whether there is more to do. */
export function createRuns(round: () => Promise<boolean>): Runs {
  let running: Promise<void> | null = null
  let wanted = false
  let stopped = false
  const rounds = async () => {
    try {
      do {
        wanted = false
        wanted = (await round()) || wanted
      } while (wanted && !stopped)
    } finally {
      running = null // in the same turn as the last look at `wanted`: no wish falls between
    }
  }
  return {
    async run() {
      if (stopped) return
      wanted = true
      running ??= rounds()
      await running
    },
    async stop() {
      stopped = true
      await running?.catch(() => undefined) // told to who ran it
    },
  }
}
