import { PassThrough } from 'node:stream'
import { chainHead } from '../checkins/index.ts'
import { TeamFileQuery, type TeamRow, type TeamWeek } from '../contract/team.ts'
import { FileReply, route, type Route, type Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { wallClock, type Cell, type CellKind, type Sheet } from '../core/sheets/write.ts'
import { CSV_TYPE, writeCsv } from '../core/sheets/writeCsv.ts'
import { writeXlsx, XLSX_TYPE } from '../core/sheets/writeXlsx.ts'
import { findPerson } from '../people/index.ts'
import { canSeeTeam, loadTeamDay, loadTeamWeeks } from './routes.ts'

const WEEKS = 8

/** The day of the page as a file; a workbook has the weeks, too, and by what it was made. */
export const teamFileRoutes = (kit: Kit): Route[] => [fileRoute(kit, 'csv'), fileRoute(kit, 'xlsx')]

function fileRoute(kit: Kit, kind: 'csv' | 'xlsx') {
  return route({
    method: 'GET',
    path: `/api/v1/team/days.${kind}`,
    summary: `The day of everybody I lead as ${kind.toUpperCase()}`,
    query: TeamFileQuery,
    reply: FileReply,
    allow: canSeeTeam,
    run: async ({ viewer, query }) => {
      const zone = (await findPerson(kit.db, viewer.orgId, viewer.id))?.zone ?? 'Asia/Shanghai'
      const tongue = query.language === 'zh' ? 0 : 1
      const days = daySheet(await loadTeamDay(kit, viewer, query), { zone, tongue })
      const content = new PassThrough()
      const writing =
        kind === 'csv'
          ? writeCsv(content, days)
          : writeXlsx(content, [days, ...(await furtherSheets(kit, viewer, { ...query, zone, tongue }))]) // prettier-ignore
      writing.catch((error: unknown) => content.destroy(error instanceof Error ? error : undefined))
      const name = `${query.language === 'zh' ? '团队' : 'team'} ${query.date}.${kind}`
      return { type: kind === 'csv' ? CSV_TYPE : XLSX_TYPE, name, content }
    },
  })
}

type Tongue = 0 | 1
interface Manner {
  zone: string
  tongue: Tongue
}
type Told<Of> = readonly [
  zh: string,
  en: string,
  kind: CellKind,
  of: (row: Of, zone: string) => Cell,
]

const DAY: readonly Told<TeamRow>[] = [
  ['工号', 'Id', 'text', (row) => row.personId],
  ['姓名', 'Name', 'text', (row) => row.name],
  ['部门', 'Department', 'text', (row) => row.department],
  ['计划拜访', 'Planned', 'whole', (row) => row.planned],
  ['完成', 'Done', 'whole', (row) => row.done],
  ['漏访', 'Missed', 'whole', (row) => row.missed],
  ['计划外', 'Unplanned', 'whole', (row) => row.extra],
  ['待确认', 'Unclear', 'whole', (row) => row.unclear],
  ['首次活动', 'First activity', 'moment', (row, zone) => momentOf(row.firstAt, zone)],
  ['最后活动', 'Last activity', 'moment', (row, zone) => momentOf(row.lastAt, zone)],
  ['当班时长', 'On duty', 'duration', (row) => minutesOf(row.dutySeconds)],
  ['静默时长', 'Silent', 'duration', (row) => minutesOf(row.silentSeconds)],
  ['出勤时长', 'Worked', 'duration', (row) => row.workedMinutes],
  ['迟到', 'Late', 'duration', (row) => row.lateMinutes],
  ['缺勤', 'Absent', 'duration', (row) => row.absentMinutes],
  ['里程（公里）', 'Distance (km)', 'decimal', (row) => kmOf(row.movedMetres)],
  ['未处理预警', 'Open alerts', 'whole', (row) => row.alerts],
]

const WEEK: readonly Told<TeamWeek>[] = [
  ['周一', 'Monday', 'date', (week) => week.monday],
  ['活动人天', 'Person-days', 'whole', (week) => week.days],
  ['计划拜访', 'Planned', 'whole', (week) => week.planned],
  ['完成', 'Done', 'whole', (week) => week.done],
  ['漏访', 'Missed', 'whole', (week) => week.missed],
  ['计划外', 'Unplanned', 'whole', (week) => week.extra],
  ['里程（公里）', 'Distance (km)', 'decimal', (week) => kmOf(week.movedMetres)],
  ['当班时长', 'On duty', 'duration', (week) => minutesOf(week.dutySeconds)],
  ['静默时长', 'Silent', 'duration', (week) => minutesOf(week.silentSeconds)],
  ['出勤时长', 'Worked', 'duration', (week) => week.workedMinutes],
  ['迟到人天', 'Late person-days', 'whole', (week) => week.lateDays],
]

const minutesOf = (seconds: number) => Math.round(seconds / 60)
const kmOf = (metres: number) => Math.round(metres / 10) / 100

/** On the wall clock of whoever reads the file. */
const momentOf = (at: number | null, zone: string) =>
  at === null ? null : wallClock(at, zone, 'minute')

const sheetOf = <Of>(
  name: string,
  told: readonly Told<Of>[],
  rows: readonly Of[],
  manner: Manner,
): Sheet => ({
  // prettier-ignore
  name,
  columns: told.map(([zh, en, kind]) => ({ title: manner.tongue === 0 ? zh : en, kind })),
  rows: [rows.map((row) => told.map(([, , , of]) => of(row, manner.zone)))],
})

const daySheet = (rows: readonly TeamRow[], manner: Manner) =>
  sheetOf(['当天', 'Day'][manner.tongue] ?? '', DAY, rows, manner)

/** The weeks before, and what the file rests on: its visits on check-ins, told by the newest link of their chain. */
async function furtherSheets(
  kit: Kit,
  viewer: Viewer,
  { tongue, zone, ...asked }: Manner & { date: string; departmentId?: string | undefined },
): Promise<Sheet[]> {
  const weeks = await loadTeamWeeks(kit, viewer, { ...asked, weeks: WEEKS })
  const chain = await chainHead(kit.db, viewer.orgId)
  const about: [string, string, Cell][] = [
    ['日期', 'Date', asked.date],
    ['导出人', 'Made by', viewer.name],
    ['导出时间', 'Made at', `${momentOf(kit.clock.now(), zone)} ${zone}`],
    ['签到链头', 'Head of the chain of check-ins', chain ? `${chain.date} ${chain.head}` : '—'],
  ]
  const titles = [['项目', '内容'], ['Item', 'Content']][tongue] ?? [] // prettier-ignore
  return [
    sheetOf(['每周', 'Weeks'][tongue] ?? '', WEEK, weeks, { tongue, zone }),
    {
      name: ['说明', 'About'][tongue] ?? '',
      columns: titles.map((title) => ({ title, kind: 'text' })),
      rows: [about.map(([zh, en, value]) => [tongue === 0 ? zh : en, value])],
      filter: false,
    },
  ]
}
