import { signedIn, type Viewer } from '../../core/http/route.ts'

/** Whoever may see the attendance of others, within his departments. */
export const seesMonths = (viewer: Viewer) => signedIn(viewer) && viewer.role !== 'rep'

/** Pay is HR's alone: no admin, no leader. */
export const handsOutPay = (viewer: Viewer) => signedIn(viewer) && viewer.role === 'hr'
