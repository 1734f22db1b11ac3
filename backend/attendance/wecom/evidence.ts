import type { RosterEntry } from '../../contract/ruleSets.ts'
import type { WecomRecord, WecomRoster } from '../../contract/wecomCheckin.ts'
import { shiftIdOf } from './shifts.ts'
import { degrees } from './units.ts'

/** A punch that WeCom took, as attendance keeps it. */
export interface ImportedPunch {
  personId: string
  id: string // made of what WeCom tells it by: the same punch is the same id
  at: number // epoch ms
  source: 'wecom'
  place: string
  detail: Record<string, unknown>
}

export interface PunchReading {
  personOf: (userId: string) => string | undefined
  /** Whether we have written this punch to WeCom ourselves: it is evidence here already. */
  isOurs: (personId: string, at: number) => boolean
  /** Whether a punch outside (外出打卡) counts for attendance under this rule. */
  outsideCounts: (groupId: number) => boolean
}

/**
 * Punches of WeCom's records: what nobody punched (未打卡) is none, and what we wrote comes not back. What is
 * odd about a punch (地点异常 …) stays with it; whether it counts is the rule's to say. Pure.
 */
export function punchesOf(records: readonly WecomRecord[], reading: PunchReading): ImportedPunch[] {
  return records.flatMap((record) => {
    const personId = reading.personOf(record.userid)
    const at = record.checkin_time * 1000
    const odd = record.exception_type.split(';').filter((each) => each !== '')
    if (personId === undefined || odd.includes('未打卡')) return []
    if (record.checkin_type === '外出打卡' && !reading.outsideCounts(record.groupid)) return []
    if (reading.isOurs(personId, at)) return []
    return [{ personId, id: punchIdOf(record), at, source: 'wecom' as const, place: record.location_title, detail: detailOf(record, odd) }] // prettier-ignore
  })
}

const punchIdOf = (record: WecomRecord) =>
  ['wecom', TYPE[record.checkin_type] ?? 'punch', record.checkin_time, record.sch_checkin_time].join(':') // prettier-ignore

const TYPE: Readonly<Record<string, string>> = {
  上班打卡: 'in',
  下班打卡: 'out',
  外出打卡: 'outside',
}

const detailOf = (record: WecomRecord, odd: readonly string[]) => ({
  ...{ type: record.checkin_type, group: record.groupname, address: record.location_detail },
  ...(odd.length > 0 && { odd }),
  ...(record.notes && { note: record.notes }),
  ...(record.wifiname && { wifi: record.wifiname }),
  ...(record.sch_checkin_time > 0 && { dueAt: record.sch_checkin_time * 1000 }),
  ...((record.lat !== 0 || record.lng !== 0) && {
    gcj02: [degrees(record.lng), degrees(record.lat)],
  }),
  ...(record.mediaids.length > 0 && { mediaIds: record.mediaids }),
})

/** Shifts of persons by date. Ours names shifts within the person's rule set. Pure. */
export function rosterOf(
  rows: readonly WecomRoster[],
  personOf: (userId: string) => string | undefined,
): RosterEntry[] {
  return rows.flatMap(({ userid, yearmonth, schedule }) => {
    const personId = personOf(userid)
    if (personId === undefined) return []
    const month = `${Math.floor(yearmonth / 100)}-${String(yearmonth % 100).padStart(2, '0')}`
    return schedule.scheduleList.map(({ day, schedule_info: { schedule_id: id } }) => ({
      personId,
      date: `${month}-${String(day).padStart(2, '0')}`,
      shiftId: id === 0 ? null : shiftIdOf(id),
    }))
  })
}
