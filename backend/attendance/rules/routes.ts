import { z } from 'zod'
import { RulePreview } from '../../contract/months.ts'
import { RuleGroup, RuleSetInput, RuleSets, type RuleSet } from '../../contract/ruleSets.ts'
import type { Db } from '../../core/db.ts'
import { Fault } from '../../core/errors.ts'
import { route, type Route } from '../../core/http/route.ts'
import type { Kit } from '../../core/kit.ts'
import type { Means } from '../days/keep.ts'
import { markKept } from '../days/changes.ts'
import { lockedMonths } from '../closing/index.ts'
import { DEFAULT_RULE_SET } from '../defaults.ts'
import { isHr } from '../policy.ts'
import { changeGroups } from './groups.ts'
import { previewOf } from './preview.ts'
import { insertRuleSet, listGroups, listRuleSets } from './queries.ts'

const SetPath = z.object({ set: z.string().min(1).max(64) })

/** Rule sets, their versions, whom they are for, and what a change would do. @param wake computes what waits */
export const ruleRoutes = (kit: Kit, means: Means, wake: (orgId: string) => void): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/attendance/rules',
    summary: 'Every rule set with its newest version, and whom they are for',
    reply: RuleSets,
    allow: isHr,
    run: ({ viewer }) => ruleSetsOf(kit.db, viewer.orgId),
  }),
  saveRoute(kit, wake, '/api/v1/attendance/rules'),
  saveRoute(kit, wake, '/api/v1/attendance/rules/:set'),
  route({
    method: 'POST',
    path: '/api/v1/attendance/rules/:set/preview',
    summary: 'What a version would do to which person-days',
    params: SetPath,
    input: RuleSetInput,
    reply: RulePreview,
    allow: isHr,
    run: ({ viewer, params, input }) => previewOf(means, viewer.orgId, params.set, input),
  }),
  groupsRoute(kit, wake),
]

function saveRoute(kit: Kit, wake: (orgId: string) => void, path: string): Route {
  return route({
    method: 'POST',
    path,
    summary: path.endsWith(':set') ? 'A new version of a rule set' : 'A new rule set',
    params: SetPath.partial(),
    input: RuleSetInput,
    reply: RuleSets,
    allow: isHr,
    run: async ({ viewer, params, input }) => {
      const { orgId, id: madeBy } = viewer
      const now = kit.clock.now()
      await refuseLocked(kit.db, orgId, input.validFrom, now)
      const { id: changeId, ...rest } = input
      const set = { ...rest, id: params.set ?? changeId, changeId, madeBy, madeAt: now }
      await kit.db.transact(async (tx) => {
        const fresh = await insertRuleSet(tx, orgId, set)
        if (fresh) await markKept(tx, orgId, input.validFrom, { cause: 'rules', at: now })
      })
      wake(orgId)
      return ruleSetsOf(kit.db, orgId)
    },
  })
}

/** Past days keep their rules where their month is locked. Throws Fault `month_locked`. */
async function refuseLocked(db: Db, orgId: string, from: string, now: number): Promise<void> {
  const months: string[] = []
  const last = new Date(now).toISOString().slice(0, 7)
  for (let month = from.slice(0, 7); month <= last && months.length < 240; month = nextMonth(month)) months.push(month) // prettier-ignore
  const locked = await lockedMonths(db, orgId, months)
  const [first] = [...locked].sort()
  if (first) throw new Fault('month_locked', `body.validFrom: ${first} is locked`, { month: first })
}

const nextMonth = (month: string) => {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7)
}

function groupsRoute(kit: Kit, wake: (orgId: string) => void): Route {
  return route({
    method: 'PUT',
    path: '/api/v1/attendance/rules/groups',
    summary: 'Whom which rule set is for, as a whole',
    input: z.object({ groups: z.array(RuleGroup).max(2000) }),
    reply: RuleSets,
    allow: isHr,
    run: async ({ viewer, input }) => {
      const { orgId, id: madeBy } = viewer
      const now = kit.clock.now()
      const { sets } = await ruleSetsOf(kit.db, orgId)
      input.groups.forEach(({ ruleSetId }, index) => {
        if (!sets.some(({ id }) => id === ruleSetId))
          throw new Fault('bad_input', `body.groups.${index}.ruleSetId: must be a rule set`)
      })
      await kit.db.transact((tx) => changeGroups(tx, orgId, input.groups, { by: madeBy, at: now }))
      wake(orgId)
      return ruleSetsOf(kit.db, orgId)
    },
  })
}

async function ruleSetsOf(db: Db, orgId: string): Promise<RuleSets> {
  const versions = await listRuleSets(db, orgId)
  const all = versions.some(({ id }) => id === DEFAULT_RULE_SET.id) ? versions : [DEFAULT_RULE_SET, ...versions] // prettier-ignore
  const ids = [...new Set(all.map(({ id }) => id))]
  const sets = ids.flatMap((id) => {
    const own = all.filter((each) => each.id === id)
    const newest = own.at(-1)
    return newest ? [{ ...newest, versions: own.map(versionOf) }] : []
  })
  return { sets, groups: await listGroups(db, orgId) }
}

const versionOf = ({ version, validFrom, madeAt, madeBy }: RuleSet) => ({ version, validFrom, madeAt, madeBy }) // prettier-ignore
