import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Day, Ribbons } from '../../backend/contract/days.ts'
import type { Chore } from '../../backend/core/kit.ts'
import type { Viewer } from '../../backend/core/http/route.ts'
import { sql } from '../../backend/core/sql.ts'
import { canSeeTrack } from '../../backend/tracks/index.ts'
import { thinned } from '../../backend/tracks/thin.ts'
import {
  addCustomer,
  DATE,
  DUTY,
  MINUTE,
  NOW,
  onDuty,
  openCompany,
  ORG,
  silence,
  type Company,
} from './company.ts'
import { SHOP, story, tracksOf } from './storyDay.ts'

const WAIT = { timeout: 90_000, interval: 50 }
let company: Company
let chores: readonly Chore[] = []
let shop = ''

beforeAll(async () => {
  company = await openCompany((kit) => {
    const tracks = tracksOf(kit)
    chores = tracks.chores ?? []
    return [tracks]
  })
  shop = await addCustomer(company.db, { ...SHOP, name: '好客便利', radius: 120 })
})
afterAll(() => company.close())

const path = (person: string, date = DATE) => `/api/v1/people/${person}/days/${date}`
const dayOf = async (person: string, viewer: string, query = '') => {
  const { status, body } = await company.get(path(person) + query, viewer)
  expect(status).toBe(200)
  return Day.parse(body)
}

const looksAt = (person: string) =>
  company.db.many<{ viewer: string; what: string; date: string }>(sql`
    select viewer_id as viewer, what, date from access_log where org_id = ${ORG} and person_id = ${person}`)

describe('GET /api/v1/people/:id/days/:date', () => {
  it('refuses the signed out, the not allowed and bad input', async () => {
    expect((await company.get(path('rep1'), null)).status).toBe(401)
    for (const who of ['rep2', 'hr', 'admin', 'leadS'])
      expect((await company.get(path('rep1'), who)).status, who).toBe(403)
    expect((await company.get(path('rep1'), 'rep1', 'device')).status).toBe(403)
    expect((await company.get(path('rep1', '2026-02-30'), 'rep1')).status).toBe(422)
    expect((await company.get(`${path('rep1')}?zoom=99`, 'rep1')).status).toBe(422)
    expect((await company.get(path('nobody'), 'boss')).status).toBe(404)
    expect((await company.get(path('nobody'), 'rep1')).status).toBe(403)
  })

  it('shows stays with their customer, moves with metres, and silences with their reason', async () => {
    const fixes = story()
    await company.report('rep1', fixes)
    const quiet = { from: DUTY.from + 90 * MINUTE, to: NOW, reason: 'page_closed' as const }
    await silence(company.db, 'rep1', quiet)
    const day = await dayOf('rep1', 'leadN')
    expect(day.segments.map((segment) => segment.kind)).toEqual(['stay', 'move', 'stay', 'silent'])
    expect(day.segments[0]).toMatchObject({ customerId: shop, from: DUTY.from })
    expect(day.segments.at(-1)).toMatchObject({ reason: 'page_closed', to: NOW })
    expect(day.visits.map((visit) => visit.name)).toEqual(['好客便利'])
    expect(day.totals.movedMetres).toBeGreaterThan(2200)
    expect(day.totals.movedMetres).toBeLessThan(2700)
    expect(day).toMatchObject({ date: DATE, zone: 'Asia/Shanghai', duty: [DUTY] })
  })

  it('logs the look of somebody else, not one’s own', async () => {
    await dayOf('rep1', 'rep1')
    await dayOf('rep1', 'boss')
    expect(await looksAt('rep1')).toEqual(
      expect.arrayContaining([
        { viewer: 'leadN', what: 'day', date: DATE },
        { viewer: 'boss', what: 'day', date: DATE },
      ]),
    )
    expect((await looksAt('rep1')).map(({ viewer }) => viewer)).not.toContain('rep1')
  })

  it('leaves no look where it was refused', async () => {
    await company.get(path('rep3'), 'leadN')
    expect(await looksAt('rep3')).toEqual([])
  })

  it('answers an empty day for a date without duty', async () => {
    const { status, body } = await company.get(path('rep1', '2020-01-01'), 'leadN')
    expect(status).toBe(200)
    expect(Day.parse(body)).toMatchObject({
      segments: [],
      visits: [],
      duty: [],
      zone: 'Asia/Shanghai',
    })
  })

  it('shows a late block at once', async () => {
    const before = await dayOf('rep1', 'rep1')
    await company.report('rep1', [
      { ...SHOP, at: DUTY.from + 200 * MINUTE },
      { ...SHOP, at: DUTY.from + 210 * MINUTE },
    ])
    const after = await dayOf('rep1', 'rep1')
    expect(after.segments).not.toEqual(before.segments)
    const [row] = await company.db.many<{ version: number }>(sql`
      select version from track_days where org_id = ${ORG} and person_id = 'rep1' and date = ${DATE}::date`)
    expect(row?.version).toBe(2)
  })

  it('derives anew when the duty window changes', async () => {
    await company.db.run(sql`
      update duty_windows set to_at = to_at + interval '1 hour' where org_id = ${ORG} and person_id = 'rep1'`)
    const { duty } = await dayOf('rep1', 'rep1')
    expect(duty).toEqual([{ from: DUTY.from, to: DUTY.to + 60 * MINUTE }])
  })

  it('is the same day whatever the order, the batches and the repetitions of its fixes', async () => {
    const fixes = story()
    const seen = new Set<string>()
    const order = fc.shuffledSubarray(fixes, { minLength: fixes.length })
    for (const [seed, shuffled] of fc.sample(order, { numRuns: 5, seed: 7 }).entries()) {
      await forget('rep2')
      const half = Math.floor((shuffled.length * (seed + 1)) / 7)
      await company.report('rep2', shuffled.slice(0, half))
      await dayOf('rep2', 'rep2') // somebody looks in between
      await company.report('rep2', shuffled.slice(half))
      await company.report('rep2', shuffled.slice(0, 10))
      seen.add(JSON.stringify(await dayOf('rep2', 'rep2')))
    }
    expect(seen.size).toBe(1)
  })

  it('thins lines to the zoom and says so', async () => {
    const whole = await dayOf('rep1', 'rep1')
    const thin = await dayOf('rep1', 'rep1', '?zoom=8')
    expect(whole.simplified).toBeUndefined()
    expect(thin.simplified).toBe(true)
    expect(thin.totals).toEqual(whole.totals)
  })
})

