import { Temporal } from 'temporal-polyfill'
import type { WecomGroup } from '../../contract/wecomCheckin.ts'
import type { Db } from '../../core/db.ts'
import { wgs84ToGcj02 } from '../../../geo/index.ts'
import { listApproved } from '../../approvals/index.ts'
import { listCheckins, type ListedCheckin } from '../../checkins/index.ts'
import type { CheckinSink, CheckinSource, ToWrite } from './doors.ts'
import { dateAt } from './units.ts'

export interface WritingBack {
  db: Db
  source: CheckinSource
  sink: CheckinSink
  orgId: string
  now: number
}

const DAY_MS = 86_400_000

/**
 * Notes for WeCom every check-in of these people that counts, of some days around a date. What was refused,
 * or waits for a supervisor, is not told. @returns how many were new.
 */
export async function writeCheckins(
  { db, sink, orgId, now }: WritingBack,
  personIds: readonly string[],
  from: number, // epoch ms
): Promise<number> {
  const checkins = await listCheckins(db, { orgId, personIds, from, to: now + DAY_MS })
  let added = 0
  for (const each of checkins)
    if (each.standing === 'counts' && each.at <= now) {
      const punch = { orgId, personId: each.personId, key: `checkin:${each.id}`, now }
      if (await sink.note(db, { ...punch, what: recordOf(each) })) added++
    }
  return added
}

function recordOf({ at, place, note, lng, lat }: ListedCheckin): ToWrite {
  const title = place ?? '外勤'
  const [x, y] = lng === null || lat === null ? [] : wgs84ToGcj02([lng, lat])
  return {
    ...{ kind: 'record', at, title, detail: title },
    ...(note !== null && { notes: note }),
    ...(x !== undefined && y !== undefined && { position: { lng: x, lat: y } }),
  }
}

/** Notes for WeCom the corrections of a person that hold for work dates. @returns how many were new. */
export async function writeCorrections(
  writing: WritingBack,
  {
    personId,
    userId,
    zone,
    from,
    to,
  }: { personId: string; userId: string; zone: string; from: string; to: string },
): Promise<number> {
  const { db, sink, orgId, now } = writing
  const { corrections } = await listApproved(db, { orgId, personIds: [personId], from, to })
  const within = corrections.filter(({ date }) => date >= from && date <= to)
  const noted = await sink.noted(db, orgId, within.map(keyOf))
  let added = 0
  for (const correction of within.filter((each) => !noted.has(keyOf(each)))) {
    const { date, due, at } = correction
    const dueSeconds = await dueOf(writing, { userId, date, due })
    const instant = Temporal.PlainDateTime.from(at).toZonedDateTime(zone).epochMilliseconds
    const what = { kind: 'correction' as const, date, at: instant, remark: `足迹 Zuji 补卡 ${due}` }
    const told = dueSeconds === null ? what : { ...what, dueSeconds }
    if (await sink.note(db, { orgId, personId, key: keyOf(correction), what: told, now })) added++
  }
  return added
}

const keyOf = ({ requestId }: { requestId: string }) => `correction:${requestId}`

/** When WeCom's own rule has the due of a date, seconds after its midnight; null where it has none. */
async function dueOf(
  { source }: WritingBack,
  { userId, date, due }: { userId: string; date: string; due: string },
): Promise<number | null> {
  const { rows } = await source.rulesOn({ userIds: [userId], date })
  const group = rows[0]?.group
  if (!group) return null
  const times =
    group.grouptype === 2 ? await rosterTimes(source, userId, date) : timesOn(group, date)
  const section = times[Number(due.replace(/\D/g, '')) - 1]
  if (!section) return null
  return due.startsWith('in') ? section.work_sec : section.off_work_sec
}

async function rosterTimes(source: CheckinSource, userId: string, date: string) {
  const { rows } = await source.rosters({ userIds: [userId], from: date, to: date })
  const day = Number(date.slice(8))
  const own = rows.flatMap(({ schedule }) => schedule.scheduleList).find((each) => each.day === day)
  return own?.schedule_info.time_section ?? []
}

function timesOn(group: WecomGroup, date: string) {
  const special = group.spe_workdays.find(({ timestamp }) => dateAt(timestamp) === date)
  if (special) return special.checkintime
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  const rule = group.checkindate.find(({ workdays }) => workdays.includes(weekday))
  return (rule ?? group.checkindate[0])?.checkintime ?? []
}
