import { v7 as uuid } from 'uuid'
import type { z } from 'zod'
import type { Handover, HandoverInput, PlanStop } from '../contract/plans.ts'
import type { Db } from '../core/db.ts'
import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import type { Viewer } from '../core/http/route.ts'
import {
  answerHandover,
  findHandover,
  findHandoverTo,
  insertHandover,
  listColleagues,
} from './handoverQueries.ts'
import { holdNewestPlan, insertPlan } from './planQueries.ts'

const WORD = 'handover' // that keys of these messages begin with

/** Lets a card's buttons answer. */
export function hearHandovers(kit: Kit): void {
  kit.notify.onPress(WORD, async ({ orgId, personId, key, button }) => {
    const id = key.slice(WORD.length + 1)
    const offer = await findHandoverTo(kit.db, orgId, { id, toId: personId })
    if (!offer) return null
    const accept = button === 'accept'
    if (offer.accepted === null) await answer(kit, { orgId, id, toId: personId, accept })
    return (offer.accepted ?? accept) ? '已接受 Accepted' : '已谢绝 Declined'
  })
}

/**
 * Offers a stop of one's own plan to a colleague, who is told. The same id again changes nothing.
 * @throws Fault `not_found` (stop), `not_allowed` (no colleague)
 */
export async function offer(
  kit: Kit,
  viewer: Viewer,
  { date, ...input }: z.infer<typeof HandoverInput> & { date: string },
): Promise<void> {
  const { orgId, id: personId } = viewer
  const colleagues = await listColleagues(kit.db, orgId, personId)
  if (!colleagues.some((each) => each.id === input.toId))
    throw new Fault('not_allowed', 'toId: not a colleague of your department')
  const at = kit.clock.now()
  await kit.db.transact(async (tx) => {
    const plan = await holdNewestPlan(tx, orgId, personId, date)
    const stop = plan?.stops.find((each) => each.id === input.stopId)
    if (!stop && (await findHandover(tx, orgId, { id: input.id, personId }))) return
    const offered = { orgId, personId, ...input, date, stop: found(stop, 'this stop'), at }
    if ((await insertHandover(tx, offered)) === 0) return
    const customer = (await findHandover(tx, orgId, { id: input.id, personId }))?.customer ?? ''
    await kit.notify.tell(tx, {
      orgId,
      personId: input.toId,
      key: `${WORD}:${input.id}`,
      topic: 'notice',
      title: `${viewer.name} 想把一站交给您`,
      text: [date, customer, input.note].filter((text) => text !== '').join(' · '),
      path: `/plan/${date}`,
      buttons: [
        { key: 'accept', text: '接受', style: 1 },
        { key: 'decline', text: '谢绝', style: 2 },
      ],
      at,
    })
  })
}

interface Answer {
  orgId: string
  id: string
  toId: string
  accept: boolean
}

/**
 * Takes an offered stop over, or leaves it where it is. A second answer changes nothing.
 * @throws Fault `not_found`
 */
export async function answer(kit: Kit, { orgId, id, toId, accept }: Answer): Promise<Handover> {
  const at = kit.clock.now()
  return kit.db.transact(async (tx) => {
    const offered = found(await findHandoverTo(tx, orgId, { id, toId }), 'this offer')
    if ((await answerHandover(tx, orgId, { id, toId, accept, at })) === 0) return offered
    if (accept) await moveStop(tx, { orgId, offered, at })
    const done = accept ? '已接受 Accepted' : '已谢绝 Declined'
    await kit.notify.close(tx, { orgId, personId: toId, key: `${WORD}:${id}`, text: done, at })
    await kit.notify.tell(tx, {
      orgId,
      personId: offered.fromId,
      key: `${WORD}-answer:${id}`,
      topic: 'notice',
      title: `${offered.to} ${accept ? '接受了' : '谢绝了'}您交出的一站`,
      text: `${offered.date} · ${offered.customer}`,
      path: `/plan/${offered.date}`,
      at,
    })
    return { ...offered, accepted: accept }
  })
}

/** Out of one plan, to the end of the other. Both people are held in one order, so two moves never wait for each other. */
async function moveStop(
  tx: Db,
  { orgId, offered, at }: { orgId: string; offered: Handover & { stop: PlanStop }; at: number },
) {
  const { date, stop } = offered
  for (const personId of [offered.fromId, offered.toId].sort()) {
    const plan = await holdNewestPlan(tx, orgId, personId, date)
    const others = (plan?.stops ?? []).filter((each) => each.id !== stop.id)
    const taken = { ...stop, origin: 'handover' as const }
    const stops = personId === offered.toId ? [...others, taken] : others
    const madeAt = Math.max(at, (plan?.madeAt ?? 0) + 1)
    await insertPlan(tx, { orgId, personId, id: uuid(), date, madeAt, madeBy: offered.toId, stops })
  }
}
