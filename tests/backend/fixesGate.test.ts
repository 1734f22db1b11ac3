import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../../backend/core/sql.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { addCustomer, DUTY, MINUTE, NOW, ORG, type Company } from './company.ts'
import { fix, HERE, HOUR, openReporting, type Reporting } from './reporting.ts'

let reporting: Reporting
let company: Company
const send: Reporting['send'] = (...asked) => reporting.send(...asked)
const rows: Reporting['rows'] = (...asked) => reporting.rows(...asked)
const version: Reporting['version'] = (...asked) => reporting.version(...asked)
const lastOf: Reporting['lastOf'] = (...asked) => reporting.lastOf(...asked)

beforeAll(async () => {
  reporting = await openReporting()
  company = reporting.company
})
afterAll(() => company.close())
beforeEach(() => reporting.reset())

describe('duty and consent', () => {
  it('leave no row, no news and no position of somebody off duty', async () => {
    company.clock.at = DUTY.to + HOUR
    const answer = await send([fix({ at: DUTY.to }), fix({ at: DUTY.to - 1 })])
    expect(answer).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'off_duty' }] })
    expect(await rows()).toHaveLength(1)
    expect(reporting.told.map(({ at }) => at)).toEqual([DUTY.to - 1])
    expect(await lastOf()).toMatchObject({ at: DUTY.to - 1 })
  })

  it('refuse people who never consented, or who are nobody’s reps', async () => {
    for (const who of ['rep3', 'hr', 'boss'])
      expect((await send([fix()], {}, who)).rejected, who).toMatchObject([{ code: 'no_consent' }])
    expect(reporting.told).toEqual([])
  })

  it('are asked anew as soon as consent is withdrawn', async () => {
    await giveConsent(company.db, ORG, 'rep3', DUTY.from)
    company.kit.facts.publish('personChanged', { orgId: ORG, personId: 'rep3' })
    expect((await send([fix()], {}, 'rep3')).accepted).toBe(1)
    await company.db.run(sql`delete from consents where org_id = ${ORG} and person_id = 'rep3'`)
    company.kit.facts.publish('personChanged', { orgId: ORG, personId: 'rep3' })
    expect((await send([fix()], {}, 'rep3')).rejected).toMatchObject([{ code: 'no_consent' }])
  })
})

describe('silences', () => {
  const silence = (change = {}) => ({
    id: uuid(),
    from: NOW - HOUR,
    to: NOW - MINUTE,
    reason: 'gps_off',
    ...change,
  })

  it('are stored once, follow the fixes in the answer and count up the day', async () => {
    const silences = [
      silence(),
      silence({ to: NOW - 2 * HOUR }),
      silence({ from: DUTY.from - 5 * HOUR, to: DUTY.from - 4 * HOUR }),
    ]
    const answer = await send([fix({ at: 0 }), fix()], { silences })
    expect(answer.accepted).toBe(2)
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual([
      [0, 'too_old'],
      [3, 'bad_item'],
      [4, 'no_consent'],
    ])
    expect(await send([], { silences: silences.slice(0, 1) })).toMatchObject({
      accepted: 0,
      duplicate: 1,
    })
    expect(await version()).toBe(2)
  })

  it('with an unknown reason are kept as unknown', async () => {
    await send([], { silences: [silence({ reason: 'aliens' })] })
    const stored = await company.db.many<{ reason: string }>(
      sql`select reason from silences where org_id = ${ORG}`,
    )
    expect(stored).toEqual([{ reason: 'unknown' }])
  })
})

describe('what others are told', () => {
  it('is the newest position, never an older one', async () => {
    await send([fix({ at: NOW - MINUTE, lng: 114.05 })])
    await send([fix({ at: NOW - 10 * MINUTE })])
    expect(await lastOf()).toMatchObject({ at: NOW - MINUTE, lng: 114.05 })
  })

  it('says since when somebody is still, and at which customer', async () => {
    const shop = await addCustomer(company.db, { ...HERE, name: '店', radius: 80 })
    const still = Array.from({ length: 20 }, (_, i) =>
      fix({ at: NOW - (20 - i) * 30_000, lng: HERE.lng + (i % 3) * 0.00003 }),
    )
    await send(still.slice(0, 8), {}, 'rep2')
    await send(still.slice(8), {}, 'rep2')
    expect(await lastOf('rep2')).toMatchObject({ stillSince: NOW - 20 * 30_000, customerId: shop })
    const walking = Array.from({ length: 10 }, (_, i) =>
      fix({ at: NOW + i * 10_000, lng: HERE.lng + i * 0.001 }),
    )
    company.clock.at = NOW + 2 * MINUTE
    await send(walking, {}, 'rep2')
    expect(await lastOf('rep2')).toMatchObject({ stillSince: null, customerId: null })
  })
})
