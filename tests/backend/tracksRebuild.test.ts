import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sql } from '../../backend/core/sql.ts'
import type { DayKey } from '../../backend/tracks/queries.ts'
import { createDayReader } from '../../backend/tracks/readDay.ts'
import { createRebuilder } from '../../backend/tracks/rebuild.ts'
import { DATE, openCompany, ORG, silence, DUTY, MINUTE, type Company } from './company.ts'
import { story, tracksOf } from './storyDay.ts'

const WAIT = { timeout: 90_000, interval: 50 }
let company: Company

beforeAll(async () => {
  company = await openCompany(() => [])
})
afterAll(() => company.close())

/** Reads that end when they are let go. */
function heldReader() {
  const days = createDayReader(company.kit)
  const asked: DayKey[] = []
  const held: (() => void)[] = []
  return {
    asked,
    letGo: () => held.splice(0).forEach((go) => go()),
    async read(key: DayKey, zone: string) {
      const day = await days.read(key, zone)
      const go = new Promise<void>((resolve) => held.push(resolve))
      asked.push(key)
      await go
      return day
    },
  }
}

test('a person who reports again and again is rebuilt once, and once more for what came meanwhile', async () => {
  const days = heldReader()
  const rebuilder = createRebuilder(company.kit, days)
  const fixes = story()
  for (let i = 0; i < 20; i++) await company.report('rep1', fixes.slice(i, i + 1))
  await vi.waitFor(() => expect(days.asked).toHaveLength(1), WAIT)
  for (let i = 20; i < 40; i++) await company.report('rep1', fixes.slice(i, i + 1))
  expect(days.asked).toHaveLength(1)
  days.letGo()
  await vi.waitFor(() => expect(days.asked).toHaveLength(2), WAIT)
  days.letGo()
  const changes = await company.db.first<{ version: number }>(sql`
    select version from day_changes where org_id = ${ORG} and person_id = 'rep1' and date = ${DATE}::date`)
  await vi.waitFor(async () => expect(await storedVersion('rep1')).toBe(changes?.version), WAIT)
  expect(days.asked).toHaveLength(2)
  await rebuilder.close()
})

test('a silence makes the day anew, too', async () => {
  const tracks = tracksOf(company.kit)
  await silence(company.db, 'rep1', { from: DUTY.from + 100 * MINUTE, to: DUTY.from + 200 * MINUTE, reason: 'gps_off' }) // prettier-ignore
  await company.db.run(sql`
    update day_changes set version = version + 1 where org_id = ${ORG} and person_id = 'rep1'`)
  company.kit.facts.publish('silencesStored', { orgId: ORG, personIds: ['rep1'] })
  await vi.waitFor(async () => expect(await storedVersion('rep1')).toBe(41), WAIT)
  await tracks.close?.()
})

test('closing ends the work, however much waits', async () => {
  const days = heldReader()
  const rebuilder = createRebuilder(company.kit, days)
  await company.report('rep2', story())
  await company.report('rep3', story())
  await vi.waitFor(() => expect(days.asked).toHaveLength(1), WAIT)
  const closed = rebuilder.close()
  days.letGo()
  await closed
  await company.report('rep1', story())
  expect(days.asked).toHaveLength(1)
})

const storedVersion = async (personId: string) => {
  const row = await company.db.first<{ version: number }>(sql`
    select version from track_days
    where org_id = ${ORG} and person_id = ${personId} and date = ${DATE}::date`)
  return row?.version
}
