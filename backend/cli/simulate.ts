import { simulateLoad } from '../../fixtures/load.ts'
import type { Config } from '../core/config.ts'
import type { Log } from '../core/log.ts'
import { openSession } from '../people/index.ts'
import type { Command } from './arguments.ts'
import { withDatabase } from './database.ts'

/** A load of reps against a running server; prints a line a second and a summary. */
export async function simulateCommand(
  config: Config,
  log: Log,
  root: string,
  command: Command,
): Promise<void> {
  const people = Math.min(Number(command.people ?? 26), 30)
  const ids = Array.from(
    { length: people },
    (_, index) => `rep${String(index + 1).padStart(2, '0')}`,
  )
  const tokens = await withDatabase(config, log, root, async (db) => {
    const made = []
    for (const personId of ids) {
      const token = await openSession(
        db,
        { orgId: config.wecom?.corpId ?? 'demo', personId, kind: 'token' },
        Date.now(),
      )
      made.push({ personId, token })
    }
    return made
  })
  await simulateLoad({
    url: command.url ?? config.publicUrl,
    tokens,
    seed: Number(command.seed ?? 1),
    speed: Number(command.speed ?? 1),
    durationMs: Number(command.seconds ?? 60) * 1000,
    report: (line: string) => console.log(line),
  })
}
