import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { Job, JobStarted } from '../../backend/contract/jobs.ts'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { sql } from '../../backend/core/sql.ts'
import { upsertDepartments, upsertOrg, upsertPeople } from '../../backend/people/index.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { buildServer, startServer, tokenFor, type ServerProcess } from '../support/serverProcess.ts'
import { readWorkbook } from '../support/sheets.ts'

const HR = 'hr01'
const ORG = 'demo' // of a server without WeCom
const PEOPLE = 120 // so that an export lasts
const MONTH = new Date(Date.now() - 35 * 86_400_000).toISOString().slice(0, 7) // over, whatever the zone
const EVENTUALLY = { timeout: 120_000, interval: 20 }

let borrowed: Borrowed | null = null
let folder = ''
let drafts = ''
let env: NodeJS.ProcessEnv
let server: ServerProcess | null = null
let token = ''

beforeAll(async () => {
  await buildServer()
  folder = await mkdtemp(path.join(tmpdir(), 'zuji-killed-'))
  drafts = path.join(folder, 'tmp')
  await mkdir(drafts)
  borrowed = inject('databaseKind') === 'server' ? await borrowDatabase() : null
  env = {
    ...process.env,
    ...{ DEMO: '0', LOG_LEVEL: 'fatal', TMPDIR: drafts },
    ...{ DATA_DIR: path.join(folder, 'data'), DATABASE_URL: borrowed?.url ?? '' },
  }
  server = await startServer(env)
  await beside(async (db) => {
    const person = { departmentId: 'd', position: null, leads: [] }
    const people = Array.from({ length: PEOPLE - 1 }, (_, n) => ({ ...person, id: `rep${n}`, name: `员工${n}`, role: 'rep' as const })) // prettier-ignore
    await upsertOrg(db, { id: ORG, name: '青岚商贸', zone: 'Asia/Shanghai' })
    await upsertDepartments(db, ORG, [{ id: 'd', parentId: null, name: '销售部' }])
    await upsertPeople(db, ORG, [...people, { ...person, id: HR, name: '人事', role: 'hr' }])
  })
  token = await tokenFor(HR, env)
})
afterAll(async () => {
  await server?.end('SIGKILL')
  await borrowed?.close()
  await rm(folder, { recursive: true, force: true })
})

test('an export whose server is killed half-way begins anew by itself after the restart, ends whole, and leaves no draft behind', async () => {
  const id = await killedHalfWay()
  expect(await draftsLeft()).toHaveLength(1)
  server = await startServer(env)
  expect(await draftsLeft()).toEqual([])
  await silentFor(31)
  await expect.poll(async () => (await jobOf(id)).state, EVENTUALLY).toBe('done')
  const { done, total, error } = await jobOf(id)
  expect({ done, total, error }).toEqual({ done: PEOPLE, total: PEOPLE, error: null })
  const [about, matrix, daily] = await readWorkbook(await fileOf(id))
  expect(about?.name).toBe('说明')
  expect(matrix?.rows).toHaveLength(1 + PEOPLE)
  const accounts = new Set(daily?.rows.slice(1).map((row) => row[2]?.value))
  expect(accounts.size).toBe(PEOPLE)
  expect(await draftsLeft()).toEqual([])
}, 300_000)

/** Kills the server while an export is under way; one that was done before it was seen half-way does not count. */
async function killedHalfWay(): Promise<string> {
  for (;;) {
    const { jobId } = JobStarted.parse(
      await asked(`/api/v1/attendance/months/${MONTH}/export`, { format: 'xlsx' }),
    )
    await expect.poll(async () => (await jobOf(jobId)).done, EVENTUALLY).toBeGreaterThan(0)
    if ((await jobOf(jobId)).state !== 'running') continue
    await server?.end('SIGKILL')
    if ((await draftsLeft()).length > 0) return jobId
    server = await startServer(env)
  }
}

const draftsLeft = async () => (await readdir(drafts)).filter((name) => name.startsWith('zuji-export-')) // prettier-ignore

/** As when the killed process was last heard of so many seconds earlier: half a minute of silence is long enough. */
const silentFor = (seconds: number) =>
  beside((db) =>
    db.run(sql`
      update jobs set heartbeat_at = heartbeat_at - make_interval(secs => ${seconds})
      where org_id = ${ORG} and state = 'running'`),
  )

async function asked(to: string, input?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const init = input ? { method: 'POST', headers, body: JSON.stringify(input) } : { headers }
  const reply = await fetch(`${server?.url}${to}`, init)
  const text = await reply.text()
  expect(reply.status, text).toBe(200)
  return JSON.parse(text)
}

const jobOf = async (id: string) => Job.parse(await asked(`/api/v1/jobs/${id}`))

async function fileOf(id: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const reply = await fetch(`${server?.url}/api/v1/jobs/${id}/file`, { headers })
  const file = path.join(folder, 'month.xlsx')
  await writeFile(file, Buffer.from(await reply.arrayBuffer()))
  return file
}

/** A connection beside the running server, for as long as something is done with it. */
async function beside(act: (db: Database) => Promise<unknown>): Promise<void> {
  const dataDir = path.join(folder, 'data')
  const db = await connect({ databaseUrl: borrowed?.url, dataDir, log: createLog('silent'), root: '', join: true }) // prettier-ignore
  await act(db)
  await db.close()
}
