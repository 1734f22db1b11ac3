import type { GuideName } from './names.ts'

/** Where a page is explained, by the name of its route: a guide and the anchor in it. */
export const PLACES: Record<string, { guide: GuideName; anchor: string }> = {
  checkin: { guide: 'rep', anchor: 'check-in' },
  'my-checkins': { guide: 'rep', anchor: 'offline' },
  requests: { guide: 'rep', anchor: 'requests' },
  'request-new': { guide: 'rep', anchor: 'requests' },
}
