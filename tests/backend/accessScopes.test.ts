import { afterAll, beforeAll, expect, test } from 'vitest'
import { listWaiting } from '../../backend/attendance/days/changes.ts'
import { createLog } from '../../backend/core/log.ts'
import type { Route } from '../../backend/core/http/route.ts'
import { raw } from 'sql-template-tag'
import { sql } from '../../backend/core/sql.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'
import { NOW } from './company.ts'
import { admittedTo, openLife, seedLife, type Life } from './life/company.ts'

/**
 * Two companies on one server, with the same names of people and the same hours, both full of
 * whatever their people can be made to say. The texts of each carry its mark.
 */
const OURS = { orgId: 'o1', mark: '甲司密' }
const THEIRS = { orgId: 'o2', mark: '乙司密' }
const ROUNDS = 2

/** They speak of the one company that this server's WeCom belongs to, and would sync it. */
const OF_WECOM = /^\/api\/v1\/(contacts|wecom|attendance\/wecom)/

const logged: string[] = []
/** By these somebody else may come to read of a day, as he should. */
const HANDS_ON = /(delegations|handovers|transfers|approval-flow)/

let whole: WholeServer
let ours: Life
let theirs: Life
let routes: Route[]
beforeAll(async () => {
  whole = await openWholeServer(OURS.orgId, NOW, {
    log: createLog('trace', { write: (line) => logged.push(line) }),
    answersOnly: true, // what chores write by themselves would look like a change of ours
  })
  for (const { orgId, mark } of [OURS, THEIRS]) await seedLife(whole.db, orgId, mark)
  ours = openLife(whole, OURS.orgId, OURS.mark)
  theirs = openLife(whole, THEIRS.orgId, THEIRS.mark)
  routes = whole.routes.filter((route): route is Route => 'answer' in route && !OF_WECOM.test(route.path) && !route.bytes && !route.text) // prettier-ignore
  for (let round = 0; round < ROUNDS; round += 1) {
    await live(ours, HANDS_ON)
    await live(theirs)
  }
})
afterAll(() => whole.close())

const done = new Map<string, number>()
const nameOf = ({ method, path }: Route) => `${method} ${path}`

/** Everybody tries everything that he may once. */
async function live(life: Life, without = /^$/): Promise<void> {
  for (const route of routes.filter(({ path }) => !without.test(path)))
    for (const personId of admittedTo(route)) {
      const { status, text } = await life.ask(route, personId)
      expect(status, `${nameOf(route)} ${text}`).toBeLessThan(500)
      if (status >= 300) continue
      life.learn(route, text)
      done.set(nameOf(route), (done.get(nameOf(route)) ?? 0) + 1)
    }
}

/** Of one company's rows in each table: a number that changes with them, and how many carry another's mark. */
async function rowsOf({ orgId }: typeof OURS, mark: string) {
  const tables = await whole.db.many<{ name: string }>(sql`
    select c.relname as name
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not c.relispartition and obj_description(c.oid, 'pg_class') = 'distributed'`)
  const digests: Record<string, string | null> = {}
  const marked: string[] = []
  for (const { name } of tables) {
    const row = await whole.db.first<{ digest: string | null; marked: number }>(sql`
      select md5(string_agg(t::text, '|' order by t::text)) as digest,
        (count(*) filter (where position(${mark} in t::text) > 0))::int as marked
      from ${raw(`"${name}"`)} t
      where t.org_id = ${orgId}`)
    if (row?.marked !== 0) marked.push(name)
    digests[name] = row?.digest ?? null
  }
  return { digests, marked }
}

test('most that can be asked was answered: there is something to be found', () => {
  const never = routes.map(nameOf).filter((name) => !done.has(name))
  expect(never.length / routes.length).toBeLessThan(0.4)
})

test('whatever anybody asks with their ids, nothing of another company is told or changed', async () => {
  const now = whole.clock.at // what their own words changed of their days is computed after the answer
  await expect.poll(() => listWaiting(whole.db, THEIRS.orgId, { now, limit: 1 })).toEqual([])
  const before = await rowsOf(THEIRS, OURS.mark)
  const told: string[] = []
  for (const route of routes)
    for (const personId of admittedTo(route)) {
      const { text } = await ours.ask(route, personId, theirs.ids)
      if (text.includes(THEIRS.mark)) told.push(`${personId}: ${nameOf(route)}`)
    }
  expect(told).toEqual([])
  expect(before.marked).toEqual([])
  expect(await rowsOf(THEIRS, OURS.mark)).toEqual(before)
})

test('what people of one department say of their days, those of another do not hear', async () => {
  const heard = async (people: readonly string[]) => {
    const names = new Set<string>()
    const asked = [1, 2, 3, 4].flatMap(() => routes.filter(({ method }) => method === 'GET'))
    for (const route of asked)
      for (const personId of admittedTo(route).filter((id) => people.includes(id))) {
        const { text } = await ours.ask(route, personId)
        if (/话(rep3|leadS)/.test(text)) names.add(`${personId}: ${nameOf(route)}`)
      }
    return [...names]
  }
  // at random fewer or more; without any the test would say nothing
  expect((await heard(['rep3', 'leadS', 'boss', 'hr'])).length).toBeGreaterThan(2)
  expect(await heard(['rep1', 'leadN'])).toEqual([])
})

test('nothing of all this is in the log: no token, no word that somebody wrote, no place', async () => {
  for (const word of [`${OURS.mark}话`, `${THEIRS.mark}话`, '114.06', '22.54'])
    expect(logged.filter((line) => line.includes(word))).toEqual([])
  for (const token of [...ours.tokens(), ...theirs.tokens()])
    expect(logged.filter((line) => line.includes(token))).toEqual([])
})
