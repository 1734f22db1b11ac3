import type { RequestDetails, Span } from '../contract/approvals.ts'
import type { Db } from '../core/db.ts'
import type { Notify } from '../core/notify.ts'
import { standInsOf } from './delegations.ts'
import type { FlowEvent, FlowState } from './flow.ts'
import { namesOf, tasksOf, type StoredRequest, type Task } from './queries.ts'
import { loadLeaveKinds } from './settings.ts'

interface Change {
  request: StoredRequest
  before: FlowState | null
  after: FlowState
  event: FlowEvent | null // null: it was filed
  now: number
}

export const APPROVE = 'approve'
export const REJECT = 'reject'

/** What tells the message of a step from others; its buttons come back with it. */
export const taskKey = (requestId: string, { round, step }: { round: number; step: number }) =>
  `request:${requestId}:${round}:${step}`

/** The request and round of a message's key; null when it is none of ours. */
export function requestOfKey(key: string): { id: string; round: number } | null {
  const [, id, round] = /^request:([0-9a-f-]{36}):(\d+):\d+$/.exec(key) ?? []
  return id && round ? { id, round: Number(round) } : null
}

/** Tells those who are asked now, takes the question back from those who are not any more, and tells the applicant how it ended. */
export async function tellChanges(notify: Notify, tx: Db, change: Change): Promise<void> {
  const before = change.before ? openTasks(change.before) : []
  const after = openTasks(change.after)
  const keyOf = (task: Task) => `${task.approverId} ${task.round} ${task.step}`
  const known = new Set(before.map(keyOf))
  const still = new Set(after.map(keyOf))
  await askThem(notify, tx, change, after.filter((task) => !known.has(keyOf(task)))) // prettier-ignore
  await closeThem(notify, tx, change, before.filter((task) => !still.has(keyOf(task)))) // prettier-ignore
  await tellApplicant(notify, tx, change)
  if (change.event?.kind === 'remind') await remindThem(notify, tx, change, after)
}

const openTasks = (state: FlowState) => tasksOf(state).filter((task) => task.state === 'open')

/** Those who are asked and, while they are away, those who stand in for them; never the applicant. */
async function receiversOf(tx: Db, { request, now }: Change, tasks: readonly Task[]) {
  const ids = tasks.map((task) => task.approverId)
  const opened = Math.min(...tasks.map((task) => task.openedAt), now)
  const standIns = await standInsOf(tx, request.orgId, { personIds: ids, from: opened, to: now })
  return tasks.flatMap((task) =>
    [task.approverId, ...(standIns.get(task.approverId) ?? [])]
      .filter((personId) => personId !== request.personId)
      .map((personId) => ({ personId, task })),
  )
}

/** Also called for who came to stand in for somebody later: a message that was told is not told again. */
export async function askThem(notify: Notify, tx: Db, change: Change, tasks: readonly Task[]) {
  if (tasks.length === 0) return
  const { request, now } = change
  const { title, text } = await wordsFor(tx, request, change.after.round > 0)
  for (const { personId, task } of await receiversOf(tx, change, tasks))
    await notify.tell(tx, {
      orgId: request.orgId,
      personId,
      key: taskKey(request.id, task),
      topic: 'approval',
      title,
      text,
      path: `/requests/${request.id}`,
      buttons: [
        { key: APPROVE, text: '同意', style: 1 },
        { key: REJECT, text: '驳回', style: 4 },
      ],
      at: now,
    })
}

async function closeThem(notify: Notify, tx: Db, change: Change, tasks: readonly Task[]) {
  if (tasks.length === 0) return
  const { request, now, event } = change
  const text = await outcomeOf(tx, request, event)
  for (const { personId, task } of await receiversOf(tx, change, tasks))
    await notify.close(tx, {
      ...{ orgId: request.orgId, personId, key: taskKey(request.id, task), at: now },
      text: personId === event?.by ? (OWN[event.kind] ?? text) : text,
    })
}

const OWN: Record<string, string> = { approve: '已同意 Approved', reject: '已驳回 Rejected' }

const SETTLED: Partial<Record<FlowEvent['kind'], string>> = {
  withdraw: '已撤回 Withdrawn',
  replace: '已转交 Handed on',
}

