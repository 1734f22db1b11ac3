import type { Cell, CellKind, Column } from '../../core/sheets/write.ts'
import { momentOf, type PersonDay } from './columns.ts'
import { requestsOf } from './granted.ts'
import type { PersonSheet, Wanted } from './sheets.ts'
import type { ExportDay, ExportPerson, OutingPunch } from './source.ts'
import { countersOf, hours, round, workedOf, type WecomColumn } from './wecomCounters.ts'
import { wordIn } from './words.ts'

/**
 * The sheets of WeCom's own export (admin console), with its column titles: for payroll programs that read
 * those. Hours have one decimal, late and early are minutes, as WeCom has them.
 */
export const wecomSheets = (wanted: Wanted): PersonSheet[] => [
  daySheet(wanted),
  monthSheet(wanted),
  {
    sheet: { name: '外出打卡', columns: OUTING.map(head), frozenColumns: 1 },
    rowsOf: (person) =>
      person.outings.map((outing) => OUTING.map((column) => column.of({ person, outing }))),
  },
]

const head = ({ title, kind, width }: { title: string; kind: CellKind; width?: number }): Column => ({ title, kind, ...(width !== undefined && { width }) }) // prettier-ignore

const usedPunches = ({ day }: PersonDay) => day.punches.map(({ at }) => at)
const least = (values: readonly number[]) => (values.length === 0 ? null : Math.min(...values))
const most = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values))

const person = <Of>(personOf: (of: Of) => ExportPerson): WecomColumn<Of>[] => [
  { title: '姓名', kind: 'text', of: (of) => personOf(of).name },
  { title: '账号', kind: 'text', width: 14, of: (of) => personOf(of).userId },
  { title: '部门', kind: 'text', width: 16, of: (of) => personOf(of).department },
  { title: '职务', kind: 'text', of: (of) => personOf(of).position },
]

function daySheet(wanted: Wanted): PersonSheet {
  const { words } = wanted
  const kinds = new Map(wanted.leaveKinds.map((kind) => [kind.key, kind]))
  const columns: WecomColumn<PersonDay>[] = [
    { title: '时间', kind: 'date', width: 12, of: ({ day }) => day.date },
    ...person<PersonDay>((of) => of.person),
    { title: '工号', kind: 'text', width: 14, of: (of) => of.person.id },
    { title: '所属规则', kind: 'text', width: 14, of: ({ day }) => day.rules },
    { title: '班次', kind: 'text', width: 14, of: ({ day }) => day.shift ?? '休息' },
    { title: '最早', kind: 'moment', width: 19, of: (of) => momentOf(of.day, least(usedPunches(of))) },
    { title: '最晚', kind: 'moment', width: 19, of: (of) => momentOf(of.day, most(usedPunches(of))) },
    { title: '次数(次)', kind: 'whole', of: (of) => usedPunches(of).length },
    { title: '标准工作时长(小时)', kind: 'decimal', of: ({ day }) => hours(day.minutes.required) },
    { title: '实际工作时长(小时)', kind: 'decimal', of: ({ day }) => hours(workedOf(day)) },
    { title: '假勤申请', kind: 'text', width: 24, of: ({ day }) => requestsOf(day, kinds) },
    { title: '考勤结果', kind: 'text', width: 14, of: ({ day }) => [...day.marks].map((mark) => wordIn(words.markName, mark)).join(';') },
    ...countersOf<PersonDay>(wanted.leaveKinds, 'day', (of) => of.person, ({ day }) => [day]),
  ] // prettier-ignore
  return {
    sheet: { name: '上下班打卡_日报', columns: columns.map(head), frozenColumns: 2 },
    rowsOf: (of) => of.days.map((day) => columns.map((column) => column.of({ person: of, day }))),
  }
}

const isNormal = ({ minutes: { required, worked, leave, outing, forgiven } }: ExportDay) =>
  required > 0 && worked + leave + outing + forgiven === required

const isDue = ({ minutes }: ExportDay) => minutes.required > 0

const MONTH: WecomColumn<ExportPerson>[] = [
  ...person<ExportPerson>((of) => of),
  { title: '所属规则', kind: 'text', width: 14, of: ({ days }) => [...new Set(days.map(({ rules }) => rules))].join(';') },
  { title: '应打卡天数(天)', kind: 'whole', of: ({ days }) => days.filter(isDue).length },
  { title: '正常天数(天)', kind: 'whole', of: ({ days }) => days.filter(isNormal).length },
  { title: '异常天数(天)', kind: 'whole', of: ({ days }) => days.filter((day) => isDue(day) && !isNormal(day)).length },
  { title: '标准工作时长(小时)', kind: 'decimal', of: ({ totals }) => hours(totals.minutes.required) },
  { title: '实际工作时长(小时)', kind: 'decimal', of: ({ days }) => hours(round(days.reduce((sum, day) => sum + workedOf(day), 0))) },
] // prettier-ignore

function monthSheet({ days, words, leaveKinds }: Wanted): PersonSheet {
  const counters = countersOf<ExportPerson>(leaveKinds, 'month', (of) => of, (of) => of.days) // prettier-ignore
  const own = [...MONTH, ...counters]
  const dates = days.map(({ date }): Column => ({ title: String(Number(date.slice(8))), kind: 'text', width: 8 })) // prettier-ignore
  const named = (cell: string): Cell => wordIn(words.markName, cell[0] ?? '')
  return {
    sheet: { name: '上下班打卡_月报', columns: [...own.map(head), ...dates], frozenColumns: 2 },
    rowsOf: (of) => [[...own.map((column) => column.of(of)), ...of.cells.map(named)]],
  }
}

interface OwnOuting {
  readonly person: ExportPerson
  readonly outing: OutingPunch
}

const OUTING: WecomColumn<OwnOuting>[] = [
  ...person<OwnOuting>((of) => of.person),
  { title: '打卡日期', kind: 'date', width: 12, of: ({ outing }) => outing.at.slice(0, 10) },
  { title: '打卡时间', kind: 'text', width: 10, of: ({ outing }) => outing.at.slice(11) },
  { title: '打卡地点', kind: 'text', width: 24, of: ({ outing }) => outing.place },
  { title: '详细地址', kind: 'text', width: 32, of: ({ outing }) => outing.address },
  { title: '备注', kind: 'text', width: 24, of: ({ outing }) => outing.note },
  { title: '图片', kind: 'whole', width: 8, of: ({ outing }) => outing.photos },
  { title: '设备', kind: 'text', width: 24, of: ({ outing }) => outing.device },
]
