import type { Cell, CellKind, Column } from '../../core/sheets/write.ts'
import { momentOf, type PersonDay } from './columns.ts'
import type { PersonSheet, Wanted } from './sheets.ts'
import type { ExportDay, ExportPerson } from './source.ts'
import { wordIn } from './words.ts'

/**
 * The sheets of WeCom's own export (admin console), with its column titles: for payroll programs that read
 * those. Hours have one decimal, late and early are minutes, as WeCom has them.
 */
export const wecomSheets = (wanted: Wanted): PersonSheet[] => [
  {
    sheet: { name: '上下班打卡_日报', columns: DAY.map(head), frozenColumns: 2 },
    rowsOf: (person) =>
      person.days.map((day) => DAY.map((column) => column.of({ person, day }, wanted))),
  },
  monthSheet(wanted),
]

interface WecomColumn<Of> {
  title: string
  kind: CellKind
  width?: number
  of: (of: Of, wanted: Wanted) => Cell
}

const head = <Of>({ title, kind, width }: WecomColumn<Of>): Column => ({
  ...{ title, kind },
  ...(width !== undefined && { width }),
})

const hours = (minutes: number) => Math.round(minutes / 6) / 10
const results = (day: ExportDay, ...wanted: string[]) =>
  day.due.filter(({ result }) => wanted.includes(result)).length

/** What WeCom counts, over one day or all of a month. */
const counters = <Of>(
  ledgersOf: (of: Of) => readonly ExportDay[],
): WecomColumn<Of>[] => {
  const sum = (of: Of, count: (ledger: ExportDay) => number) =>
    ledgersOf(of).reduce((total, ledger) => total + count(ledger), 0)
  const whole = (title: string, count: (ledger: ExportDay) => number): WecomColumn<Of> => ({
    ...{ title, kind: 'whole' },
    of: (of) => sum(of, count),
  })
  return [
    whole('异常合计(次)', (each) => results(each, 'late', 'serious_late', 'early', 'missing', 'absent')),
    whole('迟到次数(次)', (each) => results(each, 'late', 'serious_late')),
    whole('迟到时长(分钟)', ({ minutes }) => minutes.late),
    whole('早退次数(次)', (each) => results(each, 'early')),
    whole('早退时长(分钟)', ({ minutes }) => minutes.early),
    whole('旷工次数(次)', (each) => (each.minutes.absent > 0 ? 1 : 0)),
    whole('旷工时长(分钟)', ({ minutes }) => minutes.absent),
    whole('缺卡次数(次)', (each) => results(each, 'missing')),
    { title: '加班时长(小时)', kind: 'decimal', of: (of) => hours(sum(of, ({ minutes }) => minutes.overtime)) },
    { title: '外出(小时)', kind: 'decimal', of: (of) => hours(sum(of, ({ minutes }) => minutes.outing)) },
    { title: '请假(小时)', kind: 'decimal', of: (of) => hours(sum(of, ({ minutes }) => minutes.leave)) },
  ]
} // prettier-ignore

const usedPunches = ({ day }: PersonDay) => day.punches.map(({ at }) => at)

const DAY: WecomColumn<PersonDay>[] = [
  { title: '时间', kind: 'date', width: 12, of: ({ day }) => day.date },
  { title: '姓名', kind: 'text', of: ({ person }) => person.name },
  { title: '账号', kind: 'text', width: 14, of: ({ person }) => person.id },
  { title: '部门', kind: 'text', width: 16, of: ({ person }) => person.department },
  { title: '职务', kind: 'text', of: ({ person }) => person.position },
  { title: '所属规则', kind: 'text', width: 14, of: ({ day }) => day.rules },
  { title: '班次', kind: 'text', width: 14, of: ({ day }) => day.shift ?? '休息' },
  { title: '最早', kind: 'moment', width: 19, of: (of) => momentOf(of.day, least(usedPunches(of))) },
  { title: '最晚', kind: 'moment', width: 19, of: (of) => momentOf(of.day, most(usedPunches(of))) },
  { title: '次数(次)', kind: 'whole', of: (of) => usedPunches(of).length },
  { title: '标准工作时长(小时)', kind: 'decimal', of: ({ day }) => hours(day.minutes.required) },
  { title: '实际工作时长(小时)', kind: 'decimal', of: ({ day }) => hours(workedOf(day)) },
  { title: '考勤结果', kind: 'text', width: 14, of: ({ day }, { words }) => [...day.marks].map((mark) => wordIn(words.markName, mark)).join(';') },
  ...counters<PersonDay>(({ day }) => [day]),
] // prettier-ignore

const least = (values: readonly number[]) => (values.length === 0 ? null : Math.min(...values))
const most = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values))
const workedOf = ({ minutes }: ExportDay) => minutes.worked + minutes.outing + minutes.forgiven

const ledgersOf = ({ days }: ExportPerson) => days
const isNormal = ({ minutes: { required, worked, leave, outing, forgiven } }: ExportDay) =>
  required > 0 && worked + leave + outing + forgiven === required

const MONTH: WecomColumn<ExportPerson>[] = [
  { title: '姓名', kind: 'text', of: ({ name }) => name },
  { title: '账号', kind: 'text', width: 14, of: ({ id }) => id },
  { title: '部门', kind: 'text', width: 16, of: ({ department }) => department },
  { title: '职务', kind: 'text', of: ({ position }) => position },
  { title: '所属规则', kind: 'text', width: 14, of: ({ days }) => [...new Set(days.map(({ rules }) => rules))].join(';') },
  { title: '应打卡天数(天)', kind: 'whole', of: (of) => ledgersOf(of).filter(({ minutes }) => minutes.required > 0).length },
  { title: '正常天数(天)', kind: 'whole', of: (of) => ledgersOf(of).filter(isNormal).length },
  { title: '异常天数(天)', kind: 'whole', of: (of) => ledgersOf(of).filter((each) => each.minutes.required > 0 && !isNormal(each)).length },
  { title: '标准工作时长(小时)', kind: 'decimal', of: ({ totals }) => hours(totals.minutes.required) },
  { title: '实际工作时长(小时)', kind: 'decimal', of: (of) => hours(ledgersOf(of).reduce((sum, each) => sum + workedOf(each), 0)) },
  ...counters<ExportPerson>(ledgersOf),
] // prettier-ignore

function monthSheet(wanted: Wanted): PersonSheet {
  const days = wanted.days.map(({ date }): Column => ({ title: String(Number(date.slice(8))), kind: 'text', width: 8 })) // prettier-ignore
  const named = (cell: string) => wordIn(wanted.words.markName, cell[0] ?? '')
  return {
    sheet: { name: '上下班打卡_月报', columns: [...MONTH.map(head), ...days], frozenColumns: 2 },
    rowsOf: (person) => [
      [...MONTH.map((column) => column.of(person, wanted)), ...person.cells.map(named)],
    ],
  }
}
