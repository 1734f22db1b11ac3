import { faultOfForm, formOfVisit, listCheckins, listOwnPhotos } from '../checkins/index.ts'
import type { Step, Visit, VisitEntry, VisitPage } from '../contract/visits.ts'
import { Fault, found } from '../core/errors.ts'
import type { Viewer } from '../core/http/route.ts'
import { personFor } from './policy.ts'
import { findVisit } from './queries.ts'
import { refreshVisits, type Means } from './refresh.ts'
import {
  findVisitPlace,
  finishStep,
  insertEntry,
  insertStep,
  listEntries,
  listShares,
  listSteps,
  type StoredEntry,
  type VisitPlace,
} from './visitQueries.ts'

/**
 * One visit with everything that was said of it.
 * @throws Fault `not_found`, also for visits of people one does not lead
 */
export async function readVisit(means: Means, viewer: Viewer, id: string): Promise<VisitPage> {
  const visit = await visitFor(means, viewer, id)
  const key = { orgId: viewer.orgId, personId: visit.personId, visitId: id }
  const { customerId, date, stopId } = visit
  const about = await findVisitPlace(means.db, { ...key, customerId, date, stopId })
  const { lng, lat, goal, address, tier } = about ?? NOWHERE
  const entries = await listEntries(means.db, key)
  return {
    visit,
    goal,
    address,
    tier,
    place: lng === null || lat === null ? null : { lng, lat },
    mine: visit.personId === viewer.id,
    photoIds: [...(await photosOf(means, viewer.orgId, visit)), ...takenLater(entries)],
    form: await formOf(means, viewer.orgId, visit, entries),
    entries,
    steps: await listSteps(means.db, key),
    shares: await listShares(means.db, key),
  }
}

const takenLater = (entries: readonly StoredEntry[]) =>
  entries.flatMap((entry) => (entry.kind === 'photos' ? entry.photoIds : []))

async function formOf(
  { db }: Means,
  orgId: string,
  { personId, customerId, checkinIds, from }: Visit,
  entries: readonly StoredEntry[],
) {
  if (from === null) return null
  const told = entries.findLast((entry) => entry.kind === 'form')
  const about = { orgId, personId, customerId, checkinIds }
  return formOfVisit(db, about, told?.kind === 'form' ? told.form : null)
}

/** The photos that its check-ins brought. */
async function photosOf({ db }: Means, orgId: string, visit: Visit): Promise<string[]> {
  if (visit.from === null || visit.to === null || visit.checkinIds.length === 0) return []
  const span = { from: visit.from, to: visit.to + 1 }
  const checkins = await listCheckins(db, { orgId, personIds: [visit.personId], ...span })
  return checkins
    .filter((each) => visit.checkinIds.includes(each.id))
    .flatMap((each) => each.photoIds)
}

const NOWHERE: VisitPlace = { lng: null, lat: null, goal: '', address: null, tier: null }

/** The visit as everything known now tells it. */
export async function visitFor(means: Means, viewer: Viewer, id: string): Promise<Visit> {
  const known = found(await findVisit(means.db, viewer.orgId, id), 'this visit')
  try {
    await personFor(means.db, viewer, known.personId)
  } catch (error) {
    if (error instanceof Fault) throw new Fault('not_found', 'this visit does not exist')
    throw error
  }
  const { personId, date } = known
  await refreshVisits(means, { orgId: viewer.orgId, personIds: [personId], from: date, to: date })
  return found(await findVisit(means.db, viewer.orgId, id), 'this visit')
}

/** A visit of one's own: nobody speaks for another. */
export async function ownVisit(means: Means, viewer: Viewer, id: string): Promise<Visit> {
  const visit = await visitFor(means, viewer, id)
  if (visit.personId !== viewer.id)
    throw new Fault('not_allowed', 'id: a visit is its own person’s to tell about')
  return visit
}

/**
 * Says something of one's own visit. The same id again changes nothing.
 * @throws Fault `bad_input` when a visit is confirmed that nobody saw
 */
export async function tellVisit(means: Means, viewer: Viewer, id: string, entry: VisitEntry) {
  const visit = await ownVisit(means, viewer, id)
  if (entry.kind === 'confirm' && visit.staySeconds === 0)
    throw new Fault('bad_input', 'kind: there is no stay to confirm at this customer', [
      { field: 'kind', rule: 'confirm needs a stay' },
    ])
  await refuseUnfit(means, viewer, entry)
  const { customerId, date, from } = visit
  await insertEntry(means.db, {
    orgId: viewer.orgId,
    personId: viewer.id,
    visitId: id,
    customerId,
    date,
    at: from,
    madeAt: means.clock.now(),
    madeBy: viewer.id,
    entry,
  })
}

/** @throws Fault `bad_input` for photos that never came, and for a form that is not filled in */
async function refuseUnfit({ db }: Means, { orgId, id: personId }: Viewer, entry: VisitEntry) {
  const who = { orgId, personId }
  if (entry.kind === 'photos') {
    const own = await listOwnPhotos(db, who, entry.photoIds)
    const lost = entry.photoIds.find((id) => !own.includes(id))
    if (lost) throw unfit({ field: 'photoIds', rule: `${lost} has not been sent` })
  }
  const fault = entry.kind === 'form' ? await faultOfForm(db, who, entry.form) : null
  if (fault) throw unfit(fault)
}

const unfit = (fault: { field: string; rule: string }) =>
  new Fault('bad_input', `body.${fault.field}: ${fault.rule}`, [fault])

export async function planStep(
  means: Means,
  viewer: Viewer,
  id: string,
  step: Omit<Step, 'doneAt'>,
) {
  const { customerId } = await ownVisit(means, viewer, id)
  const key = { orgId: viewer.orgId, personId: viewer.id, visitId: id }
  await insertStep(means.db, { ...key, ...step, customerId, madeAt: means.clock.now() })
}

/** @throws Fault `not_found` */
export async function endStep(
  means: Means,
  viewer: Viewer,
  { id, stepId }: { id: string; stepId: string },
) {
  const key = { orgId: viewer.orgId, personId: viewer.id, visitId: id }
  const ended = await finishStep(means.db, key, stepId, means.clock.now())
  if (ended === 0) throw new Fault('not_found', 'this step does not exist')
}
