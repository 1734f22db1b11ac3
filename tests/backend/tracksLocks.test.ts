import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Day } from '../../backend/contract/days.ts'
import type { Chore } from '../../backend/core/kit.ts'
import { sql } from '../../backend/core/sql.ts'
import { lockDays, unlockDays } from '../../backend/tracks/index.ts'
import { DATE, DUTY, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'
import { forgetDays, SHOP, story, tracksOf } from './storyDay.ts'

const TOMORROW = NOW + 86_400_000
const range = { orgId: ORG, from: DATE, to: DATE }
let company: Company
let chores: readonly Chore[] = []

beforeAll(async () => {
  company = await openCompany((kit) => {
    const tracks = tracksOf(kit)
    chores = tracks.chores ?? []
    return [tracks]
  })
})
beforeEach(async () => {
  await forgetDays(company.db)
  company.clock.at = TOMORROW
  await company.report('rep1', story())
})
afterAll(() => company.close())

const dayOf = async (person: string, date = DATE) =>
  Day.parse((await company.get(`/api/v1/people/${person}/days/${date}`, person)).body)
const lateFixes = () => [
  { ...SHOP, at: DUTY.from + 200 * MINUTE },
  { ...SHOP, at: DUTY.from + 210 * MINUTE },
]
const algorithm = (version: string) =>
  company.db.run(sql`update track_days set algorithm_version = ${version} where org_id = ${ORG}`)

test('a locked day stays as it is: late fixes, another algorithm, another duty, chores', async () => {
  const before = await dayOf('rep1')
  expect(await lockDays(company.db, range, TOMORROW)).toBe(8) // everybody of the company
  const locked = { ...before, locked: true }
  expect(await dayOf('rep1')).toEqual(locked)
  await company.report('rep1', lateFixes())
  expect(await dayOf('rep1')).toEqual(locked)
  await algorithm('an older one')
  await company.db.run(sql`
    update duty_windows set to_at = to_at + interval '1 hour' where org_id = ${ORG} and person_id = 'rep1'`)
  company.clock.at = TOMORROW + 3_600_000
  for (const chore of chores) await chore.run()
  expect(await dayOf('rep1')).toEqual(locked)
  await company.db.run(sql`
    update duty_windows set to_at = to_at - interval '1 hour' where org_id = ${ORG} and person_id = 'rep1'`)
})

test('a locked day takes no edit, but knows those it has', async () => {
  const edit = { id: uuid(), kind: 'dispute', at: DUTY.from + MINUTE, note: '不在这里' }
  const send = (what: object) =>
    company.post(`/api/v1/people/rep1/days/${DATE}/edits`, 'rep1', what)
  expect((await send(edit)).status).toBe(200)
  await lockDays(company.db, range, TOMORROW)
  const refused = await send({ ...edit, id: uuid() })
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'day_locked' } } })
  const again = await send(edit)
  expect(again.status).toBe(200)
  expect(Day.parse(again.body)).toMatchObject({ locked: true, edits: [{ id: edit.id }] })
})

test('an unlocked day is what its facts say, late ones included', async () => {
  await lockDays(company.db, range, TOMORROW)
  await company.report('rep1', lateFixes())
  expect((await dayOf('rep1')).segments).toHaveLength(4)
  expect(await unlockDays(company.db, { ...range, personIds: ['rep1'] })).toBe(1)
  const day = await dayOf('rep1')
  expect(day.locked).toBeUndefined()
  expect(day.segments.length).toBeGreaterThan(4)
  expect((await dayOf('rep2')).locked).toBe(true)
})

test('locking takes the newest facts, and again changes nothing', async () => {
  await dayOf('rep1')
  await company.report('rep1', lateFixes())
  const wanted = { ...range, from: '2026-11-16', personIds: ['rep1', 'nobody'] }
  expect(await lockDays(company.db, wanted, TOMORROW)).toBe(8)
  expect(await lockDays(company.db, wanted, TOMORROW + 1)).toBe(0)
  expect((await dayOf('rep1')).segments.length).toBeGreaterThan(4)
  expect(await dayOf('rep1', '2026-11-16')).toMatchObject({ locked: true, segments: [], duty: [] })
  expect((await dayOf('rep2')).locked).toBeUndefined()
})

test('locks what facts and edits that come in meanwhile leave behind', async () => {
  const edits = Array.from({ length: 6 }, (_, i) => ({
    id: uuid(),
    kind: 'dispute',
    at: DUTY.from + i * MINUTE,
    note: '不对',
  }))
  const replies = edits.map((edit) =>
    company.post(`/api/v1/people/rep1/days/${DATE}/edits`, 'rep1', edit),
  )
  await lockDays(company.db, { ...range, personIds: ['rep1'] }, TOMORROW)
  const kept = (await Promise.all(replies)).filter(({ status }) => status === 200)
  const { edits: known = [], locked } = await dayOf('rep1')
  expect(locked).toBe(true)
  expect(known).toHaveLength(kept.length) // who was told yes is in it, who was told no is not
})

test('days that are not over, and nonsense, are refused', async () => {
  const attempt = (more: object, now = TOMORROW) => lockDays(company.db, { ...range, ...more }, now)
  await expect(attempt({}, NOW)).rejects.toMatchObject({ code: 'conflict' })
  await expect(attempt({ to: '2026-11-24' })).rejects.toMatchObject({ code: 'conflict' })
  await expect(attempt({ to: '2026-11-22' })).rejects.toMatchObject({ code: 'bad_input' })
  await expect(attempt({ from: '2020-01-01' })).rejects.toMatchObject({ code: 'bad_input' })
  await expect(attempt({ from: 'x' })).rejects.toMatchObject({ code: 'bad_input' })
  await expect(unlockDays(company.db, { ...range, to: 'x' })).rejects.toMatchObject({ code: 'bad_input' }) // prettier-ignore
  expect((await dayOf('rep1')).locked).toBeUndefined()
})
