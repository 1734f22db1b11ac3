import type { Chore, Kit } from '../core/kit.ts'
import { listOrgs, listSupervisors } from '../people/index.ts'
import { listTeamWeeks } from './queries.ts'
import { digestOf, weeksUpTo, weekToTell } from './weeks.ts'

const EVERY_MS = 10 * 60_000

/** Tells everybody who leads how the week went, once, on Monday morning; the outbox knows the quiet hours. */
export function weeklyDigest(kit: Kit): Chore {
  const done = new Map<string, string>() // the week that is told, by company: the outbox knows it, too
  return {
    name: 'tell of the week',
    everyMs: EVERY_MS,
    async run() {
      for (const { id: orgId, zone } of await listOrgs(kit.db)) {
        const monday = weekToTell(kit.clock.now(), zone)
        if (monday === null || done.get(orgId) === monday) continue
        for (const leader of await listSupervisors(kit.db, orgId))
          await tellWeek(kit, { orgId, ...leader }, monday)
        done.set(orgId, monday)
      }
    },
  }
}

interface Leader {
  orgId: string
  id: string
  departments: readonly string[]
}

async function tellWeek({ db, clock, notify }: Kit, leader: Leader, monday: string) {
  const now = clock.now()
  const team = { orgId: leader.orgId, departments: leader.departments, departmentIds: null }
  const [before, week] = await listTeamWeeks(db, team, { ...weeksUpTo(monday, 2), now })
  if (!week || !before || week.days + week.planned === 0) return // a team that is away is not written about
  await db.transact((tx) =>
    notify.tell(tx, {
      ...{ orgId: leader.orgId, personId: leader.id, key: `team:week:${monday}`, topic: 'report' },
      title: `团队周报 Week of ${monday}`,
      text: digestOf(week, before),
      path: `/team/day?show=weeks`,
      at: now,
    }),
  )
}
