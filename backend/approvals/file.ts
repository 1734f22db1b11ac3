import { isDeepStrictEqual } from 'node:util'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { stateOf } from './flow.ts'
import { prepare, type Asking } from './prepare.ts'
import { findRequest, insertRequest, lockPerson, writeState } from './queries.ts'
import type { RequestRules } from './rules.ts'
import { tellChanges } from './tell.ts'

/**
 * Puts an application on record and asks those who have to decide. The same one again changes nothing.
 * @throws Fault as `prepare`, and `conflict` when the id is that of another
 */
export async function fileRequest(
  kit: Pick<Kit, 'db' | 'notify' | 'clock'>,
  rules: RequestRules,
  who: { orgId: string; id: string },
  asked: Asking,
): Promise<void> {
  const { orgId, id: personId } = who
  const asking = { ...asked, id: asked.id.toLowerCase(), photoIds: asked.photoIds.map((id) => id.toLowerCase()) } // prettier-ignore
  const now = kit.clock.now()
  await kit.db.transact(async (tx) => {
    await lockPerson(tx, orgId, personId)
    if (await isOnRecord(tx, { orgId, personId }, asking)) return
    const request = await prepare(tx, rules, { orgId, personId, asking, now })
    if (!(await insertRequest(tx, request))) throw new Fault('conflict', 'id: another request has it already') // prettier-ignore
    const after = stateOf(request, [])
    await writeState(tx, request, after)
    await tellChanges(kit.notify, tx, { request, before: null, after, event: null, now })
  })
}

async function isOnRecord(tx: Db, who: { orgId: string; personId: string }, asking: Asking) {
  const known = await findRequest(tx, who.orgId, asking.id)
  if (!known) return false
  const { details, reason, photoIds } = known
  const same = isDeepStrictEqual({ id: known.id, details, reason, photoIds }, asking)
  if (known.personId !== who.personId || !same)
    throw new Fault('conflict', 'id: another request has it already')
  return true
}
