import type { z } from 'zod'
import type { MySos, SosEnd, SosInput } from '../contract/alerts.ts'
import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import type { Viewer } from '../core/http/route.ts'
import { dateAt, findPerson, loadDuty } from '../people/index.ts'
import { lookAt } from './look.ts'
import { endCall, findOwnCall, insertCall } from './sosQueries.ts'

const AHEAD_MS = 5 * 60_000 // a phone's clock may be fast by so much
const DAY_MS = 86_400_000

/**
 * A call for help: on disk, and those who lead the person written to, before it is answered. The same id again
 * changes nothing.
 */
export async function callForHelp(
  kit: Kit,
  { orgId, id: personId }: Viewer,
  input: z.output<typeof SosInput>,
): Promise<MySos> {
  const now = kit.clock.now()
  if (input.at > now + AHEAD_MS || input.at < now - DAY_MS)
    throw new Fault('bad_input', 'body.at: must be a time of the last 24 hours', [{ field: 'at', rule: 'must be a time of the last 24 hours' }]) // prettier-ignore
  const date = await workDateOf(kit, orgId, personId, input.at)
  const { lng = null, lat = null, accuracy = null } = input.position ?? {}
  await insertCall(kit.db, {
    ...{ orgId, personId, date, lng, lat, receivedAt: now },
    ...{ id: input.id, at: input.at, note: input.note, accuracy },
  })
  await lookAt(kit, orgId, [{ personId, date }])
  return ownCall(kit, orgId, personId)
}

/** The person says that it is over. */
export async function endHelp(
  kit: Kit,
  { orgId, id: personId }: Viewer,
  { id, at }: z.output<typeof SosEnd>,
): Promise<MySos> {
  const ended = await endCall(kit.db, { orgId, personId, id }, Math.min(at, kit.clock.now()))
  if (ended) await lookAt(kit, orgId, [{ personId, date: ended.date }])
  return ownCall(kit, orgId, personId)
}

export async function ownCall(kit: Kit, orgId: string, personId: string): Promise<MySos> {
  const call = await findOwnCall(kit.db, orgId, personId, kit.clock.now())
  if (!call) return { call: null, heard: null, told: [] }
  const { heardBy, heardAt } = call
  return {
    call: { id: call.id, at: call.at },
    heard: heardBy !== null && heardAt !== null ? { name: heardBy, at: heardAt } : null,
    told: call.told,
  }
}

/** The date of the duty it falls into, else that of the calendar. */
async function workDateOf({ db }: Kit, orgId: string, personId: string, at: number) {
  const duty = await loadDuty(db, orgId, [personId], { from: at, to: at + 1 })
  const person = found(await findPerson(db, orgId, personId), 'your account')
  return duty.get(personId)?.[0]?.date ?? dateAt(at, person.zone)
}
