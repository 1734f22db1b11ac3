import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { sql } from '../../backend/core/sql.ts'
import { limitsIn } from '../../backend/wecom/index.ts'
import { told } from '../../backend/wecom/api/verdict.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'

const API = '/cgi-bin/checkin/getcorpcheckinoption' // 60 a minute, of which 54 are used
const Any = z.looseObject({})

let borrowed: Borrowed
let up: SimServer
beforeAll(async () => {
  borrowed = await borrowDatabase()
})
afterAll(() => borrowed.close())
beforeEach(async () => {
  up = await startWecomSim()
  await borrowed.db.run(sql`delete from wecom_quotas where org_id = 'o1'`)
})
afterEach(() => up.close())

/** One process of the server. */
const process = () => up.client({ limits: limitsIn(borrowed.db, 'o1') })
const calls = () => up.sim.calls.get(API) ?? 0
const outcome = (ask: Promise<unknown>) =>
  ask.then(
    () => 'ok',
    (error: unknown) => told(error)?.verdict,
  )

test('two processes together stay below a quota that each alone would reach', async () => {
  const [one, two] = [process(), process()]
  const asks = Array.from({ length: 120 }, (_, index) =>
    outcome((index % 2 ? one : two).call.inquire(API, {}, Any)),
  )
  const outcomes = await Promise.all(asks)
  expect(calls()).toBe(54)
  expect(outcomes.filter((each) => each === 'ok')).toHaveLength(54)
  expect(outcomes.filter((each) => each === 'throttled')).toHaveLength(66)
  up.clock.at += 62_000
  expect(await outcome(one.call.inquire(API, {}, Any))).toBe('ok')
})

test('without sharing the same two processes are blocked by WeCom', async () => {
  const [one, two] = [up.client(), up.client()]
  const asks = Array.from({ length: 120 }, (_, index) =>
    outcome((index % 2 ? one : two).call.inquire(API, {}, Any)),
  )
  await Promise.all(asks)
  expect(calls()).toBeGreaterThan(60)
})

test('a process that starts anew finds what was asked before', async () => {
  for (let of = 0; of < 54; of++) await process().call.inquire(API, {}, Any)
  expect(await outcome(process().call.inquire(API, {}, Any))).toBe('throttled')
  expect(calls()).toBe(54)
})

test('a burst costs few transactions, and a handful that was not used up is void in the next slot', async () => {
  let transactions = 0
  const db = {
    ...borrowed.db,
    transact: <T>(work: Parameters<typeof borrowed.db.transact<T>>[0]) => {
      transactions++
      return borrowed.db.transact(work)
    },
  }
  const limits = limitsIn(db, 'o1')
  const api = '/cgi-bin/user/get'
  const now = 1_700_000_000_000
  for (let of = 0; of < 1_000; of++) expect(await limits.take(api, now)).toBe(0)
  expect(transactions).toBeLessThanOrEqual(20)
  const before = transactions
  await limits.take(api, now + 1_500)
  await limits.take(api, now + 3_000)
  expect(transactions - before).toBe(2)
})

test('what has no quota does not ask the database, and each API has a count of its own', async () => {
  const limits = limitsIn(borrowed.db, 'o1')
  for (let of = 0; of < 10; of++) await limits.take('/cgi-bin/auth/getuserinfo', up.clock.at)
  await limits.take('/cgi-bin/user/get', up.clock.at)
  const rows = await borrowed.db.many(sql`select api from wecom_quotas where org_id = 'o1'`)
  expect(rows).toEqual([{ api: '/cgi-bin/user/get' }])
})
