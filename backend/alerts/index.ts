import type { Feature, Kit } from '../core/kit.ts'
import type { Queue } from '../core/queues.ts'
import { digestRoutes } from './digest/routes.ts'
import { digestChore } from './digest/tell.ts'
import { pressed } from './hear.ts'
import { alertRoutes } from './routes.ts'
import { acrossOrgs } from '../people/index.ts'
import { countItems } from './digest/queries.ts'
import { createWatch } from './watch.ts'
import { createDelivery } from './webhooks/deliver.ts'
import { countDeliveries } from './webhooks/queries.ts'
import { webhookRoutes } from './webhooks/routes.ts'

export { findAlert, listAlertsOn } from './store.ts'

/** What supervisors should hear of now: watched for by rules, told once, taken on, escalated; to other systems, too. */
export function createAlerts(kit: Kit): Feature {
  const watch = createWatch(kit)
  const delivery = createDelivery(kit)
  kit.notify.onPress('alert', (press) => pressed(kit, press))
  return {
    routes: [
      ...alertRoutes({ kit, again: watch.again }),
      ...digestRoutes(kit),
      ...webhookRoutes({ kit, soon: delivery.soon }),
    ],
    chores: [...watch.chores, digestChore(kit), ...delivery.chores],
    queues: [watch.queue, ...storedQueues(kit)],
    async close() {
      await watch.close()
      await delivery.close()
    },
  }
}

const storedQueues = ({ db, clock }: Kit): Queue[] => [
  {
    name: 'alert_digests',
    read: () => acrossOrgs(db, (orgId) => countItems(db, orgId, clock.now())),
  },
  { name: 'webhooks', read: () => acrossOrgs(db, (orgId) => countDeliveries(db, orgId)) },
]