/** What became of a question, for those who did not answer it. */
async function outcomeOf(tx: Db, request: StoredRequest, event: FlowEvent | null): Promise<string> {
  const settled = event && SETTLED[event.kind]
  if (settled) return settled
  return `${await nameOf(tx, request.orgId, event?.by)}已${event?.kind === 'reject' ? '驳回' : '同意'}`
}

async function nameOf(tx: Db, orgId: string, id: string | null | undefined): Promise<string> {
  return id ? ((await namesOf(tx, orgId, [id])).get(id) ?? '') : ''
}

const ENDS: Record<string, string> = {
  'pending approved': '已批准 Approved',
  'pending rejected': '被驳回 Rejected',
  'revoking revoked': '撤销已批准 Revoked',
  'revoking approved': '撤销未获批准 Not revoked',
}

async function tellApplicant(notify: Notify, tx: Db, change: Change): Promise<void> {
  const { request, before, after, event, now } = change
  const end = before && ENDS[`${before.state} ${after.state}`]
  if (!end || event === null || event.by === request.personId) return
  const { title, text } = await wordsFor(tx, request, false)
  const note = 'note' in event && event.note !== '' ? `「${event.note}」` : ''
  const by = await nameOf(tx, request.orgId, event.by)
  await notify.tell(tx, {
    orgId: request.orgId,
    personId: request.personId,
    key: `request:${request.id}:${after.round}:end:${event.id}`,
    topic: 'approval',
    title: `${end.split(' ')[0] ?? ''}：${title}`,
    text: `${by} ${end}${note}\n${text}`.trim(),
    path: `/requests/${request.id}`,
    at: now,
  })
}

async function remindThem(notify: Notify, tx: Db, change: Change, tasks: readonly Task[]) {
  if (tasks.length === 0 || change.event === null) return
  const { request, now, event } = change
  const { title, text } = await wordsFor(tx, request, change.after.round > 0)
  for (const { personId } of await receiversOf(tx, change, tasks))
    await notify.tell(tx, {
      ...{ orgId: request.orgId, personId, key: `request:${request.id}:remind:${event.id}` },
      ...{
        topic: 'approval',
        title: `待处理：${title}`,
        text,
        path: `/requests/${request.id}`,
        at: now,
      },
    })
}

const KINDS = { correction: '补卡', leave: '请假', outing: '外出', trip: '出差', overtime: '加班' }

/** A line and a few for a card: who, what, when, why. */
async function wordsFor(tx: Db, request: StoredRequest, revoking: boolean) {
  const { orgId, personId, details, reason } = request
  const name = await nameOf(tx, orgId, personId)
  const leave = details.kind === 'leave' ? await leaveName(tx, orgId, details.leaveKind) : null
  const what = leave ?? KINDS[details.kind]
  return {
    title: `${name} ${revoking ? '撤销' : ''}${what}`,
    text: `${whenOf(details)}\n${reason}`,
  }
}

async function leaveName(tx: Db, orgId: string, key: string): Promise<string> {
  const { leave } = await loadLeaveKinds(tx, orgId)
  return leave.kinds.find((kind) => kind.key === key)?.name ?? KINDS.leave
}

function whenOf(details: RequestDetails): string {
  if (details.kind !== 'correction') return spanWords(details.span)
  const due = details.due.startsWith('in') ? '上班' : '下班'
  return `${dayWords(details.date)} ${due} ${details.at.slice(11)}`
}

function spanWords(span: Span): string {
  if (span.by === 'clock') {
    const end = span.to.startsWith(span.from.slice(0, 10)) ? '' : `${dayWords(span.to)} `
    return `${dayWords(span.from)} ${span.from.slice(11)}–${end}${span.to.slice(11)}`
  }
  const from = `${dayWords(span.from)}${span.fromHalf === 'pm' ? '下午' : ''}`
  const to = `${dayWords(span.to)}${span.toHalf === 'am' ? '上午' : ''}`
  if (span.from !== span.to) return `${from} 至 ${to}`
  return span.toHalf === 'am' ? to : from
}

const dayWords = (date: string) => `${Number(date.slice(5, 7))}月${Number(date.slice(8, 10))}日`
