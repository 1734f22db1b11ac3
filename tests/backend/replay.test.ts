import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLive } from '../../backend/live/index.ts'
import { Day } from '../../backend/contract/days.ts'
import { Replay } from '../../backend/contract/replay.ts'
import { sql } from '../../backend/core/sql.ts'
import { playedOf } from '../../h5/replay/played.ts'
import { instantOf } from '../../h5/replay/instant.ts'
import { addCustomer, DATE, MINUTE, openCompany, ORG, type Company } from './company.ts'
import { SHOP, story, tracksOf } from './storyDay.ts'

let company: Company
const replay = async (viewer: string | null, query = `?date=${DATE}`) =>
  company.get(`/api/v1/replay${query}`, viewer)

beforeAll(async () => {
  company = await openCompany((kit, identify) => [tracksOf(kit), createLive(kit, { identify })])
  await addCustomer(company.db, { ...SHOP, name: '好客便利', radius: 120 })
  for (const person of ['rep1', 'rep3']) {
    await company.report(person, story())
    await company.get(`/api/v1/people/${person}/days/${DATE}`, person)
  }
})
afterAll(() => company.close())

const STATES = { stay: 'still', inferred_stay: 'still', move: 'moving', silent: 'silent' } as const

describe('GET /api/v1/replay', () => {
  it('says at any instant what the day says', async () => {
    const { status, body } = await replay('boss')
    expect(status, JSON.stringify(body)).toBe(200)
    const answer = Replay.parse(body)
    expect(answer.tracks.map(({ personId }) => personId)).toEqual(['rep1', 'rep2', 'rep3'])
    const day = Day.parse((await company.get(`/api/v1/people/rep1/days/${DATE}`, 'rep1')).body)
    const track = answer.tracks.find(({ personId }) => personId === 'rep1')
    if (!track) throw new Error('no track')
    const played = playedOf(track)
    for (let at = answer.from; at < answer.to; at += MINUTE) {
      const piece = day.segments.find(({ from, to }) => at >= from && at < to)
      const state = piece?.customerId === undefined ? STATES[piece?.kind ?? 'silent'] : 'at_customer' // prettier-ignore
      expect(instantOf(played, at).state, new Date(at).toISOString()).toBe(state)
    }
    expect(played.points.length).toBeGreaterThan(2)
    expect(JSON.stringify(track).length * 200).toBeLessThan(10_000_000)
  })

  it('shows a supervisor his own people, or one of them, and puts the look on record', async () => {
    const own = Replay.parse((await replay('leadN')).body)
    expect(own.tracks.map(({ personId }) => personId)).toEqual(['rep1', 'rep2'])
    const one = Replay.parse((await replay('boss', `?date=${DATE}&personId=rep3`)).body)
    expect(one.tracks.map(({ personId }) => personId)).toEqual(['rep3'])
    expect(Replay.parse((await replay('leadN', `?date=${DATE}&personId=rep3`)).body).tracks).toEqual([]) // prettier-ignore
    const looks = await company.db.many(sql`
      select 1 from access_log a
      where a.org_id = ${ORG} and a.person_id = 'rep1' and a.viewer_id = 'leadN' and a.what = 'replay'`)
    expect(looks).toHaveLength(1)
  })

  it('of a day without tracks is empty', async () => {
    expect(Replay.parse((await replay('boss', '?date=2026-01-01')).body).tracks).toEqual([])
  })

  it('refuses the signed out, the not allowed and bad input', async () => {
    expect((await replay(null)).status).toBe(401)
    for (const who of ['rep1', 'hr', 'admin']) expect((await replay(who)).status, who).toBe(403)
    const { status, body } = await replay('boss', '?date=yesterday')
    expect(status).toBe(422)
    expect(JSON.stringify(body)).toContain('date')
  })
})
