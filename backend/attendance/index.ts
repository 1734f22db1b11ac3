import type { Feature, Kit } from '../core/kit.ts'
import type { ListVisits } from './days/gather.ts'
import { createDayKeeper } from './days/keeper.ts'
import { dayRoutes } from './days/routes.ts'
import { calendarRoutes } from './rules/calendarRoutes.ts'
import { rosterRoutes } from './rules/rosterRoutes.ts'
import { ruleRoutes } from './rules/routes.ts'

export { ENGINE_VERSION, ledgerOf } from './engine.ts'
export type { ListVisits } from './days/gather.ts'
export { requestRules } from './requestRules.ts'

/** Attendance: rules, rosters, calendars; every person-day as a ledger that explains itself. @param visits proven ones */
export function createAttendance(kit: Kit, visits: ListVisits): Feature {
  const means = { db: kit.db, visits, now: kit.clock.now }
  const keeper = createDayKeeper(kit, means)
  return {
    routes: [
      ...dayRoutes(kit, means),
      ...ruleRoutes(kit, means, keeper.wake),
      ...rosterRoutes(kit, keeper.wake),
      ...calendarRoutes(kit, keeper.wake),
    ],
    chores: keeper.chores,
    close: keeper.close,
  }
}
