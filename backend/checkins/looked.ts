import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import type { Viewer } from '../core/http/route.ts'
import { findPerson } from '../people/index.ts'
import { recordLook } from '../privacy/index.ts'
import { canSeeTrack } from '../tracks/index.ts'

/**
 * The person whose check-in is looked at: oneself, or somebody of one's departments, and then the look
 * is on record before anything is shown. A check-in has a position, so it is seen by whom tracks are.
 */
export async function looked(kit: Kit, viewer: Viewer, personId: string, date: string | null) {
  const { orgId, id: viewerId } = viewer
  if (viewer.role !== 'supervisor' && personId !== viewerId)
    throw new Fault('not_allowed', 'personId: your role shows you no check-ins of others')
  const person = found(await findPerson(kit.db, orgId, personId), 'this person')
  if (!canSeeTrack(viewer, person))
    throw new Fault('not_allowed', 'personId: this person is not in your departments')
  if (personId === viewerId) return person
  await recordLook(kit.db, {
    orgId,
    personId,
    viewerId,
    what: 'checkin',
    date,
    at: kit.clock.now(),
  })
  return person
}
