import { TeamDay, TeamDayQuery, TeamWeeks, TeamWeeksQuery, type TeamRow } from '../contract/team.ts'
import { isSupervisor, route, type Route, type Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { subtreeOf } from '../people/index.ts'
import { loadConsent } from '../privacy/index.ts'
import { reasonsOf, sorted, sumsOf, type Sort } from './attention.ts'
import { listTeamDay, listTeamWeeks, type Team } from './queries.ts'
import { weeksUpTo } from './weeks.ts'

/** A team's days are for those who lead it. */
export const canSeeTeam = isSupervisor

const DAY_MS = 86_400_000

interface Asked {
  date: string
  departmentId?: string | undefined
}

/** Whose days a viewer asks for: those of a department with what is below it, within his scope. */
async function teamOf(
  { db }: Kit,
  viewer: Viewer,
  departmentId: string | undefined,
): Promise<Team> {
  const { orgId, departments } = viewer
  const departmentIds = departmentId ? await subtreeOf(db, orgId, [departmentId]) : null
  return { orgId, departments, departmentIds }
}

/** Everybody's day, in order. */
export async function loadTeamDay(
  kit: Kit,
  viewer: Viewer,
  { date, departmentId, sort }: Asked & { sort: Sort },
): Promise<TeamRow[]> {
  const team = await teamOf(kit, viewer, departmentId)
  const days = await listTeamDay(kit.db, team, { date, now: kit.clock.now() })
  const unheard = days.filter(({ firstAt }) => firstAt === null).map(({ personId }) => personId)
  const consent = await loadConsent(kit.db, viewer.orgId, unheard)
  const end = Date.parse(date) + DAY_MS
  return sorted(
    days.map((day) => {
      const consents = day.firstAt !== null || (consent.get(day.personId) ?? Infinity) < end
      const silentSeconds = consents ? day.silentSeconds : 0 // where nothing may be heard, nothing is silent
      return { ...day, silentSeconds, reasons: reasonsOf({ ...day, consents }) }
    }),
    sort,
  )
}

export async function loadTeamWeeks(
  kit: Kit,
  viewer: Viewer,
  { date, departmentId, weeks }: Asked & { weeks: number },
) {
  const team = await teamOf(kit, viewer, departmentId)
  return listTeamWeeks(kit.db, team, { ...weeksUpTo(date, weeks), now: kit.clock.now() })
}

export const teamRoutes = (kit: Kit): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/team/days',
    summary: 'Plan against actual of everybody I lead on a date, by what needs a look, in pages',
    query: TeamDayQuery,
    reply: TeamDay,
    allow: canSeeTeam,
    run: async ({ viewer, query }) => {
      const all = await loadTeamDay(kit, viewer, query)
      const rows = all.slice(query.from, query.from + query.limit)
      return { date: query.date, sums: sumsOf(all), rows }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/team/weeks',
    summary: 'Weeks of my team, oldest first, up to that of a date',
    query: TeamWeeksQuery,
    reply: TeamWeeks,
    allow: canSeeTeam,
    run: async ({ viewer, query }) => ({ weeks: await loadTeamWeeks(kit, viewer, query) }),
  }),
]
