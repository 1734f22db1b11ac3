import {
  BalanceList,
  Balances,
  BalancesQuery,
  LeaveKindsReply,
  NewGrant,
  NewLeaveKinds,
  PeopleQuery,
} from '../contract/approvalSettings.ts'
import type { Db } from '../core/db.ts'
import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { route, signedIn, type Route, type Viewer } from '../core/http/route.ts'
import { dateAt, findPerson } from '../people/index.ts'
import { grantImportRoute } from './grantImport.ts'
import { balancesOf, grantLeave, listPeopleFrom } from './ledger.ts'
import { isHr, maySet } from './policy.ts'
import { loadLeaveKinds, saveLeaveKinds } from './settings.ts'

/** Kinds of leave, what people have of them, and what they are given. */
export function balanceRoutes(kit: Kit): Route[] {
  return [
    balancesRoute(kit),
    balanceListRoute(kit),
    grantRoute(kit),
    grantImportRoute(kit),
    ...kindRoutes(kit),
  ]
}

function balancesRoute(kit: Kit): Route {
  return route({
    method: 'GET',
    path: '/api/v1/leave-balances',
    summary: 'The kinds of leave and what I have of them; for HR of anybody, on any date',
    query: BalancesQuery,
    reply: Balances,
    allow: signedIn,
    run: async ({ viewer, query }) => {
      const personId = query.personId ?? viewer.id
      if (personId !== viewer.id && !isHr(viewer))
        throw new Fault('not_allowed', 'query.personId: only HR may see those of others')
      return readBalances(kit.db, viewer, { personId, date: query.date, now: kit.clock.now() })
    },
  })
}

async function readBalances(
  db: Db,
  { orgId }: Viewer,
  asked: { personId: string; date: string | undefined; now: number },
): Promise<Balances> {
  const { personId } = asked
  const person = found(await findPerson(db, orgId, personId), 'this person')
  const { leave } = await loadLeaveKinds(db, orgId)
  const date = asked.date ?? dateAt(asked.now, person.zone)
  const balances = await balancesOf(db, { orgId, personIds: [personId] }, { leave, date })
  return {
    ...{ personId, person: person.name, date, minutesPerDay: leave.minutesPerDay },
    kinds: leave.kinds.filter((kind) => kind.active),
    balances: balances.get(personId) ?? [],
  }
}

function balanceListRoute(kit: Kit): Route {
  return route({
    method: 'GET',
    path: '/api/v1/leave-balances/people',
    summary: 'What everybody has of the kinds of leave with a balance, for HR',
    query: PeopleQuery,
    reply: BalanceList,
    allow: isHr,
    run: async ({ viewer, query }) => {
      const { orgId } = viewer
      const people = await listPeopleFrom(kit.db, orgId, { ...query, limit: query.limit + 1 })
      const { leave } = await loadLeaveKinds(kit.db, orgId)
      const shown = people.slice(0, query.limit)
      const me = found(await findPerson(kit.db, orgId, viewer.id), 'your account')
      const of = { orgId, personIds: shown.map(({ id }) => id) }
      const date = dateAt(kit.clock.now(), me.zone)
      const balances = await balancesOf(kit.db, of, { leave, date })
      return {
        minutesPerDay: leave.minutesPerDay,
        people: shown.map((person) => ({ ...person, balances: balances.get(person.id) ?? [] })),
        next: people.length > query.limit ? (shown.at(-1)?.id ?? null) : null,
      }
    },
  })
}

function grantRoute(kit: Kit): Route {
  return route({
    method: 'POST',
    path: '/api/v1/leave-grants',
    summary: 'Give somebody leave, or take it back',
    input: NewGrant,
    reply: Balances,
    allow: isHr,
    run: async ({ viewer, input }) => {
      const now = kit.clock.now()
      const { leave } = await loadLeaveKinds(kit.db, viewer.orgId)
      await grantLeave(kit.db, viewer, { grant: input, leave, now })
      return readBalances(kit.db, viewer, { personId: input.personId, date: undefined, now })
    },
  })
}

function kindRoutes(kit: Kit): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/v1/leave-kinds', reply: LeaveKindsReply, allow: maySet },
      summary: 'The kinds of leave as the company has them',
      run: ({ viewer }) => loadLeaveKinds(kit.db, viewer.orgId),
    }),
    route({
      ...{ method: 'PUT', path: '/api/v1/leave-kinds', input: NewLeaveKinds },
      ...{ reply: LeaveKindsReply, allow: maySet },
      summary: 'Say what kinds of leave there are; what was asked for before stays as it is',
      run: async ({ viewer, input }) => {
        await saveLeaveKinds(kit.db, viewer, input, kit.clock.now())
        return loadLeaveKinds(kit.db, viewer.orgId)
      },
    }),
  ]
}
