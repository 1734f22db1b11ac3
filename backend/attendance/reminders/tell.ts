import type { MessageToSend } from '../../core/notify.ts'
import { keyOf, type Reminder } from './due.ts'

/** A reminder as a message: what is due, when, and the page where it is done. */
export function messageOf(reminder: Reminder, orgId: string, at: number): MessageToSend {
  const { personId, kind, date, clock, shift } = reminder
  const side = reminder.due.startsWith('in') ? 'in' : 'out'
  return {
    ...{ orgId, personId, at, topic: 'attendance' },
    key: keyOf(reminder),
    ...WORDS[kind]({ side, clock, shift, date }),
    path: kind === 'missing' ? `/attendance?date=${date}` : '/',
  }
}

interface Said {
  side: 'in' | 'out'
  clock: string
  shift: string
  date: string
}
const ZH = { in: '上班', out: '下班' }
const EN = { in: 'in', out: 'out' }

const WORDS: Record<Reminder['kind'], (said: Said) => Pick<MessageToSend, 'title' | 'text'>> = {
  before: ({ clock, shift }) => ({
    title: `${clock} 上班，记得打卡`,
    text: `${shift}。Punch in by ${clock}.`,
  }),
  after: ({ clock, shift }) => ({
    title: `${clock} 已下班，还没打卡`,
    text: `${shift}。You have not punched out yet (due ${clock}).`,
  }),
  missing: ({ side, clock, date }) => ({
    title: `${date} ${ZH[side]}缺卡`,
    text: `应打 ${clock}，可以申请补卡。Your ${EN[side]} punch (due ${clock}) is missing; you can ask for a correction.`,
  }),
}

/** Somebody's month is over: is it right? */
export const askToConfirm = (
  who: { orgId: string; personId: string },
  month: string,
  at: number,
): MessageToSend => ({
  ...{ ...who, at, topic: 'attendance' },
  key: `month:confirm:${month}`,
  title: `请确认 ${month} 的考勤`,
  text: '看一看有没有不对的地方；有异议现在还能改。Is your month right? Say so, or say what is not.',
  path: `/attendance/months/${month}/confirm`,
})
