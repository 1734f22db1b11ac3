import type { Person } from '../contract/people.ts'
import { stateOf } from '../contract/presence.ts'
import type { Db } from '../core/db.ts'
import { listKnown, listSilences, subtreeOf, type KnownPerson } from './queries.ts'
import type { Viewer } from '../core/http/route.ts'

/** What decides whose rows a viewer gets and whether with positions. */
export type Watcher = Pick<Viewer, 'orgId' | 'role' | 'departments'>

/**
 * The reps a viewer may see, with state and newest position. Positions are for supervisors alone:
 * HR and admins get the list without them, and off-duty people never have one.
 */
export async function loadPeople(
  db: Db,
  viewer: Watcher,
  now: number,
  only: { departmentId?: string | undefined; personId?: string | undefined } = {},
): Promise<Person[]> {
  const departments = await allowed(db, viewer, only.departmentId)
  const scope = {
    orgId: viewer.orgId,
    departments,
    ...(only.personId && { personId: only.personId }),
  }
  const known = await listKnown(db, scope, now)
  const silences = await listSilences(
    db,
    viewer.orgId,
    known.map((person) => person.id),
    now - 86_400_000,
  )
  const silenceOf = new Map(silences.map((silence) => [silence.personId, silence]))
  const positions = viewer.role === 'supervisor' || viewer.role === 'rep'
  return known.map((person) =>
    shown(person, silenceOf.get(person.id)?.reason ?? null, now, positions),
  )
}

async function allowed(db: Db, viewer: Watcher, departmentId: string | undefined) {
  if (!departmentId) return viewer.departments
  const below = await subtreeOf(db, viewer.orgId, [departmentId])
  const mine = viewer.departments
  return mine === 'all' ? below : below.filter((id) => mine.includes(id))
}

function shown(
  person: KnownPerson,
  reason: Person['reason'],
  now: number,
  positions: boolean,
): Person {
  const { stillSince, ...rest } = person
  const last = ofThisDuty(person)
  const known = { at: last?.at ?? null, stillSince, customerId: person.customerId }
  const { state, since } = stateOf({ onDuty: person.dutyFrom !== null, ...known }, now)
  const here = state === 'at_customer' ? person : { customerId: null, customer: null }
  return {
    ...rest,
    state,
    since,
    reason: state === 'silent' ? (reason ?? 'unknown') : null,
    customerId: here.customerId,
    customer: here.customer,
    last: positions ? last : null,
  }
}

/** A position from before the present duty window says nothing of now, and off duty there is none. */
function ofThisDuty({ last, dutyFrom }: KnownPerson): Person['last'] {
  return last && dutyFrom !== null && last.at >= dutyFrom ? last : null
}
