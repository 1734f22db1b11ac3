import type { Feature, Kit } from '../core/kit.ts'
import { weeklyDigest } from './digest.ts'
import { teamFileRoutes } from './file.ts'
import { teamRoutes } from './routes.ts'

/** How a team's day and weeks went: plan against actual of everybody in scope, on a page, as a file, and told on Mondays. */
export const createTeam = (kit: Kit): Feature => ({
  routes: [...teamRoutes(kit), ...teamFileRoutes(kit)],
  chores: [weeklyDigest(kit)],
})
