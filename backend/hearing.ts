import type { Fix } from './contract/fixes.ts'
import type { Kit } from './core/kit.ts'
import { findPersonId, type DirectoryChange } from './people/index.ts'
import type { Callbacks, Fact, Heard } from './wecom/index.ts'

/** The way into the fixes room that every reporter takes. */
interface Reporting {
  ingest(who: { orgId: string; personId: string }, batch: unknown): Promise<unknown>
}

/**
 * Positions that WeCom tells become fixes of the sender: judged by duty and consent like any other,
 * under the id of the event, so that a repetition changes nothing. Who is no member of ours leaves none.
 */
export function hearPositions(
  kit: Pick<Kit, 'db' | 'config'>,
  callbacks: Pick<Callbacks, 'on'>,
  fixes: Reporting,
): void {
  const { heardDatum } = kit.config
  callbacks.on('location', async (heard, fact) => {
    const person = await findPersonId(kit.db, fact.orgId, heard.userId)
    if (!person) return
    const fix = fixOf(heard, fact, heardDatum[heard.from])
    await fixes.ingest({ orgId: fact.orgId, personId: person.id }, { fixes: [fix] })
  })
}

/**
 * Changes of members and departments are followed, as is whoever comes into the app's sight or
 * leaves it. An event counts as handed over when its change is followed, or noted for the next sync;
 * what is told together is followed together.
 */
export function hearContacts(
  callbacks: Pick<Callbacks, 'on'>,
  follower: { heard(change: DirectoryChange): void; idle(): Promise<void> },
): void {
  const follow = (change: DirectoryChange) => {
    follower.heard(change)
    return follower.idle()
  }
  callbacks.on('change_contact', ({ change }) => follow(change))
  callbacks.on('subscribe', ({ userId }) => follow({ type: 'update_user', userId }))
  callbacks.on('unsubscribe', ({ userId }) => follow({ type: 'update_user', userId }))
}

/**
 * Applications in WeCom's own approvals stay on record as events and are counted: what is asked for,
 * and for when, the event does not say.
 */
export function countApprovals(
  { metrics }: Pick<Kit, 'metrics'>,
  callbacks: Pick<Callbacks, 'on'>,
): void {
  const heard = metrics.counter('zuji_wecom_approval_steps_total', 'Steps of applications in WeCom’s own approvals', ['status']) // prettier-ignore
  callbacks.on('sys_approval_change', async ({ approval }) =>
    heard.inc({ status: approval.status }),
  )
}

/** The time is that of WeCom's clock, so it needs no `sentAt`; a pin has no radius. */
const fixOf = (heard: Heard['location'], { id }: Fact, datum: Fix['datum']) => ({
  id,
  at: heard.at,
  lng: heard.lng,
  lat: heard.lat,
  datum,
  source: heard.from === 'event' ? 'wecom_event' : 'wecom_message',
  ...(heard.accuracy !== null && { accuracy: heard.accuracy }),
})
