import fc from 'fast-check'
import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Fix } from '../../backend/contract/fixes.ts'
import { sql } from '../../backend/core/sql.ts'
import { createLimit } from '../../backend/fixes/limit.ts'
import { weeksAround } from '../../backend/fixes/partitions.ts'
import { isPlainFix } from '../../backend/fixes/plainFix.ts'
import { DUTY, MINUTE, NOW, ORG, type Company } from './company.ts'
import { fix, HOUR, openReporting, type Reporting } from './reporting.ts'

let reporting: Reporting
let company: Company
const send: Reporting['send'] = (...asked) => reporting.send(...asked)
const rows: Reporting['rows'] = (...asked) => reporting.rows(...asked)
const version: Reporting['version'] = (...asked) => reporting.version(...asked)

beforeAll(async () => {
  reporting = await openReporting()
  company = reporting.company
})
afterAll(() => company.close())
beforeEach(() => reporting.reset())

describe('group commit', () => {
  it('answers each of many simultaneous requests for its own rows', async () => {
    const shared = fix()
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        send(i % 10 === 0 ? [shared, fix()] : [fix(), fix({ at: 0 })], {}, i % 2 ? 'rep1' : 'rep2'),
      ),
    )
    const sum = answers.reduce((total, { accepted }) => total + accepted, 0)
    expect(answers.reduce((total, { duplicate }) => total + duplicate, 0)).toBe(11)
    expect((await rows('rep1')).length + (await rows('rep2')).length).toBe(sum)
    expect(sum).toBe(108 + 12 + 1)
    expect(reporting.told).toHaveLength(sum)
  })

  it('gives the same rows whatever the order, the splitting and the repetition', async () => {
    const day = Array.from({ length: 60 }, (_, i) => fix({ at: NOW - i * MINUTE }))
    const expected = day.map(({ id }) => id).sort()
    const splits = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 })
    const shuffled = fc.shuffledSubarray([...day, ...day.slice(0, 20)], { minLength: 80 })
    await fc.assert(
      fc.asyncProperty(shuffled, splits, async (items, sizes) => {
        await company.db.raw(`delete from fixes where org_id = '${ORG}'`)
        const parts = []
        for (let start = 0, turn = 0; start < items.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          parts.push(items.slice(start, start + size))
          start += size
        }
        await Promise.all(parts.map((part) => send(part)))
        expect((await rows()).map(({ id }) => id).sort()).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })
})

describe('an import', () => {
  it('takes facts of any age inside of duty and consent, once, and tells nobody', async () => {
    const from = DUTY.from - 20 * 24 * HOUR
    await company.db.run(sql`
      insert into duty_windows (org_id, person_id, work_date, from_at, to_at, zone)
      values (${ORG}, 'rep2', '2026-11-03', to_timestamp(${from}::float8 / 1000), to_timestamp(${from + HOUR}::float8 / 1000), 'Asia/Shanghai')
      on conflict do nothing`)
    await company.db.run(
      sql`update consents set at = to_timestamp(${from - HOUR}::float8 / 1000) where org_id = ${ORG} and person_id = 'rep2'`,
    )
    const items = Array.from({ length: 1500 }, (_, i) => fix({ at: from + i * 2000 }))
    const day = { fixes: [...items, fix({ at: from - 1 })], silences: [] }
    const who = { orgId: ORG, personId: 'rep2' }
    expect(await reporting.room().importDay(who, day)).toMatchObject({
      accepted: 1500,
      rejected: [{ code: 'off_duty' }],
    })
    expect(await reporting.room().importDay(who, day)).toMatchObject({
      accepted: 0,
      duplicate: 1500,
    })
    expect(await version('rep2', '2026-11-03')).toBe(1)
    expect(reporting.told).toEqual([])
  })
})

