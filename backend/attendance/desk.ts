import type { Feature, Kit } from '../core/kit.ts'
import { chainHead } from '../checkins/index.ts'
import type { JobsDoor } from '../jobs/index.ts'
import { closingChore } from './closing/chores.ts'
import { keptDays } from './closing/kept.ts'
import { ribbonsChore } from './closing/ribbons.ts'
import { closingRoutes } from './closing/routes.ts'
import { settingsRoutes } from './closing/settingsRoutes.ts'
import type { Means } from './days/keep.ts'
import { sweepDrafts } from './exports/drafts.ts'
import { EXPORT_JOB, exportJob } from './exports/job.ts'
import type { Maker } from './exports/make.ts'
import { openMonth } from './exports/open.ts'
import { exportRoutes } from './exports/routes.ts'
import { payslipRoutes } from './payslips/routes.ts'
import { punchReminders } from './reminders/index.ts'
import { rosterImportRoute } from './rules/rosterImport.ts'

/** What makes files of months. */
export const exportMaker = (means: Means): Maker => ({
  ...{ db: means.db, open: openMonth(means), now: means.now },
  chainHead: async (db, orgId) => {
    const head = await chainHead(db, orgId)
    return head ? { date: head.date, hash: head.head } : null
  },
})

/** What HR does with attendance at a desk: files, closing months, payslips, rosters from spreadsheets; and reminders. */
export function createDesk(
  kit: Kit,
  { means, jobs, wake }: { means: Means; jobs: JobsDoor; wake: (orgId: string) => void },
): Required<Pick<Feature, 'routes' | 'chores'>> {
  const days = keptDays(means)
  const maker = exportMaker(means)
  sweepDrafts(kit.log)
  jobs.define(EXPORT_JOB, exportJob(kit, maker))
  return {
    routes: [
      ...exportRoutes(kit, maker, jobs),
      ...settingsRoutes(kit), // first: settings are no month
      ...closingRoutes(kit, days),
      ...payslipRoutes(kit, days),
      rosterImportRoute(kit, wake),
    ],
    chores: [punchReminders(kit), closingChore(kit, days, jobs), ribbonsChore(kit)],
  }
}
