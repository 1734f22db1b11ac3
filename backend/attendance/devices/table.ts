import type { PunchOutcome } from '../../contract/devicePunches.ts'
import { IsoDate } from '../../contract/terms.ts'
import { momentOf } from '../clock.ts'
import { ACCOUNT, byAccount, columnOf, NAME } from '../columns.ts'
import type { NewPunch } from '../days/queries.ts'
import type { TextTable } from '../../core/sheets/readTable.ts'

type Wrong = PunchOutcome['errors'][number]
interface Known {
  readonly id: string
  readonly userId: string // what the directory calls him now
  readonly name: string
  readonly zone: string // IANA, whose wall clock the file's times are
}

/** Where a table has 打卡时间, its 考勤时间 (DingTalk's) is when the punch was due. */
const PUNCHED = /^(打卡时间|刷卡时间|punched at)$/i
const MOMENT = /^(考勤时间|日期时间|datetime|timestamp)$/i
const DATE = /^(日期|打卡日期|考勤日期|date)$/i
const TIME = /^(时间|time)$/i
const PLACE = /^(设备|设备名称|考勤机|地点|打卡地点|打卡地址|device|place)$/i
const RESULT = /^(打卡结果|打卡状态|异常状态|result)$/i
const NOT_PUNCHED = /^(未打卡|缺卡|--)$/
const NUMBER = /^(流水号|记录编号|id)$/i
const WRITTEN = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T ]+([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/ // prettier-ignore
const OLDEST_MS = 400 * 86_400_000

/**
 * Punches out of a time clock's table: an account, and a time of the person's wall clock in one column or two.
 * A punch has the file's number where there is one, else its moment: the same file again is the same punches.
 */
export function punchesOf(
  { titles, rows }: TextTable,
  people: readonly Known[],
  now: number,
): { punches: NewPunch[]; errors: Wrong[] } {
  const column = columnsOf(titles)
  const lacking = lackIn(column)
  if (lacking) return { punches: [], errors: [{ line: 1, ...lacking }] }
  const known = byAccount(people, (each) => each)
  const punches: NewPunch[] = []
  const errors: Wrong[] = []
  for (const { line, values } of rows) {
    const cell: CellOf = (of) => (values[column[of]] ?? '').trim()
    if (isMissing(cell)) continue
    const person = known.get(cell('account').toLowerCase())
    const read = person ? punchIn(person, cell, now) : STRANGER
    if ('rule' in read) errors.push({ line, ...read })
    else punches.push(read)
  }
  return { punches, errors }
}

type Columns = ReturnType<typeof columnsOf>
type CellOf = (column: keyof Columns) => string

const columnsOf = (titles: readonly string[]) => ({
  account: columnOf(titles, ACCOUNT),
  name: columnOf(titles, NAME),
  moment: [PUNCHED, MOMENT].map((of) => columnOf(titles, of)).find((at) => at >= 0) ?? -1,
  date: columnOf(titles, DATE),
  time: columnOf(titles, TIME),
  place: columnOf(titles, PLACE),
  number: columnOf(titles, NUMBER),
  result: columnOf(titles, RESULT),
})

/** Exports of DingTalk and WeCom have a row, too, for a punch that was due and never made. */
const isMissing = (cell: CellOf) =>
  NOT_PUNCHED.test(cell('moment')) || (cell('moment') === '' && NOT_PUNCHED.test(cell('result')))

/** The moment in one cell, or its day and its time of day in two; WeCom's 打卡时间 beside a 日期 is a time of day. */
function toldIn(cell: CellOf): string {
  const moment = cell('moment')
  if (/^\d{4}/.test(moment)) return moment
  return `${cell('date').split(/\s/)[0] ?? ''} ${clockOf(moment || cell('time'))}`
}

function lackIn({ account, moment, date, time }: Columns): Omit<Wrong, 'line'> | null {
  if (account < 0) return { field: 'account', rule: 'must have a column 账号 or userid' }
  const timed = moment >= 0 || (date >= 0 && time >= 0)
  return timed ? null : { field: 'time', rule: 'must have a column 打卡时间, or 日期 and 时间' }
}

const STRANGER = { field: 'account', rule: 'must be the account of somebody of the company' }

function punchIn(person: Known, cell: CellOf, now: number): NewPunch | Omit<Wrong, 'line'> {
  const name = cell('name')
  if (name !== '' && name !== person.name) return { field: 'name', rule: 'must be the name of this account' } // prettier-ignore
  const at = momentIn(toldIn(cell), person.zone)
  if (at === undefined) return { field: 'time', rule: 'must be a time such as 2026-03-01 08:58' }
  if (at > now) return { field: 'time', rule: 'must not lie in the future' }
  if (at < now - OLDEST_MS) return { field: 'time', rule: 'must not be older than 400 days' }
  const id = `device:${cell('number') || at}`
  return { personId: person.id, id, at, source: 'device', place: cell('place') || undefined }
}

/** A time of day as spreadsheets keep it, a fraction of the day, as the clock shows it. */
function clockOf(text: string): string {
  if (!/^0?\.\d+$/.test(text)) return text
  const seconds = Math.round(Number(text) * 86_400)
  return new Date(seconds * 1000).toISOString().slice(11, 19)
}

/** @returns undefined for what is no time of the calendar */
function momentIn(text: string, zone: string): number | undefined {
  const [, ...parts] = WRITTEN.exec(text) ?? []
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0)) // prettier-ignore
  const date = IsoDate.safeParse([year, month, day].map((part) => String(part).padStart(2, '0')).join('-')) // prettier-ignore
  if (!date.success) return undefined
  return momentOf(hour * 60 + minute, zone, date.data) + second * 1000
}
