import { signedIn, type Viewer } from '../core/http/route.ts'

/** Whose track is asked for. */
export interface Tracked {
  id: string
  departmentId: string
  circles?: readonly string[] // further departments, and direct leaders
}

/** Everybody sees his own track. */
export const isSelf = (viewer: Viewer, personId: string) => viewer.id === personId

/** Before anything is looked up: HR and admins never see tracks, reps only their own. */
export const maySeeTracksOf = (viewer: Viewer, personId: string) =>
  signedIn(viewer) && (isSelf(viewer, personId) || viewer.role === 'supervisor')

/** Oneself, or a supervisor whose departments contain one of the person's, or who leads him directly. */
export function canSeeTrack(viewer: Viewer, person: Tracked): boolean {
  if (!maySeeTracksOf(viewer, person.id)) return false
  if (isSelf(viewer, person.id)) return true
  const mine = viewer.departments
  if (mine === 'all') return true
  return [person.departmentId, ...(person.circles ?? [])].some((key) => mine.includes(key))
}
