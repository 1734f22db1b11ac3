import { signedIn, type Viewer } from '../core/http/route.ts'

/** Who decides on attendance: HR, and admins where there is none. */
export const isHr = (viewer: Viewer) =>
  signedIn(viewer) && (viewer.role === 'hr' || viewer.role === 'admin')

/** Whose attendance somebody sees: HR and admins everybody's, supervisors their departments', others their own. */
export function scopeOf({ orgId, id, role, departments }: Viewer) {
  if (role === 'hr' || role === 'admin') return { orgId, departments: 'all' as const }
  if (role === 'supervisor') return { orgId, departments }
  return { orgId, departments: 'all' as const, personIds: [id] }
}

/** The scope in which one person is looked for: everybody sees himself, a rep nobody else. */
export function scopeFor(viewer: Viewer, personId: string) {
  const scope = scopeOf(viewer)
  const self = personId === viewer.id
  const mayAsk = self || viewer.role !== 'rep'
  return {
    ...scope,
    ...(self && { departments: 'all' as const }),
    personIds: mayAsk ? [personId] : [],
  }
}
