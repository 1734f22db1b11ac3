import { fork } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { z } from 'zod'
import { bookOf, BUILT_IN } from '../../backend/attendance/calendars/index.ts'
import { datesFrom } from '../../backend/attendance/clock.ts'
import { daysOf, type PersonEvidence } from '../../backend/attendance/days/compute.ts'
import { refreshDays } from '../../backend/attendance/days/keep.ts'
import { listMembers, type Member } from '../../backend/attendance/days/members.ts'
import { monthOf } from '../../backend/attendance/days/month.ts'
import { insertPunches } from '../../backend/attendance/days/queries.ts'
import type { CompanyRules } from '../../backend/attendance/rules/book.ts'
import { connect } from '../../backend/core/connect.ts'
import type { Db } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { upsertDepartments, upsertOrg, upsertPeople } from '../../backend/people/index.ts'
import { randomOf } from '../../fixtures/random.ts'
import { startCluster } from '../support/cluster.ts'

const PEOPLE = 10_000
const CORES = 2
const HELD = 100 // at once, as `refreshDays` does
const WARM = 200 // computed first and not counted
const PART = 'part' // of the people, for a process of its own
const KEPT = 1000 // of them in the database
const MONTH = { from: '2026-10-01', to: '2026-10-31' }
const DATES = datesFrom(MONTH.from, MONTH.to)
const NOW = Date.parse('2026-11-05T00:00:00Z')
const ORG = 'bench'
const BAR = { personDaysPerSecond: 15_000, matrixMs: 300 }

/**
 * A month of 10,000 people from punches to ledgers with explanations, by two processes as on two cores, a hundred
 * people in memory at once as the server has them; then a thousand of them with their rows in a database, and the
 * matrix page of a hundred read again.
 */
export async function run(): Promise<Record<string, unknown>> {
  const computed = await computeAll()
  const cluster = await startCluster()
  const db = await connect({ databaseUrl: cluster.urlOf('postgres'), dataDir: '', log: createLog('silent'), root: '' }) // prettier-ignore
  try {
    return { ...computed, ...(await keepAndRead(db)), bar: BAR }
  } finally {
    await db.close()
    await cluster.stop()
  }
}

const memberOf = (index: number): Member => ({
  id: `p${String(index).padStart(5, '0')}`,
  userId: `p${String(index).padStart(5, '0')}`,
  name: `名${index}`,
  departmentId: `d${index % 40}`,
  department: `部${index % 40}`,
  zone: 'Asia/Shanghai',
  tags: [],
  employed: [],
})

const calendar = bookOf(BUILT_IN[0] ?? null, [])
const RULES: CompanyRules = { sets: [], groups: [], parents: new Map(), calendar: () => calendar }
const NOTHING = { absences: [], corrections: [], overtime: [] }

/** Two to four punches a workday: late ones, forgotten ones, some at noon. */
function punchesOf(random: () => number) {
  return DATES.flatMap((date) => {
    const nine = Date.parse(`${date}T01:00:00Z`)
    const at = (minutes: number) => nine + Math.round((minutes + random() * 20 - 12) * 60_000)
    const all = [at(0), at(180), at(240), at(545)]
    return all.filter((_, index) => random() < (index === 0 || index === 3 ? 0.97 : 0.4))
  })
}

/** People from one number to another: only computing is timed, not the making of their punches. */
function computeSome({ first, last }: Part): Computed {
  const random = randomOf(`attendance ${first}`).next
  let [days, ms, cpuMs] = [0, 0, 0]
  for (let index = first - WARM; index < last; index += HELD) {
    const held = Array.from({ length: Math.min(HELD, last - index) }, (_, place) => evidenceOf(index + place, random)) // prettier-ignore
    const begun = performance.now()
    const busy = process.cpuUsage()
    let found = 0
    for (const each of held) found += daysOf(each, RULES, MONTH, NOW).length
    if (index < first) continue
    days += found
    ms += performance.now() - begun
    const { user, system } = process.cpuUsage(busy)
    cpuMs += (user + system) / 1000
  }
  return { days, ms, cpuMs }
}

