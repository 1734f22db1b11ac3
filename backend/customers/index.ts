import type { Feature, Kit } from '../core/kit.ts'
import type { JobsDoor } from '../jobs/index.ts'
import { exportRoutes } from './export.ts'
import { importRoutes } from './import/routes.ts'
import { ownerRoutes } from './ownerRoutes.ts'
import { placeRoutes } from './placeRoutes.ts'
import { customerRoutes, oneCustomerRoutes } from './routes.ts'
import { settingsRoutes } from './settings.ts'
import { workplaceRoutes } from './workplaces.ts'

export { accessOf, customersSeen, type Access } from './access.ts'
export { insertCustomers } from './insert.ts'
export { placeFirst, type Place } from './places.ts'
export { loadSites } from './sites.ts'
export { noteVisited } from './visited.ts'
export { findWorkplace, listWorkplaces } from './workplaces.ts'
export { customerExists, findSeen } from './queries.ts'
export type { Box } from './queries.ts'

/** Customers with their owners, history and places, which are near me, who is near one of them; and workplaces. */
export function createCustomers(kit: Kit, jobs: JobsDoor): Feature {
  return {
    routes: [
      ...settingsRoutes(kit),
      ...customerRoutes(kit),
      ...ownerRoutes(kit),
      ...placeRoutes(kit),
      ...importRoutes(kit, jobs),
      ...exportRoutes(kit),
      ...oneCustomerRoutes(kit), // after those whose paths look like a customer's id
      ...workplaceRoutes(kit),
    ],
  }
}
