import { datesOfMonth } from '../../contract/closing.ts'
import type { Db } from '../../core/db.ts'
import { Fault } from '../../core/errors.ts'
import type { Chore, Kit } from '../../core/kit.ts'
import { sql } from '../../core/sql.ts'
import { lockDays, unlockDays } from '../../tracks/index.ts'
import { listOrgs } from '../../people/index.ts'

const EVERY_MS = 15_000

/**
 * Locks the ribbons of a month that was locked, and gives them free when it is reopened. It takes minutes in a
 * large company, so it follows the decision instead of being part of it; what was interrupted comes round again.
 */
export function ribbonsChore(kit: Kit): Chore {
  return {
    name: 'lock ribbons of months',
    everyMs: EVERY_MS,
    run: async () => {
      for (const { id } of await listOrgs(kit.db))
        for (const decided of await listToFollow(kit.db, id)) await follow(kit, id, decided)
    },
  }
}

interface Decided {
  id: string
  month: string
  kind: 'lock' | 'reopen'
}

/** Another decision made meanwhile is the newest one the next time. */
async function follow({ db, clock }: Kit, orgId: string, { id, month, kind }: Decided) {
  const range = { orgId, ...datesOfMonth(month) }
  try {
    if (kind === 'lock') await lockDays(db, range, clock.now())
    else await unlockDays(db, range)
  } catch (error) {
    if (error instanceof Fault && error.code === 'conflict') return // somebody's last day is not over in his zone
    throw error
  }
  await noteFollowed(db, orgId, { id, month })
}

/** The newest lock or reopening of each month whose ribbons do not follow it yet. */
const listToFollow = (db: Db, orgId: string) =>
  db.many<Decided>(sql`
    select n.id, to_char(n.month, 'YYYY-MM') as month, n.kind
    from (
      select distinct on (d.month) d.id, d.month, d.kind
      from month_decisions d
      where d.org_id = ${orgId} and d.kind <> 'grace'
      order by d.month, d.at desc, d.id desc
    ) n
      left join month_ribbons r on r.org_id = ${orgId} and r.month = n.month
    where r.decision_id is distinct from n.id
    order by n.month`)

const noteFollowed = (db: Db, orgId: string, { id, month }: Omit<Decided, 'kind'>) =>
  db.run(sql`
    insert into month_ribbons (org_id, month, decision_id)
    values (${orgId}, ${`${month}-01`}::date, ${id}::uuid)
    on conflict (org_id, month) do update set decision_id = excluded.decision_id`)
