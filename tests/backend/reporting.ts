import { v4 as uuid } from 'uuid'
import { expect } from 'vitest'
import { Ingested } from '../../backend/contract/fixes.ts'
import type { StoredFix } from '../../backend/core/facts.ts'
import { sql } from '../../backend/core/sql.ts'
import { createFixes } from '../../backend/fixes/index.ts'
import { loadDuty } from '../../backend/people/index.ts'
import { giveConsent, loadConsent } from '../../backend/privacy/index.ts'
import { DATE, DUTY, MINUTE, NOW, openCompany, ORG } from './company.ts'

export const HERE = { lng: 114.02, lat: 22.53 }
export const HOUR = 60 * MINUTE

/** A fix on duty a minute ago. */
export const fix = (change: Record<string, unknown> = {}) => ({
  id: uuid(),
  at: NOW - MINUTE,
  ...HERE,
  accuracy: 12,
  ...change,
})

interface StoredRow {
  id: string
  at: number
  phoneAt: number
  lng: number
  lat: number
  rawLng: number
  datum: string
  network: string | null
}

export type Reporting = Awaited<ReturnType<typeof openReporting>>

/** The company with the fixes room behind HTTP; rep1 and rep2 consented when their duty began. */
export async function openReporting() {
  const rooms: ReturnType<typeof createFixes>[] = []
  const company = await openCompany((kit, identify) => {
    const parts = { duty: loadDuty, consent: loadConsent, identify }
    rooms.push(createFixes(kit, parts, { requestsPer10s: 100_000, fixesPerMinute: 10_000_000 }))
    return rooms
  })
  const { db } = company
  for (const person of ['rep1', 'rep2']) await giveConsent(db, ORG, person, DUTY.from)
  const told: StoredFix[] = []
  company.kit.facts.on('fixesStored', ({ people }) => {
    told.push(...people.flatMap((person) => person.fixes))
  })
  const post = async (
    body: unknown,
    who: string | null = 'rep1',
    headers: Record<string, string> = {},
  ) => {
    const auth = who ? { authorization: `Bearer ${await company.tokenOf(who)}` } : {}
    const raw = typeof body === 'string' || body instanceof Uint8Array
    const response = await fetch(`${company.url}/api/v1/fixes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...auth, ...headers },
      body: raw ? new Blob([new Uint8Array(Buffer.from(body))]) : JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }
  return {
    company,
    room: () => {
      const [room] = rooms
      if (!room) throw new Error('the room is not there')
      return room
    },
    told,
    post,
    async send(items: unknown[], more: Record<string, unknown> = {}, who = 'rep1') {
      const { status, body } = await post({ fixes: items, ...more }, who)
      expect(status, JSON.stringify(body)).toBe(200)
      return Ingested.parse(body)
    },
    rows: (person = 'rep1') =>
      db.many<StoredRow>(sql`
        select f.id, f.at, f.phone_at as "phoneAt", st_x(f.point) as lng, st_y(f.point) as lat,
          f.raw_lng as "rawLng", f.datum, f.network
        from fixes f
        where f.org_id = ${ORG} and f.person_id = ${person}
        order by f.at, f.id`),
    async version(person = 'rep1', date = DATE) {
      const day = await db.first<{ version: number }>(sql`
        select version
        from day_changes
        where org_id = ${ORG} and person_id = ${person} and date = ${date}::date`)
      return day?.version ?? 0
    },
    lastOf: (person = 'rep1') =>
      db.first<{
        at: number
        lng: number
        stillSince: number | null
        customerId: string | null
      }>(sql`
        select l.at, st_x(l.point) as lng, l.still_since as "stillSince",
          l.customer_id as "customerId"
        from last_positions l
        where l.org_id = ${ORG} and l.person_id = ${person}`),
    /** No facts, nothing told, and the clock at NOW. */
    async reset() {
      company.clock.at = NOW
      told.length = 0
      for (const table of ['fixes', 'silences', 'last_positions', 'day_changes'])
        await db.raw(`delete from ${table} where org_id = '${ORG}'`)
    },
  }
}
