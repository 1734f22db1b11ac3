import { expect } from 'vitest'
import { z } from 'zod'
import { createAlerts } from '../../backend/alerts/index.ts'
import { Alerts, DEFAULT_RULES, type AlertRules } from '../../backend/contract/alerts.ts'
import type { Feature } from '../../backend/core/kit.ts'
import { sql } from '../../backend/core/sql.ts'
import { DATE, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'
import { forgetDays, SHOP, tracksOf } from './storyDay.ts'

export let company: Company
export let alerts: Feature

/** The company of the tests with its days and alerts; whoever opens it closes `company`. */
export async function openAlerts() {
  company = await openCompany((kit) => {
    alerts = createAlerts(kit)
    return [tracksOf(kit), alerts]
  })
}

/** As nothing had ever been told; the watch rests between two looks, so time never goes back. */
export async function clean() {
  for (const table of ['alerts', 'alert_rules', 'alert_digests', 'alert_digest_items', 'sos_calls', 'territories', 'wecom_messages', 'last_positions'])
    await company.db.raw(`delete from ${table} where org_id = $1`, [ORG]) // prettier-ignore
  await forgetDays(company.db)
  company.clock.at = Math.max(company.clock.at, NOW)
  await setRules(DEFAULT_RULES)
}

export const put = async (path: string, who: string | null, input: object) => {
  const headers = who ? { authorization: `Bearer ${await company.tokenOf(who)}` } : {}
  const reply = await fetch(company.url + path, { method: 'PUT', headers, body: JSON.stringify(input) }) // prettier-ignore
  return { status: reply.status, body: z.unknown().parse(await reply.json()) }
}
export const setRules = async (rules: AlertRules['rules'] | typeof DEFAULT_RULES) =>
  expect((await put('/api/v1/alerts/rules', 'admin', { rules })).status).toBe(200)

/** As the chore does, at a moment. */
export async function watch(at: number) {
  company.clock.at = at
  for (const { run } of alerts.chores ?? []) await run()
}

/** Somebody's day up to a moment: at the shop, a fix a minute. */
export async function atShop(person: string, from: number, to: number, place = SHOP) {
  const minutes = Array.from({ length: Math.round((to - from) / MINUTE) + 1 }, (_, n) => n)
  await company.report(person, minutes.map((n) => ({ ...place, at: from + n * MINUTE, accuracy: 15 }))) // prettier-ignore
  company.clock.at = Math.max(company.clock.at, to)
  const { status } = await company.get(`/api/v1/people/${person}/days/${DATE}`, person)
  expect(status).toBe(200)
}

export async function alertsOf(viewer: string, query = '') {
  const { status, body } = await company.get(`/api/v1/alerts${query}`, viewer)
  expect(status, JSON.stringify(body)).toBe(200)
  return Alerts.parse(body)
}

export const messagesTo = (personId: string) =>
  company.db.many<{ key: string; title: string; closed: string | null }>(sql`
    select m.key, m.title, m.closed from wecom_messages m
    where m.org_id = ${ORG} and m.person_id = ${personId} order by m.id`)

export const only = (kind: string, more = {}) =>
  setRules(DEFAULT_RULES.filter((rule) => rule.kind === kind).map((rule) => ({ ...rule, ...more })))
