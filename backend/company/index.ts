import type { Feature, Kit } from '../core/kit.ts'
import { acrossOrgs } from '../people/index.ts'
import { pressed } from './announcements.ts'
import { countUntold } from './queries.ts'
import { companyRoutes } from './routes.ts'
import { tellChore } from './tell.ts'

/** What holds a company together: announcements with who has read them, and a directory with birthdays. */
export function createCompany(kit: Kit): Feature {
  kit.notify.onPress('announcement', (press) => pressed(kit, press))
  const { db } = kit
  const read = () => acrossOrgs(db, (orgId) => countUntold(db, orgId))
  return {
    routes: companyRoutes(kit),
    chores: [tellChore(kit)],
    queues: [{ name: 'announcements', read }],
  }
}
