import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createJobs, type Jobs } from '../../backend/core/jobs.ts'
import { createLog } from '../../backend/core/log.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'

let borrowed: Borrowed
let jobs: Jobs
const rebuilt: string[] = []
let refuse = true

beforeAll(async () => {
  borrowed = await borrowDatabase()
  jobs = createJobs(borrowed.db, createLog('silent'), { jobs: 1, clock: 1 })
  jobs.work<{ day: string }>('rebuild', async ({ day }) => {
    if (day === 'refused' && refuse) {
      refuse = false
      throw new Error('not now')
    }
    rebuilt.push(day)
  })
  jobs.schedule('every-minute', '* * * * *', async () => rebuilt.push('by the clock'))
  await jobs.start()
})
afterAll(async () => {
  await jobs.stop()
  await borrowed.close()
})

const enqueue = (day: string) =>
  borrowed.db.transact((tx) => jobs.enqueue(tx, 'rebuild', { day }, day))

const isRebuilt = (day: string) =>
  vi.waitFor(() => expect(rebuilt).toContain(day), { timeout: 40_000, interval: 100 })

test('a job waits once for its key, however often it is asked for', async () => {
  const added: boolean[] = []
  await borrowed.db.transact(async (tx) => {
    for (const day of ['monday', 'monday', 'monday', 'tuesday'])
      added.push(await jobs.enqueue(tx, 'rebuild', { day }, day))
  })
  expect(added).toEqual([true, false, false, true])
  await isRebuilt('monday')
  await isRebuilt('tuesday')
  expect(rebuilt.filter((day) => day === 'monday')).toHaveLength(1)
})

test('a job that a rolled back transaction asked for does not exist', async () => {
  const broken = borrowed.db.transact(async (tx) => {
    await jobs.enqueue(tx, 'rebuild', { day: 'never' }, 'never')
    throw new Error('changed my mind')
  })
  await expect(broken).rejects.toThrow('changed my mind')
  await enqueue('wednesday')
  await isRebuilt('wednesday')
  expect(rebuilt).not.toContain('never')
})

test('a job that failed is tried again', async () => {
  await enqueue('refused')
  await isRebuilt('refused')
})

test('a scheduled job runs at its time', async () => {
  await isRebuilt('by the clock')
})
