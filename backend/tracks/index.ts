import type { Feature, Kit } from '../core/kit.ts'
import { acrossOrgs } from '../people/index.ts'
import type { ImportWays } from './import.ts'
import { countOutdated } from './queries.ts'
import { createDayReader } from './readDay.ts'
import { createRebuilder } from './rebuild.ts'
import { createRoads } from './roads/index.ts'
import { tracksRoutes } from './routes.ts'

export { keepIntention } from './intentions.ts'
export { importTrack, type ImportWays } from './import.ts'
export { lockDays, unlockDays, type DayRange } from './locks/index.ts'
export { playedDays, type PlayedDay } from './played.ts'
export { canSeeTrack } from './policy.ts'
export { listDayVisits, listDerivedSince, listMoves, type Move } from './queries.ts'
export { rebuildDays, type RebuiltDay } from './rebuildRange.ts'
export { thinned } from './thin.ts'

export { createDayReader, type DayReader } from './readDay.ts'

/**
 * A person's day as a ribbon with lines, derived from the facts of that moment.
 * @param fixes the way in of the room below, for imports
 */
export function createTracks(kit: Kit, fixes: ImportWays): Feature {
  const days = createDayReader(kit)
  const routes = tracksRoutes({ kit, days, fixes, roads: createRoads(kit) })
  const { db, clock } = kit
  const read = () => acrossOrgs(db, (orgId) => countOutdated(db, orgId, clock.now()))
  return { routes, ...createRebuilder(kit, days), queues: [{ name: 'days', read }] }
}
