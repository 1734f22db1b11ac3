import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAlerts } from '../../backend/alerts/index.ts'
import { DeadLetters } from '../../backend/contract/webhooks.ts'
import { sql } from '../../backend/core/sql.ts'
import { openCompany, type Company } from './company.ts'

const AT = '/api/v1/alerts/webhooks'
let company: Company
beforeAll(async () => {
  company = await openCompany((kit) => [createAlerts(kit)])
})
afterAll(() => company.close())

async function send(method: string, place: string, who: string | null, input?: object) {
  const headers = who ? { authorization: `Bearer ${await company.tokenOf(who)}` } : {}
  const body = input ? { body: JSON.stringify(input) } : {}
  const reply = await fetch(company.url + place, { method, headers, ...body })
  return { status: reply.status, body: z.unknown().parse(await reply.json()) }
}

describe('the routes', () => {
  const id = uuid()
  const ROUTES = [
    ['GET', AT, undefined],
    ['GET', `${AT}/dead`, undefined],
    ['POST', AT, { url: 'https://example.com/' }],
    ['PUT', `${AT}/${id}`, { url: 'https://example.com/' }],
    ['DELETE', `${AT}/${id}`, undefined],
    ['POST', `${AT}/${id}/secret`, undefined],
    ['POST', `${AT}/${id}/test`, undefined],
    ['POST', `${AT}/${id}/again`, {}],
  ] as const

  it('refuse the signed out, and everybody who is no admin', async () => {
    for (const [method, place, input] of ROUTES) {
      expect((await send(method, place, null, input)).status, place).toBe(401)
      for (const who of ['rep1', 'leadN', 'boss', 'hr'])
        expect((await send(method, place, who, input)).status, place).toBe(403)
    }
  })

  it('know no webhook that is not there', async () => {
    for (const [method, place, input] of ROUTES.slice(3, 7))
      expect((await send(method, place, 'admin', input)).status, place).toBe(404)
  })

  it('refuse bad input by field and rule', async () => {
    const bad = [
      ['POST', AT, { url: 'nothing' }, 'url', 'must be an https address'],
      ['POST', AT, { url: 'http://example.com/' }, 'url', 'outside of our own network'],
      ['POST', AT, { url: 'https://192.168.1.1/' }, 'url', 'outside of our own network'],
      ['PUT', `${AT}/${id}`, { url: 'https://[::1]/' }, 'url', 'outside of our own network'],
      ['POST', AT, { url: 'https://u:p@example.com/' }, 'url', 'must not hold a name or password'],
      ['PUT', `${AT}/1`, { url: 'https://example.com/' }, 'id', ''],
      ['DELETE', `${AT}/1`, undefined, 'id', ''],
      ['POST', `${AT}/1/secret`, undefined, 'id', ''],
      ['POST', `${AT}/1/test`, undefined, 'id', ''],
      ['POST', `${AT}/${id}/again`, { eventId: 'x' }, 'eventId', ''],
      ['GET', `${AT}/dead?before=x`, undefined, 'before', ''],
    ] as const
    for (const [method, place, input, field, rule] of bad) {
      const { status, body } = await send(method, place, 'admin', input)
      expect(status, place + JSON.stringify(body)).toBe(422)
      expect(JSON.stringify(body)).toContain(field)
      expect(JSON.stringify(body)).toContain(rule)
    }
  })
})

it('of 120 that were given up in one moment no page skips one', async () => {
  const [hookId, at] = [uuid(), company.clock.at - 5000]
  await company.kit.db.run(sql`
    insert into alert_webhooks (org_id, id, url, active, sealed, made_by, made_at)
    values ('o1', ${hookId}::uuid, 'https://example.com/', true, '', 'admin', now())`)
  await company.kit.db.run(sql`
    insert into alert_deliveries (org_id, person_id, event_id, webhook_id, type, body, made_at, attempts, dead_at)
    select 'o1', 'rep1', gen_random_uuid(), ${hookId}::uuid, 'test', '{}', now(), 9, to_timestamp(${at}::float8 / 1000)
    from generate_series(1, 120)`)
  const seen: string[] = []
  let next: string | null = ''
  while (next !== null) {
    const { body } = await send('GET', `${AT}/dead${next && `?before=${next}`}`, 'admin')
    const page: DeadLetters = DeadLetters.parse(body)
    seen.push(...page.letters.map(({ eventId }) => eventId))
    next = page.next
  }
  expect(seen).toHaveLength(120)
  expect(new Set(seen).size).toBe(120)
})
