import { fork } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { z } from 'zod'
import { datesFrom } from '../../backend/attendance/clock.ts'
import { refreshDays } from '../../backend/attendance/days/keep.ts'
import { listMembers } from '../../backend/attendance/days/members.ts'
import { monthOf } from '../../backend/attendance/days/month.ts'
import { insertPunches } from '../../backend/attendance/days/queries.ts'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { upsertDepartments, upsertOrg, upsertPeople } from '../../backend/people/index.ts'
import { randomOf } from '../../fixtures/random.ts'
import { startCluster } from '../support/cluster.ts'
import { bundled, heard } from './serverProcess.ts'

const PEOPLE = 5000
const MONTH = '2026-10'
const SPAN = { from: '2026-10-01', to: '2026-10-31' }
const NOW = Date.parse('2026-11-05T00:00:00Z')
const ORG = 'bench'
const BATCH = 500
const BAR = { xlsxSeconds: 10, xlsxRssMb: 200, matrixPageMs: 300 }

/**
 * A month of 5,000 people as files, each made by a process of its own, and the first and the last page of the matrix.
 * The workbook has all six sheets: 155,000 days, their punches, the matrix.
 */
export async function run(): Promise<Record<string, unknown>> {
  const cluster = await startCluster()
  const databaseUrl = cluster.urlOf('postgres')
  const db = await connect({ databaseUrl, dataDir: '', log: createLog('silent'), root: '' })
  const folder = await mkdtemp(path.join(tmpdir(), 'zuji-bench-'))
  try {
    await migrate(db)
    await seed(db)
    const program = await bundled('exportRun')
    const made = async (format: string, layout: string) => {
      const file = path.join(folder, `${layout}.${format}`)
      const child = fork(program, [databaseUrl, ORG, MONTH, format, layout, file], { execArgv: [] })
      const { seconds, rssMb } = await heard(child, Took)
      return { seconds: round(seconds), rssMb: Math.round(rssMb), megabytes: round((await stat(file)).size / 1e6) } // prettier-ignore
    }
    const xlsx = await made('xlsx', 'zuji')
    const wecom = await made('xlsx', 'wecom')
    const csv = await made('csv', 'zuji')
    return { people: PEOPLE, days: PEOPLE * 31, ...flat('xlsx', xlsx), ...flat('wecom', wecom), ...flat('csv', csv), ...(await pages(db)), bar: JSON.stringify(BAR) } // prettier-ignore
  } finally {
    await db.close()
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const Took = z.object({ seconds: z.number(), rssMb: z.number() })

const flat = (name: string, took: { seconds: number; rssMb: number; megabytes: number }) => ({
  [`${name}Seconds`]: took.seconds,
  [`${name}RssMb`]: took.rssMb,
  [`${name}Megabytes`]: took.megabytes,
})

/** The middle of seven readings of the page that is shown first, and of one far down, while 5,000 people are kept. */
async function pages(db: Database) {
  const means = { db, visits: () => Promise.resolve([]), now: () => NOW }
  const scope = { orgId: ORG, departments: 'all' as const, zone: 'Asia/Shanghai' }
  const middle = async (after?: string) => {
    const times: number[] = []
    let next: string | null = null
    for (let round = 0; round < 7; round++) {
      const begun = performance.now()
      const page = await monthOf(means, scope, MONTH, { limit: 100, ...(after && { after }) })
      times.push(performance.now() - begun)
      next = page.next
    }
    return { ms: Math.round(times.sort((a, b) => a - b)[3] ?? NaN), next }
  }
  const first = await middle()
  const second = await middle(first.next ?? undefined)
  return { matrixPageMs: first.ms, nextPageMs: second.ms }
}

/** Most punch twice a workday, some at noon, some are late, some forget. */
async function seed(db: Database): Promise<void> {
  await upsertOrg(db, { id: ORG, name: 'bench', zone: 'Asia/Shanghai' })
  await upsertDepartments(db, ORG, Array.from({ length: 40 }, (_, n) => ({ id: `d${n}`, parentId: null, name: `第 ${n} 销售部` }))) // prettier-ignore
  const people = Array.from({ length: PEOPLE }, (_, n) => ({ id: `p${String(n).padStart(5, '0')}`, name: `员工${n}`, departmentId: `d${n % 40}`, position: '客户经理', role: 'rep' as const, leads: [] })) // prettier-ignore
  await upsertPeople(db, ORG, people)
  const { next: random } = randomOf('export')
  for (let from = 0; from < PEOPLE; from += BATCH) {
    const some = people.slice(from, from + BATCH)
    await insertPunches(
      db,
      ORG,
      some.flatMap(({ id }) => punchesOf(id, random)),
      NOW,
    )
  }
  const means = { db, visits: () => Promise.resolve([]), now: () => NOW }
  const asked = { orgId: ORG, departments: 'all', limit: PEOPLE } as const
  const members = await listMembers(db, asked, SPAN)
  await refreshDays(means, { orgId: ORG, members, ...SPAN })
  await db.raw('analyze')
}

const punchesOf = (personId: string, random: () => number) =>
  datesFrom(SPAN.from, SPAN.to).flatMap((date) => {
    const nine = Date.parse(`${date}T01:00:00Z`)
    return [0, 180, 240, 545]
      .filter((_, place) => random() < (place % 3 === 0 ? 0.97 : 0.3))
      .map((minutes) => nine + Math.round((minutes + random() * 20 - 12) * 60_000))
      .map((at) => ({ personId, id: String(at), at, source: 'device' as const }))
  })

const round = (value: number) => Math.round(value * 100) / 100
