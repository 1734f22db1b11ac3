import type { Feature, Kit } from '../core/kit.ts'
import { createRecord } from './record.ts'
import { checkinRoutes } from './routes.ts'
import { plainSites, type Sites } from './sites.ts'

export { listCheckins, type CheckinRange, type ListedCheckin } from './list.ts'
export type { Site } from './place.ts'
export type { Sites } from './sites.ts'

/**
 * Check-ins, check-outs and punches with their evidence.
 * @param sites the places that they may name
 */
export function createCheckins(kit: Kit, sites: Sites = plainSites): Feature {
  return { routes: checkinRoutes({ kit, record: createRecord(kit, sites) }) }
}
