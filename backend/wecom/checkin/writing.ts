import { z } from 'zod'
import type { WecomNewRecord } from '../../contract/wecomCheckin.ts'
import type { Call } from '../api/caller.ts'
import { patiently, type Patience } from './patience.ts'
import { chunksOf, midnightOf } from './slices.ts'

/** A punch of ours for WeCom's own statistics. It counts there only if it fits a rule. */
export interface RecordToWrite {
  at: number // epoch ms; WeCom keeps seconds
  title: string // of the place
  detail: string // its address
  notes?: string
  /** GCJ-02, degrees. */
  position?: { lng: number; lat: number }
  /** A photo that WeCom still has. */
  mediaId?: string
  wifi?: { name: string; mac: string }
}

/** An approved correction of a punch. */
export interface CorrectionToWrite {
  date: string // work date
  /** When the punch was due, seconds after midnight; left out where no time is due. */
  dueSeconds?: number
  at: number // epoch ms of the corrected punch, not in the future
  remark: string
}

const DEVICE_OTHER = 3 // not a door (1), not a machine (2)
const DEVICE = '足迹 Zuji' // WeCom: the brand, 40 characters
const MOST_CHARS = 1_024
const MOST_REMARK = 512 // bytes
const MAC = /^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/

/** The record in WeCom's words: texts cut where WeCom would refuse the whole call. */
export function recordFor(userid: string, record: RecordToWrite): WecomNewRecord {
  const { at, title, detail, notes, position, mediaId, wifi } = record
  return {
    userid,
    checkin_time: Math.floor(at / 1000),
    location_title: cut(title) || '-',
    location_detail: cut(detail) || cut(title) || '-',
    device_type: DEVICE_OTHER,
    device_detail: DEVICE,
    ...(notes && { notes: cut(notes) }),
    ...(position && { lat: micro(position.lat, 90), lng: micro(position.lng, 180) }),
    ...(mediaId && { mediaids: [mediaId] }),
    ...(wifi && MAC.test(wifi.mac) && { wifiname: cut(wifi.name), wifimac: wifi.mac }),
  }
}

/** Degrees as WeCom wants them; what is a millionth already is a mistake of the caller's. */
function micro(degrees: number, most: number): number {
  if (!(Math.abs(degrees) <= most)) throw new RangeError('a position is in degrees')
  return Math.round(degrees * 1_000_000)
}

const cut = (text: string) => [...text].slice(0, MOST_CHARS).join('')

/** At most so many bytes of UTF-8, no letter in halves. */
function cutBytes(text: string, most: number): string {
  let kept = ''
  let length = 0
  for (const letter of text) {
    length += Buffer.byteLength(letter)
    if (length > most) break
    kept += letter
  }
  return kept
}

const Ok = z.looseObject({})

/** One call for at most 200 records; it is not repeated when its answer is lost. */
export const writeRecords = (call: Call, records: readonly WecomNewRecord[]) =>
  call.post('/cgi-bin/checkin/add_checkin_record', { records }, Ok)

/** Overwrites what stands for that due: the same again changes nothing. */
export const writeCorrection = (call: Call, userid: string, correction: CorrectionToWrite) =>
  call.post(
    '/cgi-bin/checkin/punch_correction',
    {
      userid,
      schedule_date_time: midnightOf(correction.date),
      ...(correction.dueSeconds !== undefined && { schedule_checkin_time: correction.dueSeconds }),
      checkin_time: Math.floor(correction.at / 1000),
      remark: cutBytes(correction.remark, MOST_REMARK),
    },
    Ok,
  )

/** A shift of one member and day in a rule of WeCom's; 0 rests. */
export interface RosterDay {
  userId: string
  day: number
  scheduleId: number
}

const MOST_ROSTER_DAYS = 1_000 // not published; 60 calls a minute still write 300 people's month at once

/**
 * Writes shifts of one rule and month; WeCom takes future dates only (301073). The same again changes nothing.
 * @param yearMonth as 202012
 */
export async function writeRoster(
  writing: Patience & { call: Call },
  roster: { groupId: number; yearMonth: number; days: readonly RosterDay[] },
): Promise<void> {
  for (const days of chunksOf(roster.days, MOST_ROSTER_DAYS)) {
    const items = days.map(({ userId: userid, day, scheduleId: schedule_id }) => ({
      ...{ userid, day, schedule_id },
    }))
    const body = { groupid: roster.groupId, items, yearmonth: roster.yearMonth }
    await patiently(writing, () =>
      writing.call.inquire('/cgi-bin/checkin/setcheckinschedulist', body, Ok),
    )
  }
}
