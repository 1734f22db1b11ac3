import { expect } from 'vitest'
import { RequestPage } from '../../backend/contract/approvals.ts'
import { createApprovals, listApproved } from '../../backend/approvals/index.ts'
import { standardRules, type CorrectionLimits } from '../../backend/approvals/rules.ts'
import { tendWaiting } from '../../backend/approvals/waiting.ts'
import { sql } from '../../backend/core/sql.ts'
import type { SessionKind } from '../../backend/people/sessions.ts'
import { NOW, openCompany, ORG } from './company.ts'

export type Approvals = Awaited<ReturnType<typeof openApprovals>>
type Answer = { status: number; body: unknown }

/** The small company with requests, its rules and its clock in the test's hand. */
export async function openApprovals() {
  const rules: { limits: CorrectionLimits | null; locked: boolean } = {
    limits: null,
    locked: false,
  }
  const company = await openCompany((kit) => [
    createApprovals(kit, ORG, {
      ...standardRules,
      correctionLimits: async (db, who) => rules.limits ?? standardRules.correctionLimits(db, who),
      isLocked: async () => rules.locked,
    }),
  ])
  const { db, kit, clock } = company
  const told: unknown[] = []
  kit.facts.on('requestDecided', (fact) => told.push(fact))
  const post = (path: string, who: string | null, body: object, kind?: SessionKind) =>
    company.post(`/api/v1/${path}`, who, body, kind)
  return {
    ...{ rules, db, told, clock, post },
    get: (path: string, who: string | null, kind?: SessionKind) =>
      company.get(`/api/v1/${path}`, who, kind),
    async put(path: string, who: string, body: object): Promise<Answer> {
      const headers = { authorization: `Bearer ${await company.tokenOf(who)}` }
      const init = { method: 'PUT', headers, body: JSON.stringify(body) }
      const response = await fetch(`${company.url}/api/v1/${path}`, init)
      return { status: response.status, body: await response.json() }
    },
    /** A request that must succeed. */
    async file(path: string, who: string, body: object): Promise<RequestPage> {
      const { status, body: reply } = await post(path, who, body)
      expect(status, JSON.stringify(reply)).toBe(200)
      return RequestPage.parse(reply)
    },
    codeOf: ({ body }: Answer): string => /"code":"(\w+)"/.exec(JSON.stringify(body))?.[1] ?? '',
    holding: (personIds = ['rep1', 'rep2', 'rep3']) =>
      listApproved(db, { orgId: ORG, personIds, from: '2026-11-01', to: '2026-12-31' }),
    /** A button of a card, pressed by whoever has it. */
    press: async (personId: string, key: string, button: string) =>
      kit.notify.listenerOf(key)?.({ orgId: ORG, personId, key, button, at: clock.now() }),
    tend: () => tendWaiting(kit, ORG),
    messages: (personId: string) =>
      db.many<{
        key: string
        title: string
        text: string
        buttons: unknown[]
        closed: string | null
      }>(sql`
        select m.key, m.title, m.text, m.buttons, m.closed from wecom_messages m
        where m.org_id = ${ORG} and m.person_id = ${personId} order by m.id`),
    async clear() {
      for (const table of [
        'request_tasks',
        'request_states',
        'request_events',
        'requests',
        'delegations',
        'leave_grants',
        'approval_settings',
        'wecom_messages',
      ])
        // prettier-ignore
        await db.raw(`delete from ${table} where org_id = $1`, [ORG])
      await db.run(sql`update people p set active = true where p.org_id = ${ORG}`)
      told.length = 0
      clock.at = NOW
      Object.assign(rules, { limits: null, locked: false })
    },
    close: () => company.close(),
  }
}
