import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { onCluster, staged, type Act, type Day } from './stage.ts'

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'
const HELD = 3_000 // ms at each wrong hour

/** The server's wall clock jumps an hour ahead, then an hour back, then is right again; the database's never errs. */
export function onJumpingClock<T>(day: Day, act: Act<T>): Promise<T> {
  if (!existsSync(LIBRARY)) throw new Error('libfaketime is missing: apt install faketime')
  return onCluster({}, async (cluster, dataDir) => {
    const hand = path.join(dataDir, 'hand')
    await writeFile(hand, '+0')
    const env = {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: hand,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    return staged({ databaseUrl: cluster.urlOf('postgres'), dataDir, env }, day, (stage) =>
      act(stage, async () => {
        for (const offset of ['+1h', '-1h', '+0']) {
          await writeFile(hand, offset)
          await wait(HELD)
        }
      }),
    )
  })
}
