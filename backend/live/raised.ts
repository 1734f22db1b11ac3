import { findAlert } from '../alerts/index.ts'
import type { Kit } from '../core/kit.ts'
import { findPerson } from '../people/index.ts'
import type { LiveNamespace } from './sockets.ts'

/** Tells of alerts, as they are now, to those who may see the person: read once each, however many watch. */
export function tellRaised(namespace: LiveNamespace, kit: Kit): void {
  kit.facts.onEverywhere('alertChanged', ({ orgId, personId, id }) => {
    if (namespace.sockets.size === 0) return
    tell(namespace, kit, { orgId, personId, id }).catch((error: unknown) =>
      kit.log.error({ err: error }, 'an alert could not be told to the live map'),
    )
  })
}

async function tell(
  namespace: LiveNamespace,
  { db }: Kit,
  { orgId, personId, id }: { orgId: string; personId: string; id: string },
): Promise<void> {
  const alert = await findAlert(db, { orgId, departments: 'all' }, { personId, id })
  const person = await findPerson(db, orgId, personId)
  if (!alert || !person) return
  const keys = [person.departmentId, ...person.circles]
  for (const socket of namespace.sockets.values()) {
    const { viewer } = socket.data
    const mine = viewer.departments
    const sees = mine === 'all' || keys.some((key) => mine.includes(key))
    if (viewer.orgId === orgId && sees) socket.emit('raised', { alert })
  }
}
