import { expect, it } from 'vitest'
import { BUILT_IN } from '../../backend/attendance/calendars/index.ts'
import { CalendarYearInput } from '../../backend/contract/ruleSets.ts'
import { announcedIn, daysIn } from '../../h5/attendanceHr/calendar/announced.ts'

const ANNOUNCED = `国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全。`

it('reads the announcement of 2026 as the calendar has it', () => {
  const known = BUILT_IN[0]?.years.find(({ year }) => year === 2026)
  const { off, work } = announcedIn(ANNOUNCED, 2026)
  expect(off.map(([from, to]) => [from, to])).toEqual(known?.off.map(([from, to]) => [from, to]))
  expect(work).toEqual([...(known?.work ?? [])].sort())
  expect(off[1]?.[2]).toBe('春节')
  const statutory = daysIn('1/1 2/16-19 4/5 5/1-5/2 6/19 9/25 10月1日至3日', 2026)
  expect(statutory).toEqual(known?.statutory)
  const input = { year: 2026, off, work, statutory, source: '国办发明电' }
  expect(CalendarYearInput.parse(input)).toEqual(input)
})

it('goes over the end of a year, and passes over what it does not understand', () => {
  const line = '一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。'
  expect(announcedIn(line, 2023).off).toEqual([['2022-12-31', '2023-01-02', '元旦']])
  expect(announcedIn('元旦快乐\n\n各地区：注意放假安全', 2027)).toEqual({ off: [], work: [] })
  expect(daysIn('什么也没有', 2027)).toEqual([])
})