const evidenceOf = (index: number, random: () => number): PersonEvidence => ({
  ...{ member: memberOf(index), zones: new Map(), departments: new Map(), roster: new Map() },
  ...{ visits: [], approved: NOTHING },
  punches: punchesOf(random).map((at, place) => ({ id: `${index}-${place}`, at, source: 'device' as const, customer: false, outside: false })), // prettier-ignore
})

/** Two halves beside each other; the slower one counts. */
async function computeAll() {
  const half = PEOPLE / CORES
  const parts = await Promise.all(Array.from({ length: CORES }, (_, core) => onProcess({ first: core * half, last: (core + 1) * half }))) // prettier-ignore
  const days = parts.reduce((sum, part) => sum + part.days, 0)
  const ms = Math.max(...parts.map((part) => part.ms))
  const cpuMs = parts.reduce((sum, part) => sum + part.cpuMs, 0)
  return { people: PEOPLE, days, processes: CORES, seconds: round(ms / 1000), personDaysPerSecond: Math.round((days / ms) * 1000), personDaysPerCpuSecond: Math.round((days / cpuMs) * 1000) } // prettier-ignore
}

interface Part {
  first: number
  last: number
}
const Computed = z.object({ days: z.number(), ms: z.number(), cpuMs: z.number() })
type Computed = z.infer<typeof Computed>

async function onProcess({ first, last }: Part): Promise<Computed> {
  const child = fork(import.meta.filename, [PART, String(first), String(last)])
  const [answer] = await once(child, 'message')
  return Computed.parse(answer)
}

const [, , wanted, ...numbers] = process.argv
if (wanted === PART) {
  const [first = 0, last = 0] = numbers.map(Number)
  process.send?.(computeSome({ first, last }))
}

async function keepAndRead(db: Db & Parameters<typeof migrate>[0]) {
  await migrate(db)
  await seed(db)
  const means = { db, visits: () => Promise.resolve([]), now: () => NOW }
  const members = await listMembers(db, { orgId: ORG, departments: 'all', limit: KEPT }, MONTH)
  const begun = performance.now()
  const kept = await refreshDays(means, { orgId: ORG, members, ...MONTH })
  const ms = performance.now() - begun
  const scope = { orgId: ORG, departments: 'all' as const, zone: 'Asia/Shanghai' }
  const times: number[] = []
  for (let round = 0; round < 7; round++) {
    const asked = performance.now()
    const page = await monthOf(means, scope, '2026-10', { limit: 100 })
    if (page.rows.length !== 100) throw new Error('a page of a hundred people was asked for')
    times.push(performance.now() - asked)
  }
  const matrixMs = Math.round(times.sort((a, b) => a - b)[3] ?? NaN)
  return { keptPersonDaysPerSecond: Math.round((kept.length / ms) * 1000), matrixMs }
}

async function seed(db: Db) {
  await upsertOrg(db, { id: ORG, name: 'bench', zone: 'Asia/Shanghai' })
  await upsertDepartments(db, ORG, Array.from({ length: 40 }, (_, index) => ({ id: `d${index}`, parentId: null, name: `部${index}` }))) // prettier-ignore
  const members = Array.from({ length: KEPT }, (_, index) => memberOf(index))
  await upsertPeople(db, ORG, members.map(({ id, name, departmentId }) => ({ id, name, departmentId, position: null, role: 'rep', leads: [] }))) // prettier-ignore
  const random = randomOf('attendance').next
  for (const { id } of members) {
    const punches = punchesOf(random).map((at) => ({ personId: id, id: String(at), at, source: 'device' as const })) // prettier-ignore
    await insertPunches(db, ORG, punches, NOW)
  }
}

const round = (value: number) => Math.round(value * 100) / 100
