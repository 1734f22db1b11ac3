import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../../backend/core/log.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { sql } from '../../backend/core/sql.ts'
import { createAttempts } from '../../backend/fixes/attempts.ts'
import { createFixes } from '../../backend/fixes/index.ts'
import { ALL_NEW } from '../../backend/fixes/store.ts'
import type { Entry } from '../../backend/fixes/writer.ts'
import { loadDuty } from '../../backend/people/index.ts'
import { loadConsent } from '../../backend/privacy/index.ts'
import { NOW, ORG, type Company } from './company.ts'
import { fix, openReporting, type Reporting } from './reporting.ts'

const log = createLog('silent')
const entry = (personId: string, ids: string[] = [randomUUID()]): Entry => ({
  orgId: ORG,
  personId,
  device: undefined,
  fixes: ids.map((id) => ({
    id,
    at: NOW,
    phoneAt: undefined,
    lng: 114,
    lat: 22.5,
    raw: undefined,
    datum: 'wgs84',
    accuracy: 10,
    speed: undefined,
    heading: undefined,
    altitude: undefined,
    battery: undefined,
    network: undefined,
    mock: undefined,
    source: undefined,
    date: '2026-11-23',
  })),
  silences: [],
  past: false,
})
const failure = (code: string) => Object.assign(new Error('the database says no'), { code })

describe('when the database refuses a group', () => {
  it.each(['40001', '40P01', '55P03', '57P01', '08006', '23505', 'ECONNRESET'])(
    '%s is tried again, together',
    async (code) => {
      let calls = 0
      const store = createAttempts(async (entries) => {
        if (++calls < 3) throw failure(code)
        return entries.map(() => ALL_NEW)
      }, log)
      const settled = await store([entry('a'), entry('b')])
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
      expect(calls).toBe(3)
    },
  )

  it('one bad request never costs the others, and one bad row never costs its request', async () => {
    const bad = randomUUID()
    const store = createAttempts(async (entries) => {
      if (entries.some(({ fixes }) => fixes.some(({ id }) => id === bad))) throw failure('22P05')
      return entries.map(() => ALL_NEW)
    }, log)
    const [first, second, third] = await store([
      entry('a'),
      entry('b', [randomUUID(), bad, randomUUID()]),
      entry('c'),
    ])
    expect([first, third]).toMatchObject([{ value: ALL_NEW }, { value: ALL_NEW }])
    expect(second).toMatchObject({ value: { known: new Set(), refused: new Set([bad]) } })
  })

  it('what stays broken is an error for each, not an acknowledgement', async () => {
    const store = createAttempts(async () => {
      throw failure('42P01')
    }, log)
    const settled = await store([entry('a'), entry('b')])
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})

describe('two processes on one database', () => {
  let reporting: Reporting
  let company: Company
  beforeAll(async () => {
    reporting = await openReporting()
    company = reporting.company
  })
  beforeEach(() => reporting.reset())
  afterAll(() => company.close())

  it('store an id once that both get in the same moment', async () => {
    const other = createFixes(
      { ...company.kit, metrics: createMetrics() },
      { duty: loadDuty, consent: loadConsent, identify: company.identity.identify },
    )
    const who = { orgId: ORG, personId: 'rep1' }
    for (let round = 0; round < 10; round++) {
      const batch = { fixes: [fix(), fix(), fix()] }
      const answers = await Promise.all([
        reporting.room().ingest(who, batch),
        other.ingest(who, batch),
      ])
      expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(3)
      expect(answers.reduce((sum, { duplicate }) => sum + duplicate, 0)).toBe(3)
    }
    const rows = await company.db.many(sql`select id from fixes where org_id = ${ORG}`)
    expect(rows).toHaveLength(30)
    await other.close?.()
  })
})
