import { z } from 'zod'
import { Day, DayEdit, DayPath, DayQuery, Ribbons } from '../contract/days.ts'
import { IsoDate } from '../contract/terms.ts'
import { Fault, found } from '../core/errors.ts'
import type { Feature, Kit } from '../core/kit.ts'
import { route, type Viewer } from '../core/route.ts'
import { findPerson } from '../people/index.ts'
import { recordLook } from '../privacy/index.ts'
import { recordEdit } from './edit.ts'
import { canSeeTrack, isSelf, maySeeTracksOf } from './policy.ts'
import { listRibbons } from './queries.ts'
import { createDayReader, type DayReader } from './readDay.ts'
import { createRebuilder } from './rebuild.ts'
import { thinned } from './thin.ts'

export { canSeeTrack } from './policy.ts'
export { lockDays, unlockDays, type DayRange } from './lock.ts'
export { rebuildDays, type RebuiltDay } from './rebuildRange.ts'
export { thinned } from './thin.ts'

/** A person's day as a ribbon with lines, derived from the facts of that moment. */
export function createTracks(kit: Kit): Feature {
  const days = createDayReader(kit)
  const rebuilder = createRebuilder(kit, days)
  return {
    routes: [ribbonsRoute(kit), dayRoute(kit, days), editRoute(kit, days)],
    ...rebuilder,
  }
}

function dayRoute(kit: Kit, days: DayReader) {
  return route({
    method: 'GET',
    path: '/api/v1/people/:id/days/:date',
    summary: 'A person’s day: stays, moves and silences without gap, totals, visits',
    params: DayPath,
    query: DayQuery,
    reply: Day,
    allow: (viewer) => viewer.session !== 'device',
    run: async ({ viewer, params, query }) => {
      const person = await looked(kit, viewer, params)
      const key = { orgId: viewer.orgId, personId: person.id, date: params.date }
      return thinned(await days.read(key, person.zone), query.zoom)
    },
  })
}

function editRoute(kit: Kit, days: DayReader) {
  return route({
    method: 'POST',
    path: '/api/v1/people/:id/days/:date/edits',
    summary: 'Say what is wrong in my day: split, merge, name or dispute a stay, or take that back',
    params: DayPath,
    input: DayEdit,
    reply: Day,
    allow: (viewer) => viewer.session !== 'device',
    run: async ({ viewer, params, input }) => {
      if (!isSelf(viewer, params.id))
        throw new Fault('not_allowed', 'id: a day is its own person’s')
      const person = found(await findPerson(kit.db, viewer.orgId, params.id), 'this person')
      const key = { orgId: viewer.orgId, personId: person.id, date: params.date }
      await recordEdit(kit.db, key, input, kit.clock.now())
      return thinned(await days.read(key, person.zone), undefined)
    },
  })
}

/** The person, if the viewer may see his track; the look is on record before anything is shown. */
async function looked(kit: Kit, viewer: Viewer, { id, date }: z.infer<typeof DayPath>) {
  if (!maySeeTracksOf(viewer, id))
    throw new Fault('not_allowed', 'id: your role shows you no tracks of others')
  const person = found(await findPerson(kit.db, viewer.orgId, id), 'this person')
  if (!canSeeTrack(viewer, person))
    throw new Fault('not_allowed', 'id: this person is not in your departments')
  if (!isSelf(viewer, id)) {
    const at = kit.clock.now()
    const { orgId, id: viewerId } = viewer
    await recordLook(kit.db, { orgId, personId: person.id, viewerId, what: 'day', date, at })
  }
  return person
}

function ribbonsRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/people/days/:date/ribbons',
    summary: 'The days of everybody in my scope as ribbons without lines',
    params: z.object({ date: IsoDate }),
    reply: Ribbons,
    allow: (viewer) => viewer.session !== 'device' && viewer.role === 'supervisor',
    run: async ({ viewer, params }) => ({
      date: params.date,
      ribbons: await listRibbons(kit.db, viewer, params.date),
    }),
  })
}
