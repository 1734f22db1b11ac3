import { PassThrough } from 'node:stream'
import { Coverage, CoverageQuery, Timeline, TimelineQuery, VisitPath } from '../contract/visits.ts'
import { FileReply, route } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import type { Column } from '../core/sheets/write.ts'
import { CSV_TYPE, writeCsv } from '../core/sheets/writeCsv.ts'
import { dateAt } from '../people/index.ts'
import {
  listCoverage,
  listNotes,
  listStepsOf,
  listVisitsAt,
  type CoverageAsked,
} from './coverageQueries.ts'
import { rulesOf } from './plans.ts'
import { mayVisit, scopeOf } from './policy.ts'

export const coverageRoutes = (kit: Kit) => [
  coverageRoute(kit),
  coverageFileRoute(kit),
  timelineRoute(kit),
]

type Viewer = Parameters<typeof scopeOf>[0]

async function asked(kit: Kit, viewer: Viewer, query: CoverageAsked['query']) {
  const rules = await rulesOf(kit.db, viewer.orgId)
  return { ...scopeOf(viewer), query, rules, now: kit.clock.now() }
}

function coverageRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/coverage',
    summary: 'Customers nobody has visited for so long, or for longer than their tier allows',
    query: CoverageQuery,
    reply: Coverage,
    allow: mayVisit,
    run: async ({ viewer, query }) => {
      const rows = await listCoverage(kit.db, await asked(kit, viewer, query))
      const [first] = rows
      return { total: first?.total ?? 0, customers: first?.customers ?? 0, rows }
    },
  })
}

const COLUMNS: Column[] = [
  { title: '客户 Customer', kind: 'text' },
  { title: '地址 Address', kind: 'text' },
  { title: '等级 Tier', kind: 'text' },
  { title: '负责人 Owner', kind: 'text' },
  { title: '部门 Department', kind: 'text' },
  { title: '上次拜访 Last visit', kind: 'date' },
  { title: '天数 Days', kind: 'whole' },
  { title: '应每 Every', kind: 'whole' },
  { title: '经度 Longitude', kind: 'decimal' },
  { title: '纬度 Latitude', kind: 'decimal' },
]
const MOST_ROWS = 100_000

function coverageFileRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/coverage.csv',
    summary: 'The same as a table',
    query: CoverageQuery.omit({ limit: true }),
    reply: FileReply,
    allow: mayVisit,
    run: async ({ viewer, query }) => {
      const wanted = await asked(kit, viewer, { ...query, limit: MOST_ROWS })
      const rows = (await listCoverage(kit.db, wanted)).map((row) => [
        row.customer,
        row.address,
        row.tier,
        row.owner,
        row.department,
        row.lastVisit,
        row.days,
        row.everyDays,
        row.lng,
        row.lat,
      ])
      const content = new PassThrough()
      void writeCsv(content, { columns: COLUMNS, rows: [rows] }).catch((error: unknown) =>
        content.destroy(error instanceof Error ? error : new Error(String(error))),
      )
      const date = dateAt(wanted.now, 'Asia/Shanghai')
      return { type: CSV_TYPE, name: `客户覆盖 ${date}.csv`, content }
    },
  })
}

const PAGE = 20

function timelineRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:id/visits',
    summary: 'What was at this customer, newest first: visits, notes and next steps',
    params: VisitPath,
    query: TimelineQuery,
    reply: Timeline,
    allow: mayVisit,
    run: async ({ viewer, params, query }) => {
      const where = { customerId: params.id, before: query.before ?? null, limit: PAGE }
      const visits = await listVisitsAt(kit.db, { ...scopeOf(viewer), ...where })
      const ids = visits.map((visit) => visit.id)
      const notes = await listNotes(kit.db, viewer.orgId, ids)
      const steps = await listStepsOf(kit.db, viewer.orgId, ids)
      const items = visits.map((visit) => ({
        visit,
        notes: notes.filter((note) => note.visitId === visit.id),
        steps: steps.filter((step) => step.visitId === visit.id),
      }))
      return { items, next: visits.length < PAGE ? null : (visits.at(-1)?.date ?? null) }
    },
  })
}