describe('thinned', () => {
  it('never lets more than 5,000 vertices out', () => {
    const line = Array.from({ length: 20_000 }, (_, i): [number, number] => [
      114 + i * 1e-5,
      22 + (i % 7) * 1e-4,
    ])
    const empty = { movedMetres: 0, gapMetres: 0, staySeconds: 0, moveSeconds: 0, silentSeconds: 0 }
    const flags = { inaccurate: 0, jump: 0, stale: 0, mock: 0, clock: 0 }
    const base = {
      date: DATE,
      zone: 'UTC',
      algorithmVersion: 'x',
      duty: [],
      totals: empty,
      visits: [],
      flags,
    }
    const day = thinned({ ...base, segments: [{ kind: 'move', from: 0, to: 1, line }] }, undefined)
    expect(day.segments[0]?.line?.length).toBeLessThanOrEqual(5000)
    expect(day.segments[0]?.line?.at(-1)).toEqual(line.at(-1))
    expect(day.simplified).toBe(true)
  })
})

describe('ribbons', () => {
  it('refuses the signed out, everybody but supervisors, and bad dates', async () => {
    const ribbons = `/api/v1/people/days/${DATE}/ribbons`
    expect((await company.get(ribbons, null)).status).toBe(401)
    for (const who of ['rep1', 'hr', 'admin'])
      expect((await company.get(ribbons, who)).status, who).toBe(403)
    expect((await company.get('/api/v1/people/days/today/ribbons', 'boss')).status).toBe(422)
  })

  const ribbonsFor = async (who: string) =>
    Ribbons.parse((await company.get(`/api/v1/people/days/${DATE}/ribbons`, who)).body).ribbons

  it('follow the facts without anybody asking, and show my departments without lines', async () => {
    await company.db.run(sql`delete from track_days where org_id = ${ORG}`)
    await company.report('rep3', story())
    await vi.waitFor(async () => expect(await ribbonsFor('leadS')).toHaveLength(1), WAIT)
    const [ribbon] = await ribbonsFor('leadS')
    expect(ribbon?.personId).toBe('rep3')
    expect(ribbon?.segments[0]).toMatchObject({ kind: 'stay', customerId: shop })
    expect(JSON.stringify(ribbon)).not.toContain('line')
  })

  it('are made by the chore where another process took the facts in', async () => {
    await company.db.run(sql`delete from track_days where org_id = ${ORG} and person_id <> 'rep3'`)
    await chores[0]?.run()
    expect((await ribbonsFor('boss')).map((ribbon) => ribbon.personId)).toEqual(['rep3'])
    company.clock.at = NOW + 21_000
    await chores[0]?.run()
    const everybody = ['rep1', 'rep2', 'rep3']
    expect((await ribbonsFor('boss')).map((ribbon) => ribbon.personId)).toEqual(everybody)
    company.clock.at = NOW
  })

  it('grow with the clock while the day goes on, and end with it', async () => {
    company.clock.at = DUTY.to + 61 * MINUTE
    await chores[1]?.run()
    const rows = await company.db.many<{ final: boolean }>(
      sql`select final from track_days where org_id = ${ORG}`,
    )
    expect(rows.map((row) => row.final)).toEqual([true, true, true])
    company.clock.at = NOW
  })
})

describe('canSeeTrack', () => {
  const viewer = (role: Viewer['role'], departments: Viewer['departments']): Viewer => ({
    orgId: ORG,
    id: 'v',
    name: 'v',
    role,
    departments,
    session: 'browser',
    sessionHash: '',
  })
  const person = { id: 'p', departmentId: 'north' }
  it('is for oneself and for the supervisors of the person’s department', () => {
    expect(canSeeTrack(viewer('rep', []), { ...person, id: 'v' })).toBe(true)
    expect(canSeeTrack(viewer('supervisor', ['north']), person)).toBe(true)
    expect(canSeeTrack(viewer('supervisor', 'all'), person)).toBe(true)
    expect(canSeeTrack(viewer('supervisor', ['south']), person)).toBe(false)
  })
  it('is never for HR, admins, colleagues and devices', () => {
    expect(canSeeTrack(viewer('hr', 'all'), person)).toBe(false)
    expect(canSeeTrack(viewer('admin', 'all'), person)).toBe(false)
    expect(canSeeTrack(viewer('rep', ['north']), person)).toBe(false)
    expect(canSeeTrack({ ...viewer('supervisor', 'all'), session: 'device' }, person)).toBe(false)
  })
})

async function forget(personId: string) {
  for (const table of [sql`fixes`, sql`track_days`, sql`day_changes`])
    await company.db.run(
      sql`delete from ${table} where org_id = ${ORG} and person_id = ${personId}`,
    )
  await onDuty(company.db, [personId])
}
