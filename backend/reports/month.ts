import { readCell, type AttendanceMonth } from '../contract/months.ts'
import { escaped } from '../core/http/guard.ts'
import { tableOf, type Content } from './html.ts'

/** What a cell says on paper, by its first mark. */
const SIGNS: Record<string, string> = {
  ...{ n: '✓', l: '迟', s: '严', e: '早', m: '缺', a: '旷', k: '短', v: '假', o: '外' },
  ...{ c: '补', t: '加', p: '待', r: '', h: '', u: '', w: '', x: '–' },
}
const LEGEND = '✓ 正常 · 迟 迟到 · 严 严重迟到 · 早 早退 · 缺 缺卡 · 旷 旷工 · 短 工时不足 · 假 请假 · 外 外出 · 补 补卡 · 加 加班 · 待 待定 · – 不在职' // prettier-ignore
const STATES: Record<AttendanceMonth['lock']['state'], string> = {
  ...{ open: '未锁定，仍会变化', grace: '宽限期内，仍会变化' },
  ...{ locked: '已锁定', reopened: '重新打开，仍会变化' },
}

/** A month of attendance as a matrix with its sums. */
export function monthContent(month: AttendanceMonth, zone: string): Content {
  const days = month.days.map(({ date }) => String(Number(date.slice(-2))))
  const head = ['姓名', ...days, '出勤天', '迟到', '早退', '缺卡', '旷工天']
  const rows = month.rows.map(({ name, cells, totals }) => [
    name,
    ...cells.map((cell) => SIGNS[readCell(cell).marks[0] ?? ''] ?? ''),
    String(totals.attendedDays),
    String(totals.late + totals.seriousLate),
    String(totals.early),
    String(totals.missing),
    String(totals.absentDays),
  ])
  const more = month.people - month.rows.length
  const rest = more > 0 ? `<p>另有 ${more} 人不在这份报表里，请按部门分开打印。</p>` : ''
  return {
    title: `${month.month} 考勤月报`,
    subtitle: `${month.people} 人 · ${STATES[month.lock.state]}`,
    body: `${tableOf(head, rows)}<p>${escaped(LEGEND)}</p>${rest}`,
    wide: true,
    zone,
  }
}
