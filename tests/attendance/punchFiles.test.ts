import { describe, expect, it } from 'vitest'
import { punchesOf } from '../../backend/attendance/devices/table.ts'

const NOW = Date.parse('2026-11-25T00:00:00Z')
const people = [{ id: 'rep1', userId: 'rep1', name: '张三', zone: 'Asia/Shanghai' }]
const read = (titles: string[], rows: string[][]) =>
  punchesOf({ titles, rows: rows.map((values, index) => ({ line: index + 2, values })) }, people, NOW) // prettier-ignore
const AT = Date.parse('2026-11-24T00:58:00Z')

describe('punches as others export them', () => {
  it('are DingTalk’s 打卡时间, not when they were due; a punch never made is none', () => {
    const titles = ['姓名', '部门', 'UserId', '考勤日期', '考勤时间', '打卡时间', '打卡结果', '打卡地址'] // prettier-ignore
    const { punches, errors } = read(titles, [
      ['张三', '北区', 'rep1', '26-11-24 星期二', '2026-11-24 09:00', '2026-11-24 08:58', '正常', '公司'], // prettier-ignore
      ['张三', '北区', 'rep1', '26-11-24 星期二', '2026-11-24 18:00', '', '缺卡', ''],
    ])
    expect({ punches, errors }).toEqual({
      punches: [{ personId: 'rep1', id: `device:${AT}`, at: AT, source: 'device', place: '公司' }],
      errors: [],
    })
  })

  it('are WeCom’s day and time of day in two columns; 未打卡 is none', () => {
    const titles = ['日期', '姓名', '账号', '打卡类型', '打卡时间', '打卡状态', '打卡地点']
    const { punches, errors } = read(titles, [
      ['2026/11/24 星期二', '张三', 'rep1', '上班打卡', '08:58', '正常', '公司'],
      ['2026/11/24 星期二', '张三', 'rep1', '下班打卡', '未打卡', '缺卡', ''],
    ])
    expect(punches.map(({ at }) => at)).toEqual([AT])
    expect(errors).toEqual([])
  })

  it('name a bad row by line and field', () => {
    const { punches, errors } = read(['账号', '姓名', '打卡时间'], [
      ['rep1', '张三', '2026-11-24 25:00'],
      ['rep9', '张三', '2026-11-24 09:00'],
      ['rep1', '李四', '2026-11-24 09:00'],
      ['rep1', '张三', ''],
    ]) // prettier-ignore
    expect(punches).toEqual([])
    expect(errors.map(({ line, field }) => [line, field])).toEqual([[2, 'time'], [3, 'account'], [4, 'name'], [5, 'time']]) // prettier-ignore
  })
})