describe('limits', () => {
  it('stop a session that sends too much and say when to come back', async () => {
    const limit = createLimit({ requestsPer10s: 3, fixesPerMinute: 100 })
    for (const _ of [1, 2, 3]) await limit('a', 10)
    await expect(limit('a', 1)).rejects.toMatchObject({
      code: 'too_many_requests',
      details: { retryAfterSeconds: expect.any(Number) },
    })
    await expect(limit('b', 101)).rejects.toMatchObject({ code: 'too_many_requests' })
    await limit('c', 100)
  })
})

describe('partitions', () => {
  const names = () =>
    company.db.many<{ name: string }>(sql`
      select c.relname as name
      from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'fixes'::regclass
      order by 1`)

  it('are made six weeks back and four ahead, and take what waited in the default one', async () => {
    expect(
      weeksAround(Date.parse('2027-01-02T00:00:00Z'))
        .map(({ name }) => name)
        .slice(5, 8),
    ).toEqual(['fixes_2026w52', 'fixes_2026w53', 'fixes_2027w01'])
    await send([fix()])
    expect((await names()).map(({ name }) => name)).toEqual(
      [...weeksAround(NOW).map(({ name }) => name), 'fixes_default'].sort(),
    )
    const waiting = NOW + 40 * 24 * HOUR
    await company.db.run(sql`
      insert into fixes (org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat, datum)
      values (${ORG}, 'rep1', to_timestamp(${waiting}::float8 / 1000), ${uuid()}::uuid, now(), now(), st_point(114, 22, 4326), 114, 22, 'wgs84')`)
    company.clock.at = waiting
    await reporting.room().chores?.[0]?.run()
    const left = await company.db.many(sql`select id from fixes_default where org_id = ${ORG}`)
    expect(left).toEqual([])
    expect(await rows()).toMatchObject([{ at: waiting }]) // the one of today is past its 30 days
  })

  it('are dropped when the longest retention is over, and what waits in the default one then goes, too', async () => {
    const old = NOW - 200 * 24 * HOUR
    await company.db.run(sql`
      insert into fixes (org_id, person_id, at, id, phone_at, received_at, point, raw_lng, raw_lat, datum)
      values (${ORG}, 'rep1', to_timestamp(${old}::float8 / 1000), ${uuid()}::uuid, now(), now(), st_point(114, 22, 4326), 114, 22, 'wgs84')`)
    company.clock.at = NOW + 80 * 24 * HOUR
    await reporting.room().chores?.[0]?.run()
    const left = (await names()).map(({ name }) => name)
    expect(left).not.toContain(weeksAround(NOW)[6]?.name)
    expect(left).toContain('fixes_default')
    expect(await rows()).toEqual([])
  })
})

describe('the quick way past the schema', () => {
  it('gives the schema’s own answer, or none', () => {
    const odd = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.string(),
      fc.constant(null),
      fc.constant(undefined),
      fc.boolean(),
    )
    const usual = fc.record({
      id: fc.uuid(),
      at: fc.integer({ min: 0, max: 2e12 }),
      lng: fc.double({ min: -180, max: 180, noNaN: true }),
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      datum: fc.constantFrom('wgs84', 'gcj02', 'bd09', undefined),
      speed: fc.option(fc.double({ min: 0, max: 400, noNaN: true })),
    })
    const field = fc.constantFrom(
      'id',
      'at',
      'lng',
      'lat',
      'datum',
      'accuracy',
      'speed',
      'heading',
      'altitude',
      'battery',
      'network',
      'mock',
      'source',
    )
    fc.assert(
      fc.property(usual, fc.array(fc.tuple(field, odd), { maxLength: 3 }), (item, changes) => {
        const changed = { ...item, ...Object.fromEntries(changes) }
        const { datum = 'wgs84', ...others } = changed
        if (isPlainFix(changed))
          expect(JSON.stringify(sorted({ datum, ...others }))).toBe(
            JSON.stringify(sorted(Fix.parse(changed))),
          )
      }),
      { numRuns: 3000 },
    )
    expect(isPlainFix(fix())).toBe(true)
  })
})

const sorted = (value: object) =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(),
  )
