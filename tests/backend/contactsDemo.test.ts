import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../backend/core/log.ts'
import { readConfig } from '../../backend/core/config.ts'
import { systemClock } from '../../backend/core/clock.ts'
import { sql } from '../../backend/core/sql.ts'
import { seedCompany } from '../../backend/demo/seed.ts'
import { simulatorOf } from '../../backend/demo/simulator.ts'
import { createContacts } from '../../backend/people/index.ts'
import { loadContacts } from '../../backend/people/directory/state.ts'
import { createWecom } from '../../backend/wecom/index.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { createKit } from '../../backend/kit.ts'

let borrowed: Borrowed
beforeAll(async () => {
  borrowed = await borrowDatabase()
})
afterAll(() => borrowed.close())

const log = createLog('silent')
const config = readConfig({})

/** Contacts of an org whose WeCom is the demo's simulator. */
function contactsOf(orgId: string) {
  const { db } = borrowed
  const kit = createKit({
    ...{ db, log, config },
    onError: (error) => {
      throw error
    },
  })
  const wecom = createWecom({ ...simulatorOf(config).settings, clock: systemClock, log })
  return createContacts(kit, wecom, orgId)
}

test('the demo company is what its simulated directory says: the first sync changes nothing', async () => {
  const { db } = borrowed
  await seedCompany(db, 'demo', systemClock.now())
  const { sync } = contactsOf('demo')
  await sync.tick()
  await sync.idle()
  const contacts = await loadContacts(db, 'demo', systemClock.now())
  expect(contacts).toMatchObject({ people: 36, departments: 4, pending: null })
  expect(contacts.last).toMatchObject({ state: 'applied', cause: 'schedule' })
  expect(contacts.last?.summary).toMatchObject({ counts: {}, changes: [] })
})

test('a new company begins with its first sync, named as its top department', async () => {
  const { db } = borrowed
  const { sync } = contactsOf('ww1')
  await sync.tick()
  await sync.idle()
  const contacts = await loadContacts(db, 'ww1', systemClock.now())
  expect(contacts).toMatchObject({ people: 36, departments: 4, pending: null })
  expect(contacts.last?.summary?.counts).toEqual({ department_new: 4, person_new: 36 })
  expect(await db.first(sql`select name from orgs where id = ${'ww1'}`)).toEqual({ name: '销售部' })
})
