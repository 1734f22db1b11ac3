import { v7 as uuid } from 'uuid'
import type { RuleGroup } from '../../contract/ruleSets.ts'
import type { Db } from '../../core/db.ts'
import { markFrom } from '../days/changes.ts'
import { listMembers } from '../days/members.ts'
import { affectedFrom } from './affected.ts'
import { insertGroups, listGroups, listParents } from './queries.ts'

const EVERYBODY = 100_000

/**
 * Whom which rules are for, as a whole. The days of those for whom that changes wait to be computed anew, from the
 * first date on for which it does, also in the past. Call it in a transaction.
 */
export async function changeGroups(
  tx: Db,
  orgId: string,
  groups: readonly RuleGroup[],
  { by, at }: { by: string; at: number },
): Promise<void> {
  const before = await listGroups(tx, orgId)
  const parents = new Map((await listParents(tx, orgId)).map(({ id, parentId }) => [id, parentId]))
  const asked = { orgId, departments: 'all', limit: EVERYBODY } as const
  const members = await listMembers(tx, asked, null)
  await insertGroups(tx, orgId, { id: uuid(), groups, madeBy: by, madeAt: at })
  const affected = members.flatMap((member) => {
    const from = affectedFrom(member, parents, { before, after: groups })
    return from === null ? [] : [{ personId: member.id, from }]
  })
  await markFrom(tx, orgId, affected, { cause: 'rules', at })
}
