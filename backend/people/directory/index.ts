import { setTimeout as sleep } from 'node:timers/promises'
import type { Feature, Kit } from '../../core/kit.ts'
import { createSync, type Sync } from './sync.ts'
import { createFollower, type Follower } from './events.ts'
import type { ContactsSource } from './read.ts'
import { syncRoutes } from './routes.ts'

const LOOK_MS = 60_000 // whether a sync is due, or was left by another process

const waiting = (ms: number, signal: AbortSignal) =>
  sleep(ms, undefined, { signal }).catch(() => undefined) // told to stop: the caller looks at the signal

/**
 * People and departments as the company's directory has them: everything read every night and when
 * an admin asks, single changes as they are told.
 * @param wait given by tests.
 */
export function createContacts(
  kit: Kit,
  source: ContactsSource,
  orgId: string,
  wait: (ms: number, signal: AbortSignal) => Promise<void> = waiting,
): Feature & { sync: Sync; follower: Follower } {
  const sync = createSync({ kit, orgId, source, wait })
  const follower = createFollower(kit, orgId, source)
  return {
    routes: syncRoutes(kit, sync),
    chores: [{ name: 'people.contacts', everyMs: LOOK_MS, run: sync.tick }],
    sync,
    follower,
    async close() {
      await sync.stop()
      await follower.idle()
    },
  }
}
