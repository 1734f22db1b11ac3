import { expect, test } from 'vitest'
import { sql } from '../../backend/core/sql.ts'
import {
  insertDuty,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { locationEvent } from '../../fixtures/wecom-sim/callbacks/xml.ts'
import { openWholeServer } from '../support/wholeServer.ts'
import { MINUTE } from './company.ts'

const ORG = 'demo'

test('the simulator verifies the addresses of the whole server, and a position it tells is on the map', async () => {
  const now = Date.now() // the simulator's clock
  const server = await openWholeServer(ORG, now)
  const { db, simulator } = server
  await upsertOrg(db, { id: ORG, name: '测试公司', zone: 'Asia/Shanghai' })
  await upsertDepartments(db, ORG, [{ id: 'all', parentId: null, name: '全体' }])
  const rep = { departmentId: 'all', position: null, role: 'rep', leads: [] } as const
  await upsertPeople(db, ORG, [{ id: 'rep27', name: '名', ...rep, leads: [] }])
  await giveConsent(db, ORG, 'rep27', now - 60 * MINUTE)
  const window = { from: now - 60 * MINUTE, to: now + 60 * MINUTE, zone: 'Asia/Shanghai' }
  const date = new Date(now).toISOString().slice(0, 10)
  await insertDuty(db, ORG, [{ personId: 'rep27', date, ...window }])

  expect(await simulator.callbacks.save('app')).toBe(true)
  expect(await simulator.callbacks.save('contacts')).toBe(true)
  const place = { lng: 2.3522, lat: 48.8566, precision: 30 } // outside of China the datums agree
  const told = locationEvent({ from: 'rep27', at: now - MINUTE, ...place })
  expect(await simulator.callbacks.send(told)).toEqual({ delivered: true, statuses: [200] })
  await server.callbacks.settled()

  const seen = await db.many(sql`
    select person_id as "personId", round(st_x(point)::numeric, 6)::float8 as lng
    from last_positions where org_id = ${ORG}`)
  expect(seen).toEqual([{ personId: 'rep27', lng: 2.3522 }])
  await server.close()
})
