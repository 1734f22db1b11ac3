import { v7 as uuid } from 'uuid'
import type { RuleSet } from '../../contract/ruleSets.ts'
import type { Kit } from '../../core/kit.ts'
import { lockedMonths } from '../closing/index.ts'
import { markKept } from '../days/changes.ts'
import { insertRuleSet, listGroups, listRuleSets } from '../rules/queries.ts'
import { changeGroups } from '../rules/groups.ts'
import { saveRoster } from '../rules/rosterRoutes.ts'
import { importPunches } from '../punches.ts'
import type { ImportStore } from './doors.ts'
import type { ImportedPunch } from './evidence.ts'

const ROSTER_AT_ONCE = 5_000
const PUNCHES_AT_ONCE = 2_000

/** What is imported is kept as everything else of attendance is; the days it touches are computed anew. */
export function createImportStore(kit: Pick<Kit, 'db' | 'clock'>): ImportStore {
  const { db, clock } = kit
  return {
    async ruleSets(on, orgId) {
      const all = await listRuleSets(on, orgId) // oldest first: the newest of each stays
      return new Map(all.map((set: RuleSet) => [set.id, set]))
    },
    groups: (on, orgId) => listGroups(on, orgId),
    async saveRules({ orgId, personId: madeBy }, { sets, groups, validFrom }) {
      const madeAt = clock.now()
      await db.transact(async (tx) => {
        for (const set of sets)
          await insertRuleSet(tx, orgId, { ...set, changeId: uuid(), validFrom, madeBy, madeAt })
        await changeGroups(tx, orgId, groups, { by: madeBy, at: madeAt })
        await markKept(tx, orgId, validFrom, { cause: 'rules', at: madeAt })
      })
    },
    async saveRoster({ orgId, personId: id }, entries) {
      const months = [...new Set(entries.map(({ date }) => date.slice(0, 7)))]
      const locked = new Set(await lockedMonths(db, orgId, months)) // what was agreed on stays
      const open = entries.filter(({ date }) => !locked.has(date.slice(0, 7)))
      for (let at = 0; at < open.length; at += ROSTER_AT_ONCE)
        await saveRoster(
          kit,
          { orgId, id },
          { entries: open.slice(at, at + ROSTER_AT_ONCE), clear: [] },
        )
    },
    savePunches: (orgId, punches) => savePunches(kit, orgId, punches),
  }
}

async function savePunches(
  kit: Pick<Kit, 'db' | 'clock'>,
  orgId: string,
  punches: readonly ImportedPunch[],
): Promise<number> {
  let added = 0
  for (let at = 0; at < punches.length; at += PUNCHES_AT_ONCE)
    added += await importPunches(kit, orgId, punches.slice(at, at + PUNCHES_AT_ONCE))
  return added
}
