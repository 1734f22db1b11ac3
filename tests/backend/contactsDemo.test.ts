import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFacts } from '../../backend/core/facts.ts'
import { createLog } from '../../backend/core/log.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { readConfig } from '../../backend/core/config.ts'
import { systemClock } from '../../backend/core/clock.ts'
import { seedCompany } from '../../backend/demo/seed.ts'
import { simulatorOf } from '../../backend/demo/simulator.ts'
import { createContacts } from '../../backend/people/index.ts'
import { loadContacts } from '../../backend/people/syncState.ts'
import { createWecom } from '../../backend/wecom/index.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'

let borrowed: Borrowed
beforeAll(async () => {
  borrowed = await borrowDatabase()
})
afterAll(() => borrowed.close())

test('the demo company is what its simulated directory says: the first sync changes nothing', async () => {
  const { db } = borrowed
  const log = createLog('silent')
  const config = readConfig({})
  const facts = createFacts((error) => {
    throw error
  })
  const kit = { db, log, config, facts, clock: systemClock, metrics: createMetrics() }
  await seedCompany(db, 'demo', systemClock.now())
  const wecom = createWecom({ ...simulatorOf(config).settings, clock: systemClock, log })
  const { sync } = createContacts(kit, wecom, 'demo')
  await sync.tick()
  await sync.idle()
  const contacts = await loadContacts(db, 'demo', systemClock.now())
  expect(contacts).toMatchObject({ people: 36, departments: 4, pending: null })
  expect(contacts.last).toMatchObject({ state: 'applied', cause: 'schedule' })
  expect(contacts.last?.summary).toMatchObject({ counts: {}, changes: [] })
})
