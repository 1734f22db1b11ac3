import type { Alert } from '../contract/alerts.ts'
import { found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import type { Press } from '../core/notify.ts'
import type { Viewer } from '../core/http/route.ts'
import { findPerson } from '../people/index.ts'
import { findAlert, noteHeard } from './store.ts'
import { alertOfKey, closeAlert } from './tell.ts'
import { enqueueEvent } from './webhooks/enqueue.ts'

type Means = Pick<Kit, 'db' | 'clock' | 'notify' | 'facts'>

/** Who takes an alert on: the first one stays, everybody's card says so. */
export async function takeOn(
  kit: Means,
  viewer: Pick<Viewer, 'orgId' | 'id' | 'name' | 'departments'>,
  path: { personId: string; id: string },
  note: string,
): Promise<Alert> {
  const { orgId, departments } = viewer
  const scope = { orgId, departments }
  found(await findAlert(kit.db, scope, path), 'this alert')
  const key = { orgId, ...path, now: kit.clock.now() }
  const isFirst = await kit.db.transact(async (tx) => {
    if (!(await noteHeard(tx, key, { by: viewer.id, at: key.now, note }))) return false
    await closeAlert(kit.notify, tx, key, `${viewer.name} 处理中 took it on`)
    await enqueueEvent(tx, key, 'alert.acknowledged')
    return true
  })
  if (isFirst) kit.facts.publish('alertChanged', { orgId, ...path })
  return found(await findAlert(kit.db, scope, path), 'this alert')
}

/** The button of a card: whoever was written to may take it on. */
export async function pressed(
  kit: Means,
  { orgId, personId: by, key }: Press,
): Promise<string | null> {
  const path = alertOfKey(key)
  const person = path && (await findPerson(kit.db, orgId, by))
  if (!path || !person) return null
  const viewer = { orgId, id: by, name: person.name, departments: 'all' as const }
  const { heard } = await takeOn(kit, viewer, path, '')
  return heard ? `${heard.name} 处理中 took it on` : null
}
