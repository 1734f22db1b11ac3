import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf, sumOf } from '../../backend/cli/rebuild.ts'
import { sql } from '../../backend/core/sql.ts'
import { lockDays, rebuildDays, type RebuiltDay } from '../../backend/tracks/index.ts'
import { DATE, DUTY, openCompany, ORG, type Company } from './company.ts'
import { SHOP, story, tracksOf } from './storyDay.ts'

const TOMORROW = DUTY.from + 86_400_000
const range = { orgId: ORG, from: '2026-11-20', to: '2026-11-24' }
let company: Company

beforeAll(async () => {
  company = await openCompany((kit) => [tracksOf(kit)])
  company.clock.at = TOMORROW
  for (const personId of ['rep1', 'rep2']) {
    await company.report(personId, story())
    await company.get(`/api/v1/people/${personId}/days/${DATE}`, personId)
  }
})
afterAll(() => company.close())

async function rebuild(more: { dryRun?: boolean; personIds?: string[] } = {}) {
  const days: RebuiltDay[] = []
  const tell = (day: RebuiltDay) => days.push(day)
  const how = { now: TOMORROW, dryRun: more.dryRun ?? false, tell }
  await rebuildDays(company.db, { ...range, personIds: more.personIds }, how)
  return days
}
const outcomes = (days: RebuiltDay[]) => days.map(({ personId, outcome }) => [personId, outcome])
const withOldAlgorithm = (personId: string) =>
  company.db.run(sql`
    update track_days
    set algorithm_version = '0', day = jsonb_set(jsonb_set(day, '{algorithmVersion}', '"0"'),
      '{totals,movedMetres}', '99')
    where org_id = ${ORG} and person_id = ${personId} and date = ${DATE}::date`)

test('tells what differs by day, and writes it unless it is a dry run', async () => {
  await withOldAlgorithm('rep1')
  const dry = await rebuild({ dryRun: true })
  expect(outcomes(dry)).toEqual([
    ['rep1', 'changed'],
    ['rep2', 'same'],
    ['rep3', 'changed'], // on duty, never looked at
  ])
  expect(dry[0]?.before).toMatchObject({ algorithmVersion: '0', movedMetres: 99, segments: 4 })
  expect(dry[2]).toMatchObject({ before: null, after: { segments: 1, movedMetres: 0, visits: 0 } })
  expect(await rebuild()).toEqual(dry)
  expect(outcomes(await rebuild())).toEqual([
    ['rep1', 'same'],
    ['rep2', 'same'],
    ['rep3', 'same'],
  ])
})

test('leaves locked days as they are and says so', async () => {
  await lockDays(company.db, { ...range, to: DATE, personIds: ['rep2'] }, TOMORROW)
  await withOldAlgorithm('rep2')
  await company.report('rep2', [{ ...SHOP, at: DUTY.from + 3 * 3_600_000 }])
  const [day] = await rebuild({ personIds: ['rep2'] })
  expect(day).toMatchObject({ date: '2026-11-20', outcome: 'locked' })
  const all = await rebuild({ personIds: ['rep2'] })
  expect(all.map(({ outcome }) => outcome)).toEqual(['locked', 'locked', 'locked', 'locked'])
  expect(all.at(-1)?.after.movedMetres).toBe(99)
})

test('refuses what is no range', async () => {
  const how = { now: TOMORROW, dryRun: true, tell: () => undefined }
  for (const wrong of [{ from: 'x' }, { to: '2026-11-19' }, { from: '2020-01-01' }])
    await expect(rebuildDays(company.db, { ...range, ...wrong }, how)).rejects.toMatchObject({
      code: 'bad_input',
    })
})

test('the lines and the sum of the command', () => {
  const figures = { algorithmVersion: '2', segments: 13, movedMetres: 10_187, visits: 3 }
  const changed: RebuiltDay = {
    personId: 'rep01',
    date: DATE,
    outcome: 'changed',
    before: { ...figures, algorithmVersion: '1', segments: 12, movedMetres: 10_234 },
    after: figures,
  }
  const fresh: RebuiltDay = { ...changed, before: null }
  const locked: RebuiltDay = { ...changed, outcome: 'locked', before: figures }
  expect(lineOf(changed)).toBe('2026-11-23  rep01  segments 12 → 13  metres 10234 → 10187  visits 3 → 3  algorithm 1 → 2') // prettier-ignore
  expect(lineOf(fresh)).toContain('segments none → 13')
  expect(lineOf(locked)).toBe('2026-11-23  rep01  locked, left as it is')
  expect(sumOf([changed, locked], true)).toBe('2 days: 1 changed, 0 the same, 1 locked  metres 20421 → 20374  visits 6 → 6  (dry run: nothing was written)') // prettier-ignore
})
