import type { RequestScope } from '../contract/approvals.ts'
import { signedIn, type Viewer } from '../core/http/route.ts'

export const isHr = (viewer: Viewer) => signedIn(viewer) && viewer.role === 'hr'

/** Who says how requests go, and what kinds of leave there are. */
export const maySet = (viewer: Viewer) =>
  signedIn(viewer) && (viewer.role === 'hr' || viewer.role === 'admin')

/** Whether a role has such a list at all; what is in it SQL says. */
export function hasScope(viewer: Viewer, scope: RequestScope): boolean {
  if (scope === 'all') return viewer.role === 'hr'
  return scope !== 'team' || viewer.role === 'supervisor'
}
