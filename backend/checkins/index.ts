import type { Feature, Kit } from '../core/kit.ts'
import { photoRoutes } from './photos/index.ts'
import { createRecord } from './record.ts'
import { checkinRoutes } from './routes.ts'

export { listCheckins, type CheckinRange, type ListedCheckin } from './list.ts'

/** Check-ins, check-outs and punches with their photos and evidence. */
export function createCheckins(kit: Kit): Feature {
  return { routes: [...photoRoutes(kit), ...checkinRoutes({ kit, record: createRecord(kit) })] }
}
