import { loadChart } from '../approvals/index.ts'
import type { AlertKind } from '../contract/alerts.ts'
import type { Db } from '../core/db.ts'
import type { Notify } from '../core/notify.ts'
import { nextHour } from './digest/hours.ts'
import { addItem, loadDigest } from './digest/queries.ts'
import { noteTold, toldOf, type AlertKey } from './store.ts'

/** The button of a card that takes an alert on. */
export const HEARD = 'heard'

/** Rooms that see to a matter themselves write of it themselves: no second message. */
const TOLD_ELSEWHERE: readonly AlertKind[] = ['low_evidence']
const LATE_MS = 12 * 3_600_000 // what came to light so much later is in the list, but no news

export const messageKey = ({ personId, id }: AlertKey, level = 0) =>
  `alert:${personId}:${id}${level === 0 ? '' : `:${level}`}`

/** Whose alert a message was about; null when its key is none of ours. */
export function alertOfKey(key: string): { personId: string; id: string } | null {
  const [, personId, id] = /^alert:([^:]+):([0-9a-f-]{36})(?::\d+)?$/.exec(key) ?? []
  return personId && id ? { personId, id } : null
}

/** What there is to say of an alert. */
export interface Said {
  readonly kind: AlertKind
  readonly name: string // the person's
  readonly zone: string // IANA
  readonly since: number
  readonly until: number | null
  readonly urgent: boolean
  readonly digest: boolean // by its rule told together with others
  readonly minutes: number | null
  readonly note: string // the person's own words
}

export const TITLES: Record<AlertKind, string> = {
  sos: '求助 SOS',
  silent: '失去联系 Silent',
  no_movement: '长时间未移动 Not moving',
  long_stop: '长时间停留 Long stop',
  left_territory: '离开负责区域 Left the territory',
  late: '未按时打卡 Late',
  missing_punch: '缺卡 Missing punch',
  low_evidence: '签到存疑 Check-in in doubt',
}

/** Whether an alert that came up now is worth a message. */
export const isNews = (
  { kind, since, until }: Pick<Said, 'kind' | 'since' | 'until'>,
  now: number,
) => until === null && now - since < LATE_MS && !TOLD_ELSEWHERE.includes(kind)

/**
 * Writes to those who lead the person: the nearest level that has somebody, and his direct leaders.
 * @param level 1 to tell the level above that one instead, always by itself
 */
export async function tellAlert(
  notify: Notify,
  tx: Db,
  alert: AlertKey & { said: Said; now: number },
  level = 0,
): Promise<void> {
  const { orgId, personId, said, now } = alert
  const chart = await loadChart(tx, { orgId, personId }, [])
  const above = chart.chain.filter((ids) => ids.some((id) => id !== personId))
  const receivers = new Set(level === 0 ? [...chart.direct, ...(above[0] ?? [])] : above[level])
  receivers.delete(personId)
  const told: string[] = []
  for (const receiver of receivers) {
    if (level === 0 && (await isLeftForDigest(tx, alert, receiver))) continue
    told.push(receiver)
    await notify.tell(tx, {
      ...{ orgId, personId: receiver, key: messageKey(alert, level), topic: 'alert' },
      title: `${level === 0 ? '' : '升级 '}${said.name} ${TITLES[said.kind]}`,
      text: textOf(said),
      path: `/alerts?person=${personId}&alert=${alert.id}`,
      buttons: [{ key: HEARD, text: '我来处理', style: 1 }],
      urgent: said.urgent,
      at: now,
    })
  }
  await noteTold(tx, alert, told)
}

/** What the rule or the receiver wants told together with others waits for the next hour of his. */
async function isLeftForDigest(
  tx: Db,
  { orgId, personId: aboutId, id: alertId, said, now }: AlertKey & { said: Said; now: number },
  receiver: string,
): Promise<boolean> {
  if (said.urgent || said.kind === 'sos') return false
  const { zone, hours, kinds } = await loadDigest(tx, { orgId, personId: receiver })
  if (!said.digest && !kinds.some((kind) => kind === said.kind)) return false
  const dueAt = nextHour(now, zone, hours)
  await addItem(tx, { orgId, personId: receiver }, { aboutId, alertId, dueAt })
  return true
}

/** Words take the place of the buttons on everybody's card. */
export async function closeAlert(
  notify: Notify,
  tx: Db,
  alert: AlertKey & { now: number },
  text: string,
): Promise<void> {
  for (const personId of await toldOf(tx, alert))
    for (const level of [0, 1])
      await notify.close(tx, { orgId: alert.orgId, personId, key: messageKey(alert, level), text, at: alert.now }) // prettier-ignore
}

function textOf({ zone, since, minutes, note }: Said): string {
  const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: zone, hour: '2-digit', minute: '2-digit', hour12: false }) // prettier-ignore
  const from = `自 ${clock.format(since)} 起`
  const first = minutes === null ? from : `${from}，已 ${minutes} 分钟`
  return note === '' ? first : `${first}\n${note}`
}
