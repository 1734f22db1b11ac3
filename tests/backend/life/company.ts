import { v7 as uuid } from 'uuid'
import type { Database } from '../../../backend/core/db.ts'
import type { Route } from '../../../backend/core/http/route.ts'
import { openSession } from '../../../backend/people/index.ts'
import { giveConsent } from '../../../backend/privacy/index.ts'
import { randomOf } from '../../../fixtures/random.ts'
import type { WholeServer } from '../../support/wholeServer.ts'
import { ACCESS } from '../accessMatrix.ts'
import { DATE, NOW, PEOPLE, seedCompany } from '../company.ts'
import { valueOf, type Pool } from './valueOf.ts'

const PLACE = [114.06, 22.54] as const

export type PersonName = (typeof PEOPLE)[number][0]

/** Puts the small company there with consent; its people have the same ids as those of every other such company. */
export async function seedLife(db: Database, orgId: string, mark: string): Promise<void> {
  await seedCompany(db, { orgId, mark })
  for (const [id, , role] of PEOPLE)
    if (role === 'rep') await giveConsent(db, orgId, id, NOW - 86_400_000)
}

export type Life = ReturnType<typeof openLife>

/** Where people write of their own days; what they write elsewhere others may well read. */
const OF_ONES_DAY =
  /\/(checkins|visits|sales|corrections|leaves|outings|trips|overtime|edits|sos)\b/

/**
 * People of one company who ask the server whatever it can be asked, and what they heard.
 * @param tokens of those who are signed in already; who is not signs in by and by
 */
export function openLife(
  whole: WholeServer,
  orgId: string,
  mark: string,
  tokens = new Map<string, string>(),
) {
  const chance = randomOf(orgId, mark, 'life')
  const ids: Ids = new Map()
  const pool: Pool = {
    random: () => chance.next(),
    text: mark,
    ids,
    kind: '',
    freshId: () => uuid({ msecs: NOW - chance.whole(0, 3_600_000) }),
    personIds: PEOPLE.map(([id]) => id),
    departmentIds: ['root', 'north', 'south'],
    dates: [DATE],
    now: NOW,
    place: PLACE,
  }
  const tokenOf = async (personId: string) => {
    const known = tokens.get(personId)
    const who = { orgId, personId, kind: 'token' as const }
    const token = known ?? (await openSession(whole.db, who, NOW))
    tokens.set(personId, token)
    return token
  }
  return {
    ids,
    pool,
    tokenOf,
    tokens: () => [...tokens.values()],
    /** One request as somebody, of values made up from the pool. @returns status and text of the answer */
    async ask(route: Route, personId: string, known: Ids = ids) {
      pool.ids = known
      pool.text = OF_ONES_DAY.test(route.path) ? `${mark}话${personId}` : mark
      const headers = { authorization: `Bearer ${await tokenOf(personId)}` }
      pool.kind = 'new'
      const input = valueOf(route.schemas.input, pool)
      pool.kind = kindOf(route)
      const body = route.method === 'GET' || input === undefined ? null : JSON.stringify(input)
      const url = whole.url + addressOf(route, pool)
      const answer = await fetch(url, { method: route.method, headers, body })
      return { status: answer.status, text: await answer.text() }
    },
    /** Remembers what exists in this company. */
    learn(route: Route, text: string) {
      for (const [, name = '', id = ''] of text.matchAll(UUID)) {
        const kind = name === '' ? kindOf(route) : name
        ids.set(kind, (ids.get(kind) ?? new Set()).add(id))
      }
    },
  }
}

export type Ids = Map<string, Set<string>>

const UUID = /"(\w*?)[iI]d":"([0-9a-f]{8}-[0-9a-f-]{27})"/g

/** `customer` of /api/v1/customers/:id, `checkin` of /api/v1/people/:personId/checkins/:id. */
const kindOf = ({ path }: Route): string =>
  /([a-z]+)s(?:\/[:\w.]+)*$/.exec(path.replace(/\/:id.*$/, ''))?.[1] ?? ''

function addressOf({ path, schemas }: Route, pool: Pool): string {
  const params = entriesOf(valueOf(schemas.params, pool))
  const named = new Map(params)
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(named.get(name) ?? 'x')) // prettier-ignore
  const query = new URLSearchParams(entriesOf(valueOf(schemas.query, pool)))
  return query.size > 0 ? `${filled}?${query}` : filled
}

const entriesOf = (value: unknown): [string, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).map(([key, each]) => [key, String(each)])
    : []

/** Those of a company who come past the door of an endpoint. */
export const admittedTo = (route: Route): PersonName[] => {
  const roles = (ACCESS[`${route.method} ${route.path}`] ?? '').split(' ')
  return PEOPLE.filter(([, , role]) => roles.includes(role)).map(([id]) => id)
}
