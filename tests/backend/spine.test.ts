import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Day } from '../../backend/contract/days.ts'
import { Ingested, MAX_FIXES, MAX_SILENCES } from '../../backend/contract/fixes.ts'
import { sql } from '../../backend/core/sql.ts'
import { insertCustomers } from '../../backend/customers/index.ts'
import {
  insertDuty,
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { demoCompany } from '../../fixtures/company.ts'
import { simulateDay } from '../../fixtures/day.ts'
import { randomOf, uuidOf, type Random } from '../../fixtures/random.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'

const ORG = 'demo'
const DATE = '2026-11-23'
const ZONE = 'Asia/Shanghai'
const MINUTE = 60_000
const NINE = Date.parse('2026-11-23T01:00:00Z')
const DUTY = { from: NINE, to: NINE + 9 * 60 * MINUTE }
const NOW = DUTY.to + 60 * MINUTE // the day is over
const WAYS = Array.from({ length: 20 }, (_, way) => `way${way}`)
const LAST = 'lastBlock'
const PLAIN = 'plain'
const WRONG_CLOCK = 'wrongClock'
const EVERYBODY = [...WAYS, LAST, PLAIN, WRONG_CLOCK]
const REQUESTS = 50 // of one session; more in ten seconds are refused

const company = demoCompany()
const rep = company.people.find((person) => person.moves)
const customers = company.customers.filter((each) => each.departmentId === rep?.departmentId)
const day = simulateDay({
  seed: 'spine',
  personId: 'somebody',
  date: DATE,
  window: DUTY,
  home: rep?.home ?? { lng: 114.02, lat: 22.53 },
  customers,
})

interface Batch {
  sentAt?: number
  fixes: unknown[]
  silences: unknown[]
}

let server: WholeServer
beforeAll(async () => {
  server = await openWholeServer(ORG, NOW)
  const { db } = server
  await upsertOrg(db, { id: ORG, name: '测试公司', zone: ZONE })
  await upsertDepartments(db, ORG, [{ id: 'all', parentId: null, name: '全体' }])
  const seeded = { departmentId: 'all', position: null, role: 'rep' as const, leads: [] }
  await upsertPeople(
    db,
    ORG,
    EVERYBODY.map((id) => ({ id, name: `名 ${id}`, ...seeded })),
  )
  await insertCustomers(db, ORG, customers)
  for (const id of EVERYBODY) await giveConsent(db, ORG, id, NOW - 30 * 24 * 60 * MINUTE)
  const window = { date: DATE, zone: ZONE, ...DUTY }
  const early = { ...window, from: DUTY.from - 120 * MINUTE } // over Monday 00:00 UTC
  await insertDuty(
    db,
    ORG,
    EVERYBODY.map((personId) => ({ personId, ...(personId === WRONG_CLOCK ? early : window) })),
  )
})
afterAll(() => server.close())

describe('a day is the same', () => {
  test('whatever the order, the split and the repetition of what the phone sent', async () => {
    expect(day.fixes.length).toBeGreaterThan(500)
    expect(day.fixes.length).toBeLessThan(1500)
    expect(day.silences.length).toBeGreaterThan(0)
    const answers = await Promise.all(WAYS.map((personId) => sendAnyHow(personId)))
    const stored = day.fixes.length + day.silences.length
    expect(answers).toEqual(WAYS.map(() => stored))
    const texts = await Promise.all(WAYS.map(readDay))
    expect(texts).toEqual(WAYS.map(() => texts[0]))
    expectFullDay(texts[0] ?? '')
  })

  test('when its middle comes last, after the day was looked at', async () => {
    const third = Math.floor(day.fixes.length / 3)
    const [head, middle, tail] = [
      day.fixes.slice(0, third),
      day.fixes.slice(third, 2 * third),
      day.fixes.slice(2 * third),
    ]
    const { silences } = day
    await send(PLAIN, [{ fixes: [...day.fixes], silences: [...silences] }].flatMap(atMost))
    await send(LAST, [...atMost({ fixes: tail, silences: [] }), { fixes: head, silences: [] }])
    const without = await readDay(LAST)
    await send(LAST, atMost({ fixes: middle.toReversed(), silences: [...silences] }))
    const whole = await readDay(PLAIN)
    expect(without).not.toBe(whole)
    expect(await readDay(LAST)).toBe(whole)
  })
})

test('a phone ten minutes wrong that sends a batch again, its offset measured anew, is stored once', async () => {
  const monday = Date.parse('2026-11-23T00:00:00Z') // where one table of fixes ends and the next begins
  const wrong = 10 * MINUTE
  const near = [-2000, -1000, -5, -1, 0, 1, 5, 1000, 2000].map((ms) => monday + ms)
  const fixes = [...near, ...day.fixes.slice(0, 100).map(({ at }) => at)].map((at) => ({
    id: uuidOf('wrong clock', at),
    at: at - wrong,
    lng: 114.02,
    lat: 22.53,
  }))
  const silences = day.silences.map((silence) => ({
    ...silence,
    from: silence.from - wrong,
    to: silence.to - wrong,
  }))
  const sent = (jitter: number) => ({ sentAt: NOW - wrong + jitter, fixes, silences })
  const all = fixes.length + silences.length
  const [first] = await send(WRONG_CLOCK, [sent(0)])
  expect(first).toEqual({ accepted: all, duplicate: 0, rejected: [] })
  for (const jitter of [3, -4, 40, -37])
    expect(await send(WRONG_CLOCK, [sent(jitter)])).toEqual([
      { accepted: 0, duplicate: all, rejected: [] },
    ])
  expect(await countOf('fixes')).toBe(fixes.length)
  expect(await countOf('silences')).toBe(silences.length)
  const { flags } = Day.parse(JSON.parse(await readDay(WRONG_CLOCK)))
  expect(flags.clock).toBe(fixes.length)
})

/** Sends the day in a way of chance, some of it again, with items that may not be kept. Answers how many items were accepted. */
async function sendAnyHow(personId: string): Promise<number> {
  const random = randomOf('spine', personId)
  const once = splitAnyHow(random)
  const again = once.filter(() => random.chance(0.3))
  const batches = random.shuffled([...once, ...again]).map((batch) => spoilt(batch, random))
  const answers = await send(personId, batches)
  batches.forEach((batch, index) => {
    const answer = answers[index]
    const bad = batch.fixes.length - kept(batch)
    expect(answer?.rejected.length).toBe(bad)
    expect((answer?.accepted ?? 0) + (answer?.duplicate ?? 0) + bad).toBe(
      batch.fixes.length + batch.silences.length,
    )
  })
  return answers.reduce((sum, { accepted }) => sum + accepted, 0)
}

/** From one item a request to as many as are allowed, small ones and big ones mixed. */
function splitAnyHow(random: Random): Batch[] {
  const largest = random.pick([50, 200, 500, MAX_FIXES])
  const fixes = random.chance(0.8) ? random.shuffled(day.fixes) : day.fixes.toReversed()
  const batches: Batch[] = []
  for (let from = 0; from < fixes.length;) {
    const to = from + random.whole(1, random.chance(0.5) ? 3 : largest)
    batches.push({ fixes: fixes.slice(from, to), silences: [] })
    from = to
  }
  for (const silence of day.silences) random.pick(batches).silences.push(silence)
  return batches
}

const STRANGERS = [
  { id: uuidOf('before duty'), at: DUTY.from - 1, lng: 114, lat: 22.5 },
  { id: uuidOf('after duty'), at: DUTY.to, lng: 114, lat: 22.5 },
  { id: uuidOf('off the globe'), at: DUTY.from + 1, lng: 114, lat: 95 },
  { id: 'no uuid', at: DUTY.from + 1, lng: 114, lat: 22.5 },
]

const kept = (batch: Batch) =>
  batch.fixes.filter((fix) => !STRANGERS.some((each) => each === fix)).length

/** Sometimes with one item that is refused; from a phone whose clock is less than a minute wrong, or that does not say. */
function spoilt({ fixes, silences }: Batch, random: Random): Batch {
  const room = fixes.length < MAX_FIXES && random.chance(0.3)
  const items = room ? random.shuffled([...fixes, random.pick(STRANGERS)]) : fixes
  const sentAt = random.chance(0.8) ? { sentAt: NOW + random.whole(-59_999, 59_999) } : {}
  return { ...sentAt, fixes: items, silences }
}

function atMost(batch: Batch): Batch[] {
  expect(batch.silences.length).toBeLessThan(MAX_SILENCES)
  const count = Math.max(1, Math.ceil(batch.fixes.length / MAX_FIXES))
  return Array.from({ length: count }, (_, part) => ({
    ...batch,
    fixes: batch.fixes.slice(part * MAX_FIXES, (part + 1) * MAX_FIXES),
    silences: part === 0 ? batch.silences : [],
  }))
}

/** Posts batches over three connections at a time, in order of their start, each answered with 200. */
async function send(personId: string, batches: readonly Batch[]): Promise<Ingested[]> {
  const answers: Ingested[] = []
  let next = 0
  const connection = async () => {
    for (let index = next++; index < batches.length; index = next++)
      answers[index] = await post(await tokenOf(personId, index), batches[index])
  }
  await Promise.all([connection(), connection(), connection()])
  return answers
}

async function post(token: string, batch: Batch | undefined): Promise<Ingested> {
  const response = await fetch(`${server.url}/api/v1/fixes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(batch),
  })
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return Ingested.parse(JSON.parse(text))
}

const tokens = new Map<string, Promise<string>>()

/** A person signs in anew before one session has sent too much. */
function tokenOf(personId: string, request = 0): Promise<string> {
  const key = `${personId} ${Math.floor(request / REQUESTS)}`
  const known =
    tokens.get(key) ?? openSession(server.db, { orgId: ORG, personId, kind: 'token' }, NOW)
  tokens.set(key, known)
  return known
}

async function readDay(personId: string): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/people/${personId}/days/${DATE}`, {
    headers: { authorization: `Bearer ${await tokenOf(personId)}` },
  })
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return text
}

function expectFullDay(text: string) {
  const { duty, segments, totals, visits } = Day.parse(JSON.parse(text))
  expect(duty).toEqual([DUTY])
  expect(segments[0]?.from).toBe(DUTY.from)
  expect(segments.at(-1)?.to).toBe(DUTY.to)
  expect(segments.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['stay', 'move']))
  expect(totals.movedMetres).toBeGreaterThan(1000)
  expect(visits.length).toBeGreaterThan(0)
}

async function countOf(table: 'fixes' | 'silences'): Promise<number | undefined> {
  const counted = await server.db.first<{ count: number }>(
    table === 'fixes'
      ? sql`select count(*) from fixes where org_id = ${ORG} and person_id = ${WRONG_CLOCK}`
      : sql`select count(*) from silences where org_id = ${ORG} and person_id = ${WRONG_CLOCK}`,
  )
  return counted?.count
}
