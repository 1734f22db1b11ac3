import { Fault } from '../core/errors.ts'
import type { Feature, Kit } from '../core/kit.ts'
import type { Press } from '../core/notify.ts'
import { balanceRoutes } from './balanceRoutes.ts'
import { decide } from './decide.ts'
import { requestRoutes } from './routes.ts'
import { settingRoutes } from './settingRoutes.ts'
import { tendWaiting } from './waiting.ts'
import { standardRules, type RequestRules } from './rules.ts'
import { APPROVE, requestOfKey } from './tell.ts'

export {
  listApproved,
  type Approved,
  type ApprovedAbsence,
  type ApprovedCorrection,
  type ApprovedOvertime,
} from './approved.ts'
export { loadChart } from './chart.ts'
export { decide } from './decide.ts'
export { fileRequest } from './file.ts'
export type { Asking } from './prepare.ts'
export { loadLeaveKinds } from './settings.ts'
export { standardRules } from './rules.ts'
export type { CorrectionLimits, PersonDates, RequestRules } from './rules.ts'
export { coverOn, middleOf, partOn, type MinuteSpan, type WorkDate } from './spans.ts'

const WAITING_EVERY_MS = 60_000

/**
 * Requests and their approval: asked for by a rep, decided by those his company's flow names, on a
 * page or on a card of WeCom's.
 * @param rules what attendance says of limits, locks and hours
 */
export function createApprovals(
  kit: Kit,
  orgId: string,
  rules: RequestRules = standardRules,
): Feature {
  kit.notify.onPress('request', (press) => pressed(kit, rules, press))
  return {
    routes: [...requestRoutes(kit, rules), ...balanceRoutes(kit), ...settingRoutes(kit)],
    chores: [
      { name: 'approvals.waiting', everyMs: WAITING_EVERY_MS, run: () => tendWaiting(kit, orgId) },
    ],
  }
}

/** @returns the words that take the buttons' place; null for a card that is not about a decision. */
async function pressed(kit: Kit, rules: RequestRules, press: Press): Promise<string | null> {
  const asked = requestOfKey(press.key)
  if (!asked) return null
  const decision = press.button === APPROVE ? 'approve' : 'reject'
  const who = { orgId: press.orgId, id: press.personId }
  try {
    await decide(kit, rules, who, { ...asked, decision, note: '' })
    return decision === 'approve' ? '已同意 Approved' : '已驳回 Rejected'
  } catch (error) {
    if (error instanceof Fault)
      return error.code === 'month_locked' ? '当月已锁定 Locked' : '已处理 Settled'
    throw error
  }
}
