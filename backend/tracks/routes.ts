import { z } from 'zod'
import { Day, DayEdit, DayPath, DayQuery, Ribbons, TrackFormat, TrackImport } from '../contract/days.ts' // prettier-ignore
import { IsoDate, PersonId } from '../contract/terms.ts'
import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import {
  FileReply,
  isSupervisor,
  route,
  signedIn,
  type Route,
  type Viewer,
} from '../core/http/route.ts'
import { createLimit } from '../fixes/index.ts'
import { findPerson } from '../people/index.ts'
import { recordLook, type Look } from '../privacy/index.ts'
import { recordEdit } from './edit.ts'
import { rawTrack, trackFile } from './export.ts'
import { importTrack, type ImportWays } from './import.ts'
import { canSeeTrack, isSelf, maySeeTracksOf } from './policy.ts'
import { listRibbons } from './queries.ts'
import type { DayReader } from './readDay.ts'
import type { WithRoads } from './roads/index.ts'
import { thinned } from './thin.ts'

export interface Means {
  kit: Kit
  days: DayReader
  fixes: ImportWays
  roads: WithRoads
}

export const tracksRoutes = (means: Means): Route[] => [
  ribbonsRoute(means),
  dayRoute(means),
  editRoute(means),
  exportRoute(means),
  importRoute(means),
]

function dayRoute({ kit, days, roads }: Means) {
  return route({
    method: 'GET',
    path: '/api/v1/people/:id/days/:date',
    summary: 'A person’s day: stays, moves and silences without gap, totals, visits',
    params: DayPath,
    query: DayQuery,
    reply: Day,
    allow: signedIn,
    run: async ({ viewer, params, query }) => {
      const person = await looked(kit, viewer, { ...params, what: 'day' })
      const key = { orgId: viewer.orgId, personId: person.id, date: params.date }
      const day = await days.read(key, person.zone)
      return thinned(query.roads === '1' ? await roads(day) : day, query.zoom)
    },
  })
}

interface Wanted {
  id: string
  date: string
  what: Look['what']
}

/** The person, if the viewer may see his track; the look is on record before anything is shown. */
async function looked(kit: Kit, viewer: Viewer, { id, date, what }: Wanted) {
  if (!maySeeTracksOf(viewer, id))
    throw new Fault('not_allowed', 'id: your role shows you no tracks of others')
  const person = found(await findPerson(kit.db, viewer.orgId, id), 'this person')
  if (!canSeeTrack(viewer, person))
    throw new Fault('not_allowed', 'id: this person is not in your departments')
  if (!isSelf(viewer, id)) {
    const at = kit.clock.now()
    const { orgId, id: viewerId } = viewer
    await recordLook(kit.db, { orgId, personId: person.id, viewerId, what, date, at })
  }
  return person
}

/** Oneself; nobody speaks for another. */
async function self(kit: Kit, viewer: Viewer, id: string) {
  if (!isSelf(viewer, id)) throw new Fault('not_allowed', 'id: a day is its own person’s')
  return found(await findPerson(kit.db, viewer.orgId, id), 'this person')
}

function editRoute({ kit, days }: Means) {
  return route({
    method: 'POST',
    path: '/api/v1/people/:id/days/:date/edits',
    summary: 'Say what is wrong in my day: split, merge, name or dispute a stay, or take that back',
    params: DayPath,
    input: DayEdit,
    reply: Day,
    allow: signedIn,
    run: async ({ viewer, params, input }) => {
      const person = await self(kit, viewer, params.id)
      const key = { orgId: viewer.orgId, personId: person.id, date: params.date }
      await recordEdit(kit.db, key, input, kit.clock.now())
      return thinned(await days.read(key, person.zone), undefined)
    },
  })
}

function exportRoute({ kit, days }: Means) {
  return route({
    method: 'GET',
    path: '/api/v1/people/:id/days/:date/track.:format',
    summary: 'A person’s day as GPX, KML, GeoJSON or CSV: the cleaned track, or the raw one',
    params: DayPath.extend({ format: TrackFormat }),
    query: z.object({ raw: z.enum(['0', '1']).optional() }),
    reply: FileReply,
    allow: signedIn,
    run: async ({ viewer, params: { id, date, format }, query: { raw } }) => {
      const person = await looked(kit, viewer, { id, date, what: 'export' })
      const key = { orgId: viewer.orgId, personId: person.id, date }
      const day = await days.read(key, person.zone)
      return trackFile(raw === '1' ? await rawTrack(kit.db, key, day) : day, format, person)
    },
  })
}

const IMPORT_BYTES = 10_000_000
const IMPORT_LIMITS = { requestsPer10s: 20, fixesPerMinute: 1_000_000 }

function importRoute({ kit, fixes }: Means) {
  const limit = createLimit(IMPORT_LIMITS)
  return route({
    method: 'POST',
    path: '/api/v1/people/:id/days/import',
    summary:
      'Take a recorded track (GPX, OwnTracks Recorder, Traccar) as my fixes, or only say what that would do',
    params: z.object({ id: PersonId }),
    query: z.object({ dryRun: z.enum(['0', '1']).optional() }),
    input: z.string(),
    text: { type: 'application/gpx+xml', most: IMPORT_BYTES },
    reply: TrackImport,
    allow: signedIn,
    run: async ({ viewer, params, query, input }) => {
      const person = await self(kit, viewer, params.id)
      await limit(viewer.sessionHash, 0)
      const who = { orgId: viewer.orgId, personId: person.id }
      return importTrack(kit.db, fixes, who, { text: input, dryRun: query.dryRun === '1' })
    },
  })
}

function ribbonsRoute({ kit }: Means) {
  return route({
    method: 'GET',
    path: '/api/v1/people/days/:date/ribbons',
    summary: 'The days of everybody in my scope as ribbons without lines',
    params: z.object({ date: IsoDate }),
    reply: Ribbons,
    allow: isSupervisor,
    run: async ({ viewer, params }) => ({
      date: params.date,
      ribbons: await listRibbons(kit.db, viewer, params.date),
    }),
  })
}
