import { z } from 'zod'
import { FirstStep, FirstSteps, StepSkip } from './contract/setup.ts'
import type { Feature, Kit } from './core/kit.ts'
import { isAdmin, route, type Viewer } from './core/http/route.ts'
import { sql } from './core/sql.ts'
import { customerOfDemo, ofDemo } from './demo/remove.ts'
import { leftFor } from './demo/removal.ts'
import { saveSetupSkip } from './people/index.ts'

/** The way from an empty company to its first check-in: how far it has come, told from what is in the database. */
export function createSetup(kit: Kit): Feature {
  return {
    routes: [
      route({
        method: 'GET',
        path: '/api/v1/setup',
        summary: 'How far this company has come on the way to its first check-in',
        query: z.strictObject({}),
        reply: FirstSteps,
        allow: isAdmin,
        run: ({ viewer }) => stepsOf(kit, viewer),
      }),
      route({
        method: 'POST',
        path: '/api/v1/setup/skips',
        summary: 'Says that a step is not needed here, or is after all',
        input: StepSkip,
        reply: FirstSteps,
        allow: isAdmin,
        run: async ({ viewer, input }) => {
          await saveSetupSkip(kit.db, viewer.orgId, input)
          return stepsOf(kit, viewer)
        },
      }),
    ],
  }
}

interface Facts {
  named: boolean
  synced: boolean
  people: number
  customers: number
  workplaces: number
  shifts: number
  checkedIn: boolean
  skipped: string[]
}

async function stepsOf(kit: Kit, viewer: Viewer): Promise<FirstSteps> {
  const facts = await factsOf(kit, viewer.orgId)
  const live = kit.config.wecom !== null
  const counts: Record<FirstStep, number | null> = {
    company: null,
    wecom: null,
    people: facts.people,
    customers: facts.customers,
    workplace: facts.workplaces,
    shift: facts.shifts,
    checkin: null,
  }
  const isDone = (id: FirstStep) => {
    if (id === 'company') return live && facts.named
    if (id === 'wecom') return live && facts.synced
    return id === 'checkin' ? facts.checkedIn : (counts[id] ?? 0) > 0
  }
  return {
    steps: FirstStep.options.map((id) => {
      const skipped = facts.skipped.includes(id)
      return { id, done: isDone(id), count: counts[id], skipped }
    }),
    demo: await leftFor(kit, viewer),
  }
}

/** People are those who report; of the demo nobody, no customer and no check-in counts, nor does an erased check-in. */
async function factsOf({ db }: Kit, orgId: string): Promise<Facts> {
  const facts = await db.first<Facts>(sql`
    select o.name <> o.id as named,
      array(select jsonb_array_elements_text(coalesce(o.settings -> 'setupSkipped', '[]'))) as skipped,
      exists (select from contact_syncs s where s.org_id = ${orgId} and s.state = 'applied') as synced,
      (select count(*)::int from people p
        where p.org_id = ${orgId} and p.active and p.role = 'rep' and not ${ofDemo()}) as people,
      (select count(*)::int from customers c
        where c.org_id = ${orgId} and c.status = 'active' and not (${customerOfDemo()})) as customers,
      (select count(*)::int from workplaces w where w.org_id = ${orgId}) as workplaces,
      (select count(distinct r.id)::int from rule_sets r where r.org_id = ${orgId}) as shifts,
      exists (select from checkins k
        where k.org_id = ${orgId} and k.erased_at is null and k.person_id not in (
          select p.id from people p where p.org_id = ${orgId} and ${ofDemo()})) as "checkedIn"
    from orgs o
    where o.id = ${orgId}`)
  return facts ?? NOTHING
}

const NOTHING: Facts = {
  ...{ named: false, synced: false, checkedIn: false, skipped: [] },
  ...{ people: 0, customers: 0, workplaces: 0, shifts: 0 },
}
