import type { Feature, Kit } from '../core/kit.ts'
import type { JobsDoor } from '../jobs/index.ts'
import { acrossOrgs } from '../people/index.ts'
import { countWaiting } from './days/changes.ts'
import type { ListVisits } from './days/gather.ts'
import { createDayKeeper } from './days/keeper.ts'
import { dutyChore } from './duty.ts'
import { dayRoutes } from './days/routes.ts'
import { createDesk } from './desk.ts'
import { punchImportRoute } from './devices/routes.ts'
import { employmentRoutes } from './employment/routes.ts'
import { calendarRoutes } from './rules/calendarRoutes.ts'
import { rosterRoutes } from './rules/rosterRoutes.ts'
import { ruleRoutes } from './rules/routes.ts'
import { tagRoutes } from './tags/routes.ts'

export { ENGINE_VERSION, ledgerOf } from './engine.ts'
export type { ListVisits } from './days/gather.ts'
export { listComputedSince, listDues, type TimedDue } from './dues.ts'
export { importPunches } from './punches.ts'
export { createCheckinBridge } from './wecom/bridge.ts'
export type { CheckinSink } from './wecom/doors.ts'
export { createImportStore } from './wecom/store.ts'
export { requestRules } from './requestRules.ts'
export { exportMaker } from './desk.ts'
export { writeExport } from './exports/make.ts'

/** Attendance: rules, rosters, calendars; every person-day as a ledger that explains itself. @param visits proven ones @param jobs for files */
export function createAttendance(kit: Kit, visits: ListVisits, jobs: JobsDoor): Feature {
  const means = { db: kit.db, visits, now: kit.clock.now }
  const keeper = createDayKeeper(kit, means)
  const desk = createDesk(kit, { means, jobs, wake: keeper.wake })
  return {
    routes: [
      ...desk.routes, // first: a month's file is no month
      ...dayRoutes(kit, means),
      ...ruleRoutes(kit, means, keeper.wake),
      ...rosterRoutes(kit, keeper.wake),
      ...calendarRoutes(kit, keeper.wake),
      ...employmentRoutes(kit, keeper.wake),
      ...tagRoutes(kit, keeper.wake),
      punchImportRoute(kit, keeper.wake),
    ],
    chores: [...keeper.chores, ...desk.chores, dutyChore(kit)],
    queues: [{ name: 'attendance_days', read: () => waitingDays(kit) }],
    close: keeper.close,
  }
}

const waitingDays = ({ db, clock }: Kit) =>
  acrossOrgs(db, (orgId) => countWaiting(db, orgId, clock.now()))
