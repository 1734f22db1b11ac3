import { Day } from '../contract/days.ts'
import { AttendanceMonth } from '../contract/months.ts'
import { Me, Person } from '../contract/people.ts'
import type { ReportWish } from '../contract/reports.ts'
import { TeamWeeks } from '../contract/team.ts'
import { VisitPage } from '../contract/visits.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Ask } from './ask.ts'
import { dayContent } from './day.ts'
import type { Content } from './html.ts'
import { monthContent } from './month.ts'
import { visitContent } from './visit.ts'
import { weekContent } from './week.ts'

const WEEKS = 8
const PEOPLE = 500 // on one report

/** A report as this viewer may see it now. @throws Fault as the endpoints that it asks */
export async function written(ask: Ask, viewer: Viewer, wish: ReportWish): Promise<Content> {
  if (wish.kind === 'day') return day(ask, viewer, wish)
  const { zone } = Me.parse(await ask(viewer, '/api/v1/me'))
  if (wish.kind === 'week') return weekContent(await week(ask, viewer, wish), zone)
  if (wish.kind === 'month') return monthContent(await month(ask, viewer, wish), zone)
  const params = { id: wish.visitId }
  return visitContent(VisitPage.parse(await ask(viewer, '/api/v1/visits/:id', { params })), zone)
}

async function day(ask: Ask, viewer: Viewer, wish: { personId: string; date: string }) {
  const params = { id: wish.personId, date: wish.date }
  const shown = Day.parse(
    await ask(viewer, '/api/v1/people/:id/days/:date', { params, query: { zoom: '15' } }),
  )
  return dayContent(Person.parse(await ask(viewer, '/api/v1/people/:id', { params })).name, shown)
}

async function week(
  ask: Ask,
  viewer: Viewer,
  wish: { date: string; departmentId?: string | undefined },
) {
  const { date, departmentId } = wish
  const query = { date, weeks: String(WEEKS), ...(departmentId !== undefined && { departmentId }) }
  return TeamWeeks.parse(await ask(viewer, '/api/v1/team/weeks', { query }))
}

async function month(
  ask: Ask,
  viewer: Viewer,
  wish: { month: string; department?: string | undefined },
) {
  const { department } = wish
  const query = { limit: String(PEOPLE), ...(department !== undefined && { department }) }
  const params = { month: wish.month }
  const reply = await ask(viewer, '/api/v1/attendance/months/:month', { params, query })
  return AttendanceMonth.parse(reply)
}
