import type { z } from 'zod'
import type { Confirmation, Confirmed, ConfirmInput, MyMonth } from '../../contract/closing.ts'
import type { Db } from '../../core/db.ts'
import { Fault } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import type { Viewer } from '../../core/http/route.ts'
import { hasPayslip } from '../payslips/queries.ts'
import type { KeptDays } from './days.ts'
import { findWord, insertWord, listNames, listWords, loadStanding, type Scope } from './queries.ts'
import { wordOf } from './state.ts'

/** What everybody in scope who has days in a month says of them. */
export async function confirmationsOf(
  db: Db,
  scope: Scope,
  month: string,
  days: KeptDays,
): Promise<Confirmation[]> {
  const digests = await days.digests(db, scope.orgId, month)
  const words = new Map((await listWords(db, scope.orgId, month)).map((each) => [each.personId, each])) // prettier-ignore
  const people = await listNames(db, scope, [...digests.keys()])
  return people.map(({ id, name, department }) => {
    const said = words.get(id) ?? null
    const state = wordOf(said, digests.get(id) ?? null)
    return { personId: id, name, department, state, at: said?.at ?? null, note: said?.note ?? '' }
  })
}

export async function countWords(db: Db, scope: Scope, month: string, days: KeptDays) {
  const counts: Confirmed = { agreed: 0, disputed: 0, outdated: 0, silent: 0 }
  for (const { state } of await confirmationsOf(db, scope, month, days)) counts[state] += 1
  return counts
}

/** Null when the viewer has no days in that month. */
export async function myMonth(
  { db, clock }: Kit,
  viewer: Viewer,
  month: string,
  days: KeptDays,
): Promise<MyMonth | null> {
  const who = { orgId: viewer.orgId, personId: viewer.id, month }
  const totals = await days.totals(db, viewer.orgId, viewer.id, month)
  const digest = (await days.digests(db, viewer.orgId, month, [viewer.id])).get(viewer.id)
  if (!totals || digest === undefined) return null
  const { state, over, graceUntil } = await loadStanding(db, viewer.orgId, month, clock.now())
  const said = await findWord(db, who)
  const confirmation = { state: wordOf(said, digest), at: said?.at ?? null, note: said?.note ?? '' }
  const payslip = state === 'locked' && (await hasPayslip(db, who))
  return { month, state, over, graceUntil, digest, totals, confirmation, payslip }
}

/**
 * Keeps somebody's word about his month. Throws `conflict` when the month is not over, when it is locked, or when
 * it is no longer what he was shown: nobody agrees to numbers he did not see.
 */
export async function say(
  kit: Kit,
  viewer: Viewer,
  month: string,
  { days, word }: { days: KeptDays; word: z.output<typeof ConfirmInput> },
): Promise<void> {
  const { orgId, id: personId } = viewer
  const { over, state } = await loadStanding(kit.db, orgId, month, kit.clock.now())
  if (!over) throw new Fault('conflict', 'month: its last day is not over')
  if (state === 'locked' && !word.agrees)
    throw new Fault('conflict', 'month: it is locked; tell HR')
  const digest = (await days.digests(kit.db, orgId, month, [personId])).get(personId)
  if (digest !== word.digest) throw new Fault('conflict', 'digest: the month has changed since it was shown') // prettier-ignore
  await insertWord(kit.db, { orgId, personId, month }, { ...word, at: kit.clock.now() })
}
