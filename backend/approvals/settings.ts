import { v7 as uuid } from 'uuid'
import { Flow, LeaveKinds } from '../contract/approvalSettings.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import { sql } from '../core/sql.ts'
import { DEFAULT_FLOW, DEFAULT_LEAVE } from './defaults.ts'
import { namedOf } from './chart.ts'

interface Kept {
  id: string
  content: unknown
  madeBy: string
  madeAt: number
}

const newest = (db: Db, orgId: string, subject: 'flow' | 'leave_kinds') =>
  db.first<Kept>(sql`
    select s.id, s.content, s.made_by as "madeBy", s.made_at as "madeAt"
    from approval_settings s
    where s.org_id = ${orgId} and s.subject = ${subject}
    order by s.made_at desc, s.id desc
    limit 1`)

/** How the company's requests go, and who said so. */
export async function loadFlow(db: Db, orgId: string) {
  const kept = await newest(db, orgId, 'flow')
  if (!kept) return { flow: DEFAULT_FLOW, version: '', madeBy: null, madeAt: null }
  return {
    flow: Flow.parse(kept.content),
    version: kept.id,
    madeBy: kept.madeBy,
    madeAt: kept.madeAt,
  }
}

export async function loadLeaveKinds(db: Db, orgId: string) {
  const kept = await newest(db, orgId, 'leave_kinds')
  if (!kept) return { leave: DEFAULT_LEAVE, version: '' }
  return { leave: LeaveKinds.parse(kept.content), version: kept.id }
}

interface Editor {
  orgId: string
  id: string
}

/** @throws Fault `conflict` when another version came meanwhile, `bad_input` when it names a stranger */
export async function saveFlow(
  db: Db,
  who: Editor,
  { flow, version }: { flow: Flow; version: string },
  now: number,
): Promise<void> {
  await refuseStrangers(db, who.orgId, flow)
  await save(db, who, { subject: 'flow', content: flow, version }, now)
}

/** @throws Fault `conflict` when another version came meanwhile */
export const saveLeaveKinds = (
  db: Db,
  who: Editor,
  { leave, version }: { leave: LeaveKinds; version: string },
  now: number,
) => save(db, who, { subject: 'leave_kinds', content: leave, version }, now)

async function refuseStrangers(db: Db, orgId: string, flow: Flow) {
  const named = namedOf(flow)
  const rows = await db.many<{ id: string }>(sql`
    select p.id from people p where p.org_id = ${orgId} and p.active and p.id = any (${named}::text[])`)
  const known = new Set(rows.map((row) => row.id))
  const issues = flow.rules.flatMap((rule, index) =>
    rule.steps.flatMap(({ by }, step) =>
      by.who === 'person' && by.personIds.some((id) => !known.has(id))
        ? [
            {
              field: `flow.rules.${index}.steps.${step}.by.personIds`,
              rule: 'there is no such colleague',
            },
          ]
        : [],
    ),
  )
  const [first] = issues
  if (first) throw new Fault('bad_input', `body.${first.field}: ${first.rule}`, issues)
}

async function save(
  db: Db,
  who: Editor,
  kept: { subject: 'flow' | 'leave_kinds'; content: unknown; version: string },
  now: number,
): Promise<void> {
  await db.transact(async (tx) => {
    await tx.first(sql`select o.id from orgs o where o.id = ${who.orgId} for no key update`)
    const before = await newest(tx, who.orgId, kept.subject)
    if ((before?.id ?? '') !== kept.version)
      throw new Fault('conflict', 'version: somebody has changed this meanwhile, read it again')
    const at = Math.max(now, (before?.madeAt ?? 0) + 1)
    await tx.run(sql`
      insert into approval_settings (org_id, id, subject, content, made_by, made_at)
      values (${who.orgId}, ${uuid()}::uuid, ${kept.subject}, ${JSON.stringify(kept.content)}::jsonb, ${who.id},
        to_timestamp(${at}::float8 / 1000))`)
  })
}
