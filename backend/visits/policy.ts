import { isSupervisor, signedIn, type Viewer } from '../core/http/route.ts'
import { Fault, found } from '../core/errors.ts'
import type { Db } from '../core/db.ts'
import { findPerson } from '../people/index.ts'
import { canSeeTrack } from '../tracks/index.ts'

/** Who plans and visits, or leads those who do. */
export const mayVisit = (viewer: Viewer) =>
  signedIn(viewer) && (viewer.role === 'rep' || viewer.role === 'supervisor')

/**
 * The person whose plans or visits are asked for: oneself, or somebody a supervisor leads.
 * @throws Fault `not_found`, `not_allowed`
 */
export async function personFor(db: Db, viewer: Viewer, personId: string | undefined) {
  const person = found(await findPerson(db, viewer.orgId, personId ?? viewer.id), 'this person')
  if (!canSeeTrack(viewer, person))
    throw new Fault('not_allowed', 'personId: this person is not in your departments')
  return person
}

/** Whose rows a list shows: those of a supervisor's departments, or only one's own. */
export function scopeOf(viewer: Viewer): {
  scope: { orgId: string; departments: readonly string[] | 'all' }
  self: string | null
} {
  if (isSupervisor(viewer))
    return {
      scope: { orgId: viewer.orgId, departments: viewer.departments },
      self: null,
    }
  return {
    scope: { orgId: viewer.orgId, departments: 'all' },
    self: viewer.id,
  }
}
