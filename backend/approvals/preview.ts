import { v7 as uuid } from 'uuid'
import type { z } from 'zod'
import type { Preview, PreviewInput } from '../contract/approvals.ts'
import type { Kit } from '../core/kit.ts'
import { prepare } from './prepare.ts'
import { namesOf } from './queries.ts'
import type { RequestRules } from './rules.ts'
import { loadLeaveKinds } from './settings.ts'

/** Examines an application as filing it would, and keeps nothing. @throws Fault as `prepare` */
export async function previewOf(
  { db, clock }: Pick<Kit, 'db' | 'clock'>,
  rules: RequestRules,
  who: { orgId: string; id: string },
  input: z.infer<typeof PreviewInput>,
): Promise<Preview> {
  const asking = { ...input, id: uuid(), reason: '' }
  const asked = { orgId: who.orgId, personId: who.id, asking, now: clock.now() }
  const { minutes, plan } = await prepare(db, rules, asked)
  const { leave } = await loadLeaveKinds(db, who.orgId)
  const names = await namesOf(db, who.orgId, plan.flatMap((step) => [...step.approverIds])) // prettier-ignore
  return {
    minutes,
    days: Math.round((minutes / leave.minutesPerDay) * 100) / 100,
    steps: plan.map(({ need, approverIds }) => ({
      need,
      approvers: approverIds.map((id) => ({ id, name: names.get(id) ?? id })),
    })),
  }
}
