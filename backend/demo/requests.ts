import { v7 as uuid } from 'uuid'
import { decide, fileRequest, standardRules, type Asking } from '../approvals/index.ts'
import type { DaySpan } from '../contract/approvals.ts'
import type { Kit } from '../core/kit.ts'
import { sql } from '../core/sql.ts'
import { dateAt } from '../people/index.ts'
import { daysBefore } from './roster.ts'

interface Told {
  personId: string
  details: Asking['details']
  reason: string
  by?: [leader: string, decision: 'approve' | 'reject', note: string]
}

const DAYS = 14 // enough for two workdays around any holiday

/** What the demo's people have asked for: some of it decided, some of it waiting. Done once. */
export async function seedRequests(kit: Kit, orgId: string, zone: string): Promise<void> {
  const known = await kit.db.first(
    sql`select r.id from requests r where r.org_id = ${orgId} limit 1`,
  )
  if (known) return
  const today = dateAt(kit.clock.now(), zone)
  const workdays = async (from: string, to: string) => {
    const dates = await standardRules.workOf(kit.db, { orgId, personId: '', from, to })
    return dates.filter(({ sections }) => sections.length > 0).map(({ date }) => date)
  }
  const [past, coming] = [
    await workdays(daysBefore(today, DAYS), daysBefore(today, 1)),
    await workdays(daysBefore(today, -1), daysBefore(today, -DAYS)),
  ]
  for (const told of storyOf(past.reverse(), coming)) await tell(kit, orgId, told)
}

async function tell(kit: Kit, orgId: string, { personId, details, reason, by }: Told) {
  const id = uuid()
  await fileRequest(
    kit,
    standardRules,
    { orgId, id: personId },
    { id, details, reason, photoIds: [] },
  )
  if (!by) return
  const [leader, decision, note] = by
  await decide(kit, standardRules, { orgId, id: leader }, { id, round: 0, decision, note })
}

const whole = (from: string, to = from): DaySpan => ({
  by: 'days',
  from,
  fromHalf: 'am',
  to,
  toHalf: 'pm',
})
const hours = (date: string, from: string, to: string) => ({ by: 'clock' as const, from: `${date}T${from}`, to: `${date}T${to}` }) // prettier-ignore

/** @param past workdays, the newest first. @param coming workdays after today */
function storyOf(
  [yesterday = '', before = '', third = '', fourth = '']: string[],
  [next = '', second = '']: string[],
): Told[] {
  const leave = (leaveKind: string, span: DaySpan) => ({ kind: 'leave' as const, leaveKind, span }) // prettier-ignore
  return [
    { personId: 'rep05', details: { kind: 'overtime', span: hours(third, '18:30', '20:30'), as: 'compensatory' }, reason: '月末盘点', by: ['lead01', 'approve', ''] }, // prettier-ignore
    { personId: 'rep04', details: leave('sick', whole(third, before)), reason: '发烧，已看医生', by: ['lead01', 'approve', '好好休息'] }, // prettier-ignore
    { personId: 'rep06', details: { kind: 'outing', span: hours(yesterday, '13:30', '17:00'), place: '南山会展中心' }, reason: '参加新品展会', by: ['lead01', 'approve', ''] }, // prettier-ignore
    { personId: 'rep07', details: leave('annual', whole(next)), reason: '休息', by: ['lead01', 'reject', '当天有大客户到访，请改期'] }, // prettier-ignore
    { personId: 'rep09', details: { kind: 'correction', date: fourth, due: 'in1', at: `${fourth}T08:56` }, reason: '考勤机没有识别', by: ['lead01', 'approve', '当时在场'] }, // prettier-ignore
    { personId: 'rep02', details: { kind: 'correction', date: yesterday, due: 'out1', at: `${yesterday}T18:10` }, reason: '在客户处，忘记打卡' }, // prettier-ignore
    { personId: 'rep03', details: leave('annual', { ...whole(next), fromHalf: 'pm' }), reason: '办理个人事务' }, // prettier-ignore
    { personId: 'rep08', details: { kind: 'trip', span: whole(next, second), place: '东莞' }, reason: '外地客户拜访' }, // prettier-ignore
    { personId: 'rep12', details: leave('annual', whole(second)), reason: '家里有事' },
    { personId: 'rep22', details: { kind: 'correction', date: before, due: 'in1', at: `${before}T08:58` }, reason: '手机没电' }, // prettier-ignore
  ]
}
