import type {
  WecomDay,
  WecomGroup,
  WecomMonth,
  WecomRecord,
  WecomRoster,
} from '../../contract/wecomCheckin.ts'
import type { Call } from '../api/caller.ts'
import type { Patience } from './patience.ts'
import {
  daysOf,
  monthsOf,
  recordsOf,
  rostersOf,
  rulesOf,
  rulesOn,
  type Read,
  type RecordKind,
} from './reading.ts'
import type { Asked } from './slices.ts'
import { writeRoster, type RosterDay } from './writing.ts'

export { recordKeyOf, type Read } from './reading.ts'
export { dateOf, midnightOf, type Asked } from './slices.ts'
export { createPunchWriting, type PunchWritingDoor } from './chores.ts'
export {
  notedInstants,
  notePunch,
  punchDeliveriesOf,
  punchSummary,
  retryPunches,
  type PunchDelivery,
  type PunchState,
  type PunchToWrite,
} from './outbox.ts'
export type { CorrectionToWrite, RecordToWrite, RosterDay } from './writing.ts'

/**
 * WeCom's 打卡, as far as it is read and its shifts are written. The app must be listed under 打卡
 * 「可调用接口的应用」, else everything fails with errcode 48002. Questions of any size are cut into calls
 * that WeCom takes, at the pace it allows. Everything that fails throws Fault `wecom_failed`.
 */
export interface Checkin {
  /** All rules, with whom they are for. */
  rules(): Promise<WecomGroup[]>
  /** The rule of each member on a date. */
  rulesOn(asked: {
    userIds: readonly string[]
    date: string
  }): Promise<Read<{ userid: string; group: WecomGroup }>>
  records(asked: Asked & { kind: RecordKind }): Promise<Read<WecomRecord>>
  rosters(asked: Asked): Promise<Read<WecomRoster>>
  days(asked: Asked): Promise<Read<WecomDay>>
  months(asked: Asked): Promise<Read<WecomMonth>>
  writeRoster(roster: {
    groupId: number
    yearMonth: number
    days: readonly RosterDay[]
  }): Promise<void>
}

export function createCheckin(call: Call, patience: Patience): Checkin {
  const reading = { call, ...patience }
  return {
    rules: () => rulesOf(reading),
    rulesOn: (asked) => rulesOn(reading, asked),
    records: (asked) => recordsOf(reading, asked),
    rosters: (asked) => rostersOf(reading, asked),
    days: (asked) => daysOf(reading, asked),
    months: (asked) => monthsOf(reading, asked),
    writeRoster: (roster) => writeRoster(reading, roster),
  }
}
