import type { Kit } from '../core/kit.ts'
import { findPerson } from '../people/index.ts'
import { findAlert, listToEscalate, noteEscalated } from './store.ts'
import { tellAlert } from './tell.ts'
import { enqueueEvent } from './webhooks/enqueue.ts'

/** Tells the level above of alerts that nobody took on in the time their rule gives. */
export async function escalate(
  kit: Pick<Kit, 'db' | 'clock' | 'notify' | 'facts'>,
  orgId: string,
): Promise<void> {
  const now = kit.clock.now()
  for (const each of await listToEscalate(kit.db, orgId, now)) {
    const key = { orgId, ...each }
    const alert = await findAlert(kit.db, { orgId, departments: 'all' }, each)
    const person = await findPerson(kit.db, orgId, each.personId)
    const isFirst = await kit.db.transact(async (tx) => {
      if (!(await noteEscalated(tx, key, now))) return false
      if (!alert || !person) return true // who left is nobody's worry any more
      const minutes = Math.floor((now - alert.since) / 60_000)
      const said = { ...alert, name: alert.person, zone: person.zone, minutes, digest: false, note: String(alert.detail.note ?? '') } // prettier-ignore
      await tellAlert(kit.notify, tx, { ...key, said, now }, 1)
      await enqueueEvent(tx, { ...key, now }, 'alert.escalated')
      return true
    })
    if (isFirst) kit.facts.publish('alertChanged', key)
  }
}
