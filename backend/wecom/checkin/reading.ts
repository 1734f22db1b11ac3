import { z, type ZodType } from 'zod'
import {
  WecomDay,
  WecomGroup,
  WecomMonth,
  WecomRecord,
  WecomRoster,
} from '../../contract/wecomCheckin.ts'
import type { Call } from '../api/caller.ts'
import { told } from '../api/verdict.ts'
import { patiently, type Patience } from './patience.ts'
import { chunksOf, midnightOf, slicesOf, type Asked, type Slice } from './slices.ts'

export interface Reading extends Patience {
  call: Call
}

/** What was read, and the members whom WeCom does not know or does not show to this app. */
export interface Read<T> {
  rows: T[]
  unknown: string[]
}

/** 1 at work, 2 outside (外出打卡), 3 both. */
export type RecordKind = 1 | 2 | 3

const Groups = z.object({ group: z.array(WecomGroup) })
const GroupsOf = z.object({ info: z.array(z.object({ userid: z.string(), group: WecomGroup })) })
const Records = z.object({ checkindata: z.array(WecomRecord) })
const Rosters = z.object({ schedule_list: z.array(WecomRoster) })
const Days = z.object({ datas: z.array(WecomDay) })
const Months = z.object({ datas: z.array(WecomMonth) })

const UNKNOWN_MEMBER = [301021, 40003, 60111, 60021]

/** All rules of the company, with whom they are for. */
export const rulesOf = async (reading: Reading): Promise<WecomGroup[]> =>
  (await inquire(reading, 'getcorpcheckinoption', {}, Groups)).group

/** Which rule holds for each member on a date; nobody's name is in it who has none. */
export function rulesOn(reading: Reading, asked: { userIds: readonly string[]; date: string }) {
  const datetime = midnightOf(asked.date)
  const slices = chunksOf(asked.userIds, 100).map((useridlist) => ({ datetime, useridlist }))
  return inSlices(slices, async (slice) => {
    const { info } = await inquire(reading, 'getcheckinoption', slice, GroupsOf)
    return info
  })
}

/**
 * Punches, oldest first. WeCom keeps them by the day and without ids, so whole days are asked, what comes
 * twice is one, and a punch may lie outside of the dates (that of a night shift). 未打卡 rows are no punches.
 */
export async function recordsOf(
  reading: Reading,
  asked: Asked & { kind: RecordKind },
): Promise<Read<WecomRecord>> {
  const opencheckindatatype = asked.kind
  const { rows, unknown } = await inSlices(slicesOf(asked, 'second'), async (slice) => {
    const body = { opencheckindatatype, ...slice }
    return (await inquire(reading, 'getcheckindata', body, Records)).checkindata
  })
  const once = new Map(rows.map((row) => [recordKeyOf(row), row]))
  const inOrder = [...once.values()].sort((a, b) => a.checkin_time - b.checkin_time)
  return { rows: inOrder, unknown }
}

/** What tells a punch from every other: WeCom gives it no id. */
export const recordKeyOf = (record: WecomRecord): string =>
  [
    record.userid.toLowerCase(),
    record.checkin_type,
    record.checkin_time,
    record.sch_checkin_time,
  ].join(' ')

/** Shifts of members whose rule has shifts, a row for each member and month. */
export const rostersOf = async (reading: Reading, asked: Asked): Promise<Read<WecomRoster>> => {
  const { rows, unknown } = await inSlices(slicesOf(asked, 'second'), async (slice) => {
    return (await inquire(reading, 'getcheckinschedulist', slice, Rosters)).schedule_list
  })
  return { rows: joined(rows), unknown }
}

/** A month that lies in two slices is one row again. */
function joined(rows: readonly WecomRoster[]): WecomRoster[] {
  const months = new Map<string, WecomRoster>()
  for (const row of rows) {
    const key = [row.userid.toLowerCase(), row.yearmonth, row.groupid].join(' ')
    const days = new Map(
      [...(months.get(key)?.schedule.scheduleList ?? []), ...row.schedule.scheduleList].map(
        (each) => [each.day, each],
      ),
    )
    const scheduleList = [...days.values()].sort((a, b) => a.day - b.day)
    months.set(key, { ...row, schedule: { scheduleList } })
  }
  return [...months.values()]
}

/** How WeCom judges each person-day. Today is not judged yet: ask for days that are over. */
export const daysOf = (reading: Reading, asked: Asked): Promise<Read<WecomDay>> =>
  inSlices(slicesOf(asked, 'midnight'), async (slice) => {
    return (await inquire(reading, 'getcheckin_daydata', slice, Days)).datas
  })

/** Sums over at most 30 days: sums of two slices are not one sum, so more is not asked. */
export const monthsOf = (reading: Reading, asked: Asked): Promise<Read<WecomMonth>> => {
  if (midnightOf(asked.to) - midnightOf(asked.from) > 30 * 86_400)
    throw new RangeError('WeCom sums up at most 31 dates')
  const slices = slicesOf({ ...asked, to: asked.from }, 'midnight')
  const endtime = midnightOf(asked.to)
  return inSlices(
    slices.map((slice) => ({ ...slice, endtime })),
    async (slice) => (await inquire(reading, 'getcheckin_monthdata', slice, Months)).datas,
  )
}

const inquire = <T>(reading: Reading, api: string, body: object, reply: ZodType<T>) =>
  patiently(reading, () => reading.call.inquire(`/cgi-bin/checkin/${api}`, body, reply))

/**
 * One member whom WeCom does not know costs a call all of its answer: it is halved until that member
 * stands alone, and he is told.
 */
async function inSlices<S extends Pick<Slice, 'useridlist'>, T>(
  slices: readonly S[],
  ask: (slice: S) => Promise<T[]>,
): Promise<Read<T>> {
  const rows: T[] = []
  const unknown = new Set<string>()
  const queue = [...slices]
  for (let slice = queue.shift(); slice; slice = queue.shift())
    try {
      for (const row of await ask(slice)) rows.push(row)
    } catch (error) {
      if (!UNKNOWN_MEMBER.includes(told(error)?.errcode ?? 0)) throw error
      const [first, ...others] = slice.useridlist
      if (first !== undefined && others.length === 0) unknown.add(first)
      else queue.unshift(...halvesOf(slice))
    }
  return { rows, unknown: [...unknown] }
}

function halvesOf<S extends Pick<Slice, 'useridlist'>>(slice: S): S[] {
  const middle = Math.ceil(slice.useridlist.length / 2)
  return [slice.useridlist.slice(0, middle), slice.useridlist.slice(middle)].map((useridlist) => ({
    ...slice,
    useridlist,
  }))
}
