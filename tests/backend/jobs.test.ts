import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Job, Jobs } from '../../backend/contract/jobs.ts'
import { Fault } from '../../backend/core/errors.ts'
import { sql } from '../../backend/core/sql.ts'
import { createJobs, type Run } from '../../backend/jobs/index.ts'
import { MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

let company: Company
let jobs: ReturnType<typeof createJobs>
let other: ReturnType<typeof createJobs> // as another process of the same company has it
beforeAll(async () => {
  company = await openCompany((kit) => {
    jobs = createJobs(kit, ORG)
    other = createJobs(kit, ORG)
    return [jobs, { ...other, routes: [] }] // its addresses are those of the first
  })
})
afterAll(() => company.close())

const work = async (door = jobs) => {
  await door.chores?.[0]?.run()
}
const define = (kind: string, run: Run) => {
  jobs.define(kind, run)
  other.define(kind, run)
}
const start = (kind: string, input = {}) =>
  jobs.start(company.db, { orgId: ORG, personId: 'admin', kind, input })
const one = async (id: string) => Job.parse((await company.get(`/api/v1/jobs/${id}`, 'admin')).body)

describe('/api/v1/jobs', () => {
  it('refuses the signed out, device tokens and bad ids, and hides the jobs of others', async () => {
    define('test.empty', async () => ({}))
    const id = await start('test.empty')
    for (const path of ['', `/${id}`, `/${id}/file`]) {
      expect((await company.get(`/api/v1/jobs${path}`, null)).status).toBe(401)
      expect((await company.get(`/api/v1/jobs${path}`, 'admin', 'device')).status).toBe(403)
    }
    expect((await company.post(`/api/v1/jobs/${id}/cancel`, null, '')).status).toBe(401)
    expect((await company.post(`/api/v1/jobs/${id}/cancel`, 'admin', '', 'device')).status).toBe(
      403,
    )
    expect((await company.get('/api/v1/jobs/nonsense', 'admin')).status).toBe(422)
    expect((await company.get(`/api/v1/jobs/${id}`, 'hr')).status).toBe(404)
    expect((await company.post(`/api/v1/jobs/${id}/cancel`, 'hr', '')).status).toBe(404)
    expect(Jobs.parse((await company.get('/api/v1/jobs', 'hr')).body).jobs).toEqual([])
    await work()
    expect(await one(id)).toMatchObject({ state: 'done', file: null, error: null })
    expect((await company.get(`/api/v1/jobs/${id}/file`, 'admin')).status).toBe(404)
  })

  it('shows progress, result and file', async () => {
    const file = await company.kit.files.put(Buffer.from('一'))
    define('test.file', async (job) => {
      await job.step({ done: 1, total: 2 })
      expect(await one(job.id)).toMatchObject({ state: 'running', done: 1, total: 2 })
      await job.step({ done: 2 })
      return {
        result: { rows: 2 },
        file: { sha256: file.sha256, name: '一.txt', type: 'text/plain' },
      }
    })
    const id = await start('test.file')
    await work()
    expect(await one(id)).toMatchObject({ state: 'done', done: 2, total: 2, result: { rows: 2 } })
    const headers = { authorization: `Bearer ${await company.tokenOf('admin')}` }
    const answer = await fetch(`${company.url}/api/v1/jobs/${id}/file`, { headers })
    expect(await answer.text()).toBe('一')
    const { body } = await company.get('/api/v1/jobs?kind=test.file', 'admin')
    expect(Jobs.parse(body).jobs.map((job) => job.id)).toEqual([id])
  })

  it('starts one job for the same id, however often it is asked', async () => {
    let runs = 0
    define('test.once', async () => {
      runs += 1
      return {}
    })
    const id = '0193a000-0000-7000-8000-000000000001'
    for (let time = 0; time < 3; time++)
      await jobs.start(company.db, {
        orgId: ORG,
        personId: 'admin',
        kind: 'test.once',
        input: {},
        id,
      })
    await Promise.all([work(), work(other)])
    expect(runs).toBe(1)
  })

  it('goes on from its checkpoint after its process was killed, counting nothing twice', async () => {
    const done: number[] = []
    let wake = () => {}
    const killed = new Promise<void>((resolve) => (wake = resolve))
    const began: (typeof jobs)[] = [] // whichever of the two takes it first
    for (const door of [jobs, other])
      door.define('test.kill', async (job) => {
        began.push(door)
        for (let at = Number(job.checkpoint ?? 0); at < 4; at++) {
          if (at === 2 && began.length === 1) await killed // and not heard of for ten minutes
          await job.step({ done: at + 1, total: 4, checkpoint: at + 1 })
          done.push(at)
        }
        return {}
      })
    const id = await start('test.kill')
    const dying = [work(), work(other)]
    await expect.poll(async () => (await one(id)).done).toBe(2)
    const survivor = began[0] === jobs ? other : jobs
    await work(survivor)
    expect(await one(id)).toMatchObject({ state: 'running', done: 2 })
    const later = async () => {
      company.clock.at += 10 * MINUTE // a heartbeat of who is not quite dead may come between
      await work(survivor)
      return (await one(id)).done
    }
    await expect.poll(later).toBe(4)
    wake() // what it still wants to say comes too late
    await Promise.all(dying)
    expect(await one(id)).toMatchObject({ state: 'done', done: 4 })
    expect(began).toEqual([began[0], survivor])
    expect(done).toEqual([0, 1, 2, 3])
    company.clock.at = NOW
  })

  it('stops at the next step when it is cancelled, and before it begins', async () => {
    let steps = 0
    let waiting = ''
    define('test.cancel', async (job) => {
      for (;;) {
        steps += 1
        if (steps === 2) {
          waiting = await start('test.cancel') // behind this one
          for (const id of [waiting, job.id])
            expect((await company.post(`/api/v1/jobs/${id}/cancel`, 'admin', '')).status).toBe(200)
        }
        await job.step({ done: steps })
      }
    })
    const running = await start('test.cancel')
    await work()
    expect(await one(running)).toMatchObject({ state: 'cancelled', done: 2 })
    await work()
    expect(await one(waiting)).toMatchObject({ state: 'cancelled', done: 0 })
    expect(steps).toBe(2)
  })

  it('fails with the sentence of a fault, and after three attempts with none', async () => {
    define('test.fault', async () => {
      throw new Fault('bad_input', 'row 3: no name')
    })
    define('test.error', async () => {
      throw new Error('secret')
    })
    const fault = await start('test.fault')
    const error = await start('test.error')
    const unknown = await start('test.unknown')
    for (let attempt = 0; attempt < 3; attempt++) {
      await work()
      company.clock.at += MINUTE
    }
    company.clock.at = NOW
    expect(await one(fault)).toMatchObject({ state: 'failed', error: 'row 3: no name' })
    expect(await one(error)).toMatchObject({ state: 'failed' })
    expect((await one(error)).error).not.toContain('secret')
    expect(await one(unknown)).toMatchObject({ state: 'failed' })
  })

  it('removes jobs with their files after a week, but no file that another job has', async () => {
    const { files } = company.kit
    const mine = await files.put(Buffer.from('mine'))
    const shared = await files.put(Buffer.from('shared'))
    define('test.old', async () => ({ file: { ...shared, name: 'a', type: 'text/plain' } }))
    await start('test.old', { file: mine.sha256 })
    await work()
    company.clock.at = NOW + 8 * 24 * 60 * MINUTE
    const young = await start('test.old')
    await work()
    await jobs.chores?.[1]?.run()
    expect(await files.has(mine.sha256)).toBe(false)
    expect(await files.has(shared.sha256)).toBe(true)
    const rows = await company.db.many<{ id: string }>(
      sql`select id from jobs where org_id = ${ORG} and kind = 'test.old'`,
    )
    expect(rows).toEqual([{ id: young }])
    company.clock.at = NOW
  })
})
