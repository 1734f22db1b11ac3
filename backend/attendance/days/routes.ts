import { z } from 'zod'
import { datesOfMonth, Month } from '../../contract/closing.ts'
import { Anomalies, AttendanceDay, AttendanceMonth, MonthQuery } from '../../contract/months.ts'
import { IsoDate, PersonId } from '../../contract/terms.ts'
import type { Db } from '../../core/db.ts'
import { Fault, found } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { route, signedIn, type Route, type Viewer } from '../../core/http/route.ts'
import { DateParam, findPerson, subtreeOf } from '../../people/index.ts'
import { scopeFor, scopeOf } from '../policy.ts'
import { dayOf } from './day.ts'
import type { Means } from './keep.ts'
import { monthOf, todayIn } from './month.ts'
import { listAnomalies, listMembers } from './members.ts'

const LISTED = 200
const MonthPath = z.object({ month: Month })

/** A person's day with its explanation, months as a matrix, and what is wrong in them. */
export const dayRoutes = (kit: Kit, means: Means): Route[] => [
  dayRoute(kit, means),
  monthRoute(kit, means),
  ownMonthRoute(kit, means),
  anomaliesRoute(kit),
]

function dayRoute(kit: Kit, means: Means): Route {
  return route({
    method: 'GET',
    path: '/api/v1/attendance/people/:id/days/:date',
    summary: 'A work day to the minute: dues, results, ledger, and why',
    params: DateParam,
    reply: AttendanceDay,
    allow: signedIn,
    key: { scope: 'attendance:read', reads: ({ params }) => [params.id] },
    run: async ({ viewer, params }) => {
      const { id, date } = params
      const scope = { ...scopeFor(viewer, id), limit: 1 }
      const [member] = await listMembers(kit.db, scope, null)
      const known = found(member, 'this person')
      if (date > todayIn(known.zone, kit.clock.now()))
        throw new Fault('in_future', 'path.date: this day has not come')
      return dayOf(means, { orgId: viewer.orgId, member: known, date })
    },
  })
}

function monthRoute(kit: Kit, means: Means): Route {
  return route({
    method: 'GET',
    path: '/api/v1/attendance/months/:month',
    summary: 'A month of people as a matrix of marks, page by page',
    params: MonthPath,
    query: MonthQuery,
    reply: AttendanceMonth,
    allow: signedIn,
    key: { scope: 'attendance:read', reads: ({ reply }) => reply.rows.map((row) => row.personId) },
    run: async ({ viewer, params, query }) => {
      const { department } = query
      const below = department ? await subtreeOf(kit.db, viewer.orgId, [department]) : undefined
      const zone = await zoneOf(kit.db, viewer)
      return monthOf(means, { ...scopeOf(viewer), below, zone }, params.month, query)
    },
  })
}

function ownMonthRoute(kit: Kit, means: Means): Route {
  return route({
    method: 'GET',
    path: '/api/v1/attendance/people/:id/months/:month',
    summary: "One person's month: the matrix with his row alone",
    params: MonthPath.extend({ id: PersonId }),
    reply: AttendanceMonth,
    allow: signedIn,
    key: { scope: 'attendance:read', reads: ({ params }) => [params.id] },
    run: async ({ viewer, params }) => {
      const zone = await zoneOf(kit.db, viewer)
      const month = await monthOf(means, { ...scopeFor(viewer, params.id), zone }, params.month, { limit: 1 }) // prettier-ignore
      found(month.rows[0], 'this person')
      return month
    },
  })
}

const zoneOf = async (db: Db, { orgId, id }: Viewer) =>
  (await findPerson(db, orgId, id))?.zone ?? 'Asia/Shanghai'

const Cursor = z
  .string()
  .max(80)
  .transform((text) => ({ date: text.slice(0, 10), personId: text.slice(11) }))
  .pipe(z.object({ date: IsoDate, personId: PersonId }))

function anomaliesRoute(kit: Kit): Route {
  return route({
    method: 'GET',
    path: '/api/v1/attendance/months/:month/anomalies',
    summary: 'Days of a month with something wrong, the newest first',
    params: MonthPath,
    query: z.object({ department: z.string().max(64).optional(), after: Cursor.optional() }),
    reply: Anomalies,
    allow: signedIn,
    run: async ({ viewer, params, query }) => {
      const { department, after } = query
      const below = department ? await subtreeOf(kit.db, viewer.orgId, [department]) : undefined
      const asked = { ...scopeOf(viewer), below, limit: LISTED }
      const anomalies = await listAnomalies(
        kit.db,
        asked,
        datesOfMonth(params.month),
        after ?? null,
      )
      const last = anomalies.at(-1)
      const more = last && anomalies.length === LISTED
      return { anomalies, next: more ? `${last.date} ${last.personId}` : null }
    },
  })
}
