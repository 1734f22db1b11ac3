import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXPORT_JOB, exportJob } from '../../backend/attendance/exports/job.ts'
import { exportMaker } from '../../backend/attendance/index.ts'
import { Job } from '../../backend/contract/jobs.ts'
import { sql } from '../../backend/core/sql.ts'
import { createJobs } from '../../backend/jobs/index.ts'
import { readWorkbook } from '../support/sheets.ts'
import { NINE, openAttendance, type AttendanceStage } from './attendanceStage.ts'
import { MINUTE, ORG } from './company.ts'

const HOUR = 60 * MINUTE
const DECEMBER = Date.parse('2026-12-01T02:00:00Z')
let stage: AttendanceStage
let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuji-files-'))
  stage = await openAttendance()
  for (const [who, late] of [['rep1', 12], ['rep2', -3], ['rep3', 41]] as const) {
    await stage.checkIn(who, NINE + late * MINUTE)
    await stage.checkIn(who, NINE + 9 * HOUR, 'out')
  } // prettier-ignore
  stage.company.clock.at = DECEMBER
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await stage.company.close()
})

/** An export as a process left it that was killed: half-way, and silent since `beat`. */
async function leftBehind(beat: number): Promise<string> {
  const id = uuid()
  await stage.company.db.run(sql`
    insert into jobs (org_id, person_id, id, kind, input, state, done, total, attempts, owner, heartbeat_at, created_at)
    values (${ORG}, 'hr', ${id}::uuid, 'attendance.export', ${JSON.stringify({ month: '2026-11', scope: 'all' })}::jsonb,
      'running', 3, 8, 1, ${uuid()}::uuid, to_timestamp(${beat}::float8 / 1000), to_timestamp(${beat}::float8 / 1000))`)
  return id
}

async function work() {
  for (const { chores = [] } of stage.company.features)
    for (const chore of chores) if (chore.name === 'jobs.work') await chore.run()
}
const job = async (id: string) =>
  Job.parse((await stage.company.get(`/api/v1/jobs/${id}`, 'hr')).body)

async function fileOf(id: string): Promise<string> {
  const headers = { authorization: `Bearer ${await stage.company.tokenOf('hr')}` }
  const reply = await fetch(`${stage.company.url}/api/v1/jobs/${id}/file`, { headers })
  const file = path.join(folder, `${id}.xlsx`)
  writeFileSync(file, Buffer.from(await reply.arrayBuffer()))
  return file
}

test('an export whose process was killed is made whole by the next one, once, and its link is sent once', async () => {
  const id = await leftBehind(DECEMBER)
  stage.company.clock.at = DECEMBER + 29_000
  await work()
  expect(await job(id)).toMatchObject({ state: 'running', done: 3, file: null }) // it may live still
  stage.company.clock.at = DECEMBER + 31_000
  await work()
  await work()
  expect(await job(id)).toMatchObject({ state: 'done', done: 8, total: 8, error: null })
  const [, matrix, daily] = await readWorkbook(await fileOf(id))
  expect(matrix?.rows).toHaveLength(1 + 8)
  expect(daily?.rows).toHaveLength(1 + 8 * 30)
  const told = await stage.company.db.many<{ path: string }>(sql`
    select m.path from wecom_messages m where m.org_id = ${ORG} and m.key = ${`export:${id}`}`)
  expect(told).toEqual([{ path: `/month?month=2026-11&export=${id}` }])
})

test('a process that stalls half-way and wakes too late changes neither the file nor the message of the one that took over', async () => {
  const { kit, clock } = stage.company
  clock.at = DECEMBER + HOUR
  const means = { db: kit.db, visits: () => Promise.resolve([]), now: kit.clock.now }
  let wake = () => {}
  const stalled = new Promise<void>((resolve) => (wake = resolve))
  const run = exportJob(kit, exportMaker(means))
  const dying = createJobs(kit, ORG)
  dying.define(EXPORT_JOB, (mine) =>
    run({
      ...mine,
      step: async (progress) => {
        await mine.step(progress)
        await stalled
      },
    }),
  )
  const input = { month: '2026-11', scope: 'all' }
  const id = await dying.start(kit.db, { orgId: ORG, personId: 'hr', kind: EXPORT_JOB, input })
  const late = dying.chores?.[0]?.run()
  await expect.poll(async () => (await job(id)).done, { timeout: 90_000 }).toBe(8)
  expect(await job(id)).toMatchObject({ state: 'running', file: null })
  clock.at += 31_000
  await work()
  expect(await job(id)).toMatchObject({ state: 'done', done: 8, total: 8 })
  const made = readFileSync(await fileOf(id))
  clock.at += HOUR // what the other makes names another time
  wake()
  await late
  expect(await job(id)).toMatchObject({ state: 'done', error: null })
  expect(readFileSync(await fileOf(id)).equals(made)).toBe(true)
  const told = await kit.db.many(sql`
    select m.key from wecom_messages m where m.org_id = ${ORG} and m.key = ${`export:${id}`}`)
  expect(told).toHaveLength(1)
  await dying.close?.()
})
