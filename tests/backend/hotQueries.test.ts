import { afterAll, beforeAll, expect, test } from 'vitest'
import { listDerivedSince } from '../../backend/tracks/index.ts'
import { listSaidSince, listUnsettled } from '../../backend/visits/queries.ts'
import { openSession } from '../../backend/people/index.ts'
import { explaining, type Walk } from '../support/plans.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'
import { BIG, NOW, ORG, PEOPLE, seedMonths, TODAY } from './hotSeed.ts'

/**
 * What is asked often never walks through a whole table that grows with people and days, and reads about
 * as many rows as it shows. The plans are those of the statements that the server sends, on a database
 * with five months of eight companies.
 */
const walks: Walk[] = []
let server: WholeServer
const tokens = new Map<string, string>()
beforeAll(async () => {
  server = await openWholeServer(ORG, NOW, {
    answersOnly: true,

    through: (db) => explaining(db, walks),
  })
  await seedMonths(server.db)
  for (const personId of ['p0', 'p1', 'p3'])
    tokens.set(personId, await openSession(server.db, { orgId: ORG, personId, kind: 'token' }, NOW))
})
afterAll(() => server.close())

/** What is empty may be looked through: a partition of a week without fixes, and the one for fixes of no week. */
const isEmpty = ({ rows, statement }: Walk) =>
  rows === 0 && (/^\s*(select|with)\b/i.test(statement) || statement.includes('fixes_default'))

/** Of those walks the ones through a whole big table, and those that read more than `most` rows of one. */
const tooFar = (most: number) =>
  walks
    .filter(({ table }) => BIG.has(table))
    .filter((walk) => !isEmpty(walk))
    .filter(
      ({ table, node, rows }) => node === 'Seq Scan' || rows > (table === 'fixes' ? FIXES : most),
    )
    .map(({ table, node, rows, statement }) => `${node} ${table} ${rows}: ${statement}`)

const HOUR = 3_600_000
const FIXES = 400 // of a day
const MONTH = 31 * PEOPLE

/** What is asked, by whom, and how many rows of one table it may read: a person's day, the team's day, its month. */
const HOT: readonly (readonly [string, string, number])[] = [
  ['p0', `/api/v1/people/p7/days/${TODAY}`, 400],
  ['p0', `/api/v1/people/p7/days/${TODAY}/track.gpx?raw=1`, 200],
  ['p0', '/api/v1/people', 2 * PEOPLE],
  ['p0', `/api/v1/people/days/${TODAY}/ribbons`, 2 * PEOPLE],
  ['p0', `/api/v1/team/days?date=${TODAY}`, 5 * PEOPLE],
  ['p0', `/api/v1/replay?date=${TODAY}&personId=p7`, 200],
  ['p3', '/api/v1/customers/nearby?lng=121.4&lat=31.2', 200],
  ['p0', '/api/v1/customers?limit=50', 200],
  ['p0', '/api/v1/customers?q=c17&limit=50', 200],
  ['p3', `/api/v1/checkins?from=${TODAY}&to=${TODAY}`, 10],
  ['p0', '/api/v1/checkins/queue', 45 * PEOPLE], // what waits is told by words that came later, so the weeks it may wait are looked at
  ['p1', '/api/v1/attendance/months/2026-11', MONTH],
  ['p3', '/api/v1/attendance/months/2026-11/mine', 2 * 31],
  ['p0', '/api/v1/alerts', 2 * PEOPLE],
  ['p0', `/api/v1/visits?from=${TODAY}&to=${TODAY}`, 3 * PEOPLE],
  ['p3', '/api/v1/access-log/me', 200],
  ['p3', '/api/v1/messages', 200],
  ['p3', `/api/v1/plans?from=${TODAY}&to=${TODAY}`, 10],
]

test.for(HOT)('%s asks %s: no walk through a whole table', async ([personId, path, most]) => {
  walks.length = 0
  const headers = { authorization: `Bearer ${tokens.get(personId)}` }
  const response = await fetch(server.url + path, { headers })
  expect([response.status, await response.text()][0]).toBe(200)
  expect(walks.some(({ table }) => BIG.has(table))).toBe(true)
  expect(tooFar(most)).toEqual([])
})

test("a customer's visits are found by the customer", async () => {
  walks.length = 0
  const rows = await server.db.raw(
    `select customer_id as id from visits where org_id = '${ORG}' limit 1`,
  )
  const headers = { authorization: `Bearer ${tokens.get('p0')}` }
  const [row] = rows.rows
  const id = String(Object(row).id)
  const response = await fetch(`${server.url}/api/v1/customers/${id}/visits`, { headers })
  expect(response.status).toBe(200)
  expect(tooFar(100)).toEqual([])
})

test('reports of a phone touch their own rows only', async () => {
  walks.length = 0
  const headers = { authorization: `Bearer ${tokens.get('p3')}` }
  const fix = {
    id: '00000000-0000-7000-8000-000000000001',
    at: NOW,
    lng: 121.4,
    lat: 31.2,
    accuracy: 10,
  }
  const body = JSON.stringify({ sentAt: NOW, fixes: [fix] })
  const response = await fetch(`${server.url}/api/v1/fixes`, { method: 'POST', headers, body })
  expect(await response.json()).toMatchObject({ accepted: 1 })
  expect(tooFar(50)).toEqual([])
})

/** On its first round it looks at all that was ever derived: thousands of statements, the same few again and again. */
const AT_LENGTH = 'refresh visits'

test('no chore walks through a whole table', async () => {
  const found: Record<string, string[]> = {}
  for (const { name, run } of server.features.flatMap((feature) => feature.chores ?? [])) {
    if (name === AT_LENGTH) continue
    await run() // the first round after a start looks at what nobody may have seen
    walks.length = 0
    await run()
    const far = tooFar(31 * PEOPLE)
    if (far.length > 0) found[name] = [...new Set(far)]
  }
  expect(found).toEqual({})
}, 600_000)

test('what visits are refreshed for is found by its moment', async () => {
  walks.length = 0
  const { db } = server.kit
  await listDerivedSince(db, ORG, NOW - HOUR, 500)
  await listUnsettled(db, ORG, TODAY, 500)
  await listSaidSince(db, ORG, NOW - HOUR)
  expect(walks.length).toBeGreaterThan(2)
  expect(tooFar(5 * PEOPLE)).toEqual([])
})
