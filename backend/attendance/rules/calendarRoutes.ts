import { z } from 'zod'
import { Calendar, CalendarException, CalendarYearInput } from '../../contract/ruleSets.ts'
import { IsoDate } from '../../contract/terms.ts'
import type { Db } from '../../core/db.ts'
import { route, signedIn, type Route } from '../../core/http/route.ts'
import type { Kit } from '../../core/kit.ts'
import { datesFrom } from '../clock.ts'
import { markKept } from '../days/changes.ts'
import { isHr } from '../policy.ts'
import { loadCompanyRules } from './book.ts'
import { deleteException, upsertCalendarYear, upsertException } from './queries.ts'

const Year = z.coerce.number().int().min(2000).max(2100)
const DatePath = z.object({ date: IsoDate })
const CalendarName = z
  .string()
  .regex(/^[A-Z]{2}(?:-[A-Z0-9]{1,8})?$/, 'must be a country such as CN')

/** The company's year: public holidays, make-up workdays, its own exceptions; years that are announced come in. */
export const calendarRoutes = (kit: Kit, changed: (orgId: string) => void): Route[] => [
  ...exceptionRoutes(kit, changed),
  importRoute(kit, changed),
  route({
    method: 'GET',
    path: '/api/v1/attendance/calendar',
    summary: 'Every day of a year, who says so, and the last year that is known',
    query: z.object({ year: Year, calendar: CalendarName.default('CN') }),
    reply: Calendar,
    allow: signedIn,
    run: ({ viewer, query }) => calendarOf(kit.db, viewer.orgId, query.year, query.calendar),
  }),
]

const exceptionRoutes = (kit: Kit, changed: (orgId: string) => void): Route[] => [
  route({
    method: 'PUT',
    path: '/api/v1/attendance/calendar/:date',
    summary: "The company's own word on a date",
    params: DatePath,
    input: CalendarException.omit({ date: true }),
    reply: Calendar,
    allow: isHr,
    run: ({ viewer, params, input }) =>
      change(kit, viewer.orgId, params.date, changed, (tx, at) =>
        upsertException(tx, viewer.orgId, { ...input, date: params.date }, { by: viewer.id, at }),
      ),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/attendance/calendar/:date',
    summary: 'The date is as the public calendar has it again',
    params: DatePath,
    reply: Calendar,
    allow: isHr,
    run: ({ viewer, params }) =>
      change(kit, viewer.orgId, params.date, changed, (tx) => deleteException(tx, viewer.orgId, params.date)), // prettier-ignore
  }),
]

const importRoute = (kit: Kit, changed: (orgId: string) => void): Route =>
  route({
    method: 'PUT',
    path: '/api/v1/attendance/calendars/:calendar',
    summary:
      'A year of a calendar as it was announced: days off, make-up workdays, days paid threefold',
    params: z.object({ calendar: CalendarName }),
    input: CalendarYearInput,
    reply: Calendar,
    allow: isHr,
    run: async ({ viewer, params, input: { source, ...data } }) => {
      const year = { data, source, by: viewer.id, at: kit.clock.now() }
      const first = `${data.year}-01-01`
      return change(kit, viewer.orgId, first, changed, (tx) =>
        upsertCalendarYear(tx, viewer.orgId, params.calendar, year),
      )
    },
  })

/** Writes, has the days computed anew, and answers the year. */
async function change(
  kit: Kit,
  orgId: string,
  date: string,
  ...[changed, write]: [(orgId: string) => void, (tx: Db, at: number) => Promise<unknown>]
) {
  const at = kit.clock.now()
  await kit.db.transact(async (tx) => {
    await write(tx, at)
    await markKept(tx, orgId, date, { cause: 'calendar', at })
  })
  changed(orgId)
  return calendarOf(kit.db, orgId, Number(date.slice(0, 4)), 'CN')
}

async function calendarOf(db: Db, orgId: string, year: number, name: string) {
  const book = (await loadCompanyRules(db, orgId)).calendar(name)
  const { coveredUntil, source } = book
  const days = datesFrom(`${year}-01-01`, `${year}-12-31`).map((date) => book.dayOf(date))
  return { calendar: name, coveredUntil, source, days }
}
