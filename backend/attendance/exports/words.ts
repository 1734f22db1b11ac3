export type Language = 'zh' | 'en'

/** Words of the files, in the language of who asks for them. */
export const WORDS = {
  zh: {
    sheets: { about: '说明', matrix: '月表', daily: '每日', punches: '打卡', corrections: '补卡', summary: '汇总' },
    about: {
      item: '项目', value: '内容', company: '公司', month: '月份', zone: '时区（本文件所有时刻）', department: '部门', all: '全部',
      search: '筛选', none: '无', people: '人数', closing: '月份状态', lockedAt: '锁定时间', rules: '考勤规则', chain: '打卡记录链头',
      madeAt: '生成时间', madeBy: '生成人', signs: '符号',
    },
    closing: { open: '未锁定', grace: '补卡宽限中', locked: '已锁定', reopened: '已重新打开' },
    column: {
      name: '姓名', account: '账号', department: '部门', position: '职务', date: '日期', dayType: '日期类型', shift: '班次', rules: '考勤规则',
      result: '结果', firstIn: '首次上班卡', lastOut: '末次下班卡', required: '应出勤（分钟）', worked: '出勤（分钟）', leave: '请假（分钟）', outing: '外出（分钟）',
      forgiven: '宽免（分钟）', late: '迟到（分钟）', early: '早退（分钟）', unproven: '缺卡未证（分钟）', absent: '旷工（分钟）', short: '工时不足（分钟）',
      overtime: '加班', dueDays: '应出勤（天）', attendedDays: '出勤（天）', lateTimes: '迟到（次）', seriousLate: '严重迟到（次）', earlyTimes: '早退（次）',
      missing: '缺卡（次）', absentDays: '旷工（天）', corrected: '补卡（次）', overtimeWorkday: '工作日加班', overtimeRestday: '休息日加班',
      overtimeHoliday: '节假日加班', lieu: '调休', penalties: '累计处理', punchedAt: '打卡时间', source: '来源', use: '用途', due: '应打卡', dueAt: '应打时间',
      correctedTo: '补卡时间',
    },
    mark: {
      n: '√', l: '迟', s: '重迟', e: '早', m: '缺', a: '旷', k: '短', v: '假', o: '外', c: '补', t: '加', p: '待', r: '休', h: '节', u: '—', w: '班', x: '离',
    },
    markName: {
      n: '正常', l: '迟到', s: '严重迟到', e: '早退', m: '缺卡', a: '旷工', k: '工时不足', v: '请假', o: '外出', c: '补卡', t: '加班', p: '待定', r: '休息', h: '节假日', u: '未排班', w: '调休上班', x: '不在职',
    },
    dayType: { workday: '工作日', restday: '休息日', holiday: '节假日', unscheduled: '未排班', not_employed: '不在职' },
    source: { checkin: '签到打卡', device: '考勤机', wecom: '企业微信', import: '导入' },
    use: { between: '首末之间', repeated: '一分钟内重复', outside: '不在任何时段', overwritten: '被补卡代替', too_soon: '离首次太近', day: '当日' },
    due: { in: '上班', out: '下班' },
    makes: { absent_half_day: '旷工半天', absent_day: '旷工一天', notice: '提醒' },
  },
  en: {
    sheets: { about: 'About', matrix: 'Month', daily: 'Daily', punches: 'Punches', corrections: 'Corrections', summary: 'Summary' },
    about: {
      item: 'Item', value: 'Value', company: 'Company', month: 'Month', zone: 'Time zone (of all times here)', department: 'Department', all: 'All',
      search: 'Filter', none: 'None', people: 'People', closing: 'State of the month', lockedAt: 'Locked at', rules: 'Rules', chain: 'Head of the chain of punches',
      madeAt: 'Made at', madeBy: 'Made by', signs: 'Signs',
    },
    closing: { open: 'open', grace: 'in grace', locked: 'locked', reopened: 'reopened' },
    column: {
      name: 'Name', account: 'Account', department: 'Department', position: 'Position', date: 'Date', dayType: 'Kind of day', shift: 'Shift', rules: 'Rules',
      result: 'Result', firstIn: 'First in', lastOut: 'Last out', required: 'Required (min)', worked: 'Worked (min)', leave: 'Leave (min)', outing: 'Outing (min)',
      forgiven: 'Forgiven (min)', late: 'Late (min)', early: 'Early (min)', unproven: 'Unproven (min)', absent: 'Absent (min)', short: 'Short (min)',
      overtime: 'Overtime', dueDays: 'Due (days)', attendedDays: 'Attended (days)', lateTimes: 'Late (times)', seriousLate: 'Seriously late (times)', earlyTimes: 'Early (times)',
      missing: 'Missing (times)', absentDays: 'Absent (days)', corrected: 'Corrected (times)', overtimeWorkday: 'Overtime, workdays', overtimeRestday: 'Overtime, rest days',
      overtimeHoliday: 'Overtime, holidays', lieu: 'Time in lieu', penalties: 'By counters', punchedAt: 'Punched at', source: 'Source', use: 'Use', due: 'Due', dueAt: 'Due at',
      correctedTo: 'Corrected to',
    },
    mark: {
      n: '√', l: 'L', s: 'L!', e: 'E', m: 'M', a: 'A', k: 'S', v: 'V', o: 'O', c: 'C', t: 'T', p: '?', r: '·', h: 'H', u: '—', w: 'W', x: '/',
    },
    markName: {
      n: 'normal', l: 'late', s: 'seriously late', e: 'early', m: 'missing', a: 'absent', k: 'short', v: 'leave', o: 'outing', c: 'corrected', t: 'overtime', p: 'pending', r: 'rest day', h: 'holiday', u: 'unscheduled', w: 'make-up workday', x: 'not employed',
    },
    dayType: { workday: 'workday', restday: 'rest day', holiday: 'holiday', unscheduled: 'unscheduled', not_employed: 'not employed' },
    source: { checkin: 'check-in', device: 'time clock', wecom: 'WeCom', import: 'import' },
    use: { between: 'between first and last', repeated: 'repeated within a minute', outside: 'outside of every window', overwritten: 'replaced by a correction', too_soon: 'too soon after the first', day: 'of the day' },
    due: { in: 'in', out: 'out' },
    makes: { absent_half_day: 'half a day absent', absent_day: 'a day absent', notice: 'notice' },
  },
} as const // prettier-ignore

export type ExportWords = (typeof WORDS)[Language]

/** A word of a list, or the key itself where the list has none. */
export const wordIn = (list: Readonly<Record<string, string>>, key: string) => list[key] ?? key
