import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Requests } from '../../backend/contract/approvals.ts'
import { AttendanceDay } from '../../backend/contract/months.ts'
import { offences } from '../support/axe.ts'
import { openStage, picture, type Stage } from '../support/stage.ts'
import { button, fits, openerOf, show } from '../support/story.ts'

const LEAD = 'lead03'
const REP = 'rep29' // of lead03, on the standard shift
const DAY = 86_400_000

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await mkdir(path.dirname(picture('any')), { recursive: true })
})
afterAll(() => stage.close())

const openAs = openerOf(() => stage)

const asked = async (who: string, scope: string) => {
  const headers = { authorization: `Bearer ${await stage.token(who)}` }
  const response = await fetch(`${stage.url}/api/v1/requests?scope=${scope}`, { headers })
  return Requests.parse(await response.json()).requests
}

/** What attendance makes of a due punch of the rep: its result, and whether it is corrected. */
async function punchOf(date: string, due: string) {
  const headers = { authorization: `Bearer ${await stage.token(REP)}` }
  const to = `${stage.url}/api/v1/attendance/people/${REP}/days/${date}`
  const { ledger } = AttendanceDay.parse(await (await fetch(to, { headers })).json())
  const found = ledger.due.find((each) => each.due === due)
  return [found?.result, found?.corrected]
}

/** The last workday but today, as the calendar of the demo has it. */
const yesterday = async () => {
  const known = await asked('rep02', 'mine')
  return known[0]?.from ?? new Date(Date.now() - DAY).toISOString().slice(0, 10)
}

test('a rep corrects a missing punch in three taps; the leader finds it with its facts and agrees; the rep sees how it went', async () => {
  const date = await yesterday()
  const rep = await openAs(REP, 'phone', `/requests/new/correction?date=${date}&due=out1`)
  await rep.page.getByRole('heading', { name: '补卡' }).waitFor()
  await button(rep.page, '忘记打卡').click()
  await rep.page.getByText('审批人：陈志强').waitFor()
  await show(rep.page, 'approvals-correction-phone')
  expect(await offences(rep.page)).toEqual([])
  await button(rep.page, '提交').click()
  await rep.page.getByRole('heading', { name: /补卡/ }).waitFor()
  await rep.page.getByText('待审批').first().waitFor()
  await show(rep.page, 'approvals-request-phone')
  expect(await offences(rep.page)).toEqual([])

  const lead = await openAs(LEAD, 'phone', '/approvals')
  await lead.page.getByText('忘记打卡').first().click()
  await lead.page.getByText(/的事实/).waitFor()
  await show(lead.page, 'approvals-decide-phone')
  expect(await offences(lead.page)).toEqual([])
  await button(lead.page, '同意').click()
  await lead.page.getByText('已批准').first().waitFor()
  await expect.poll(() => punchOf(date, 'out1'), { timeout: 90_000 }).toEqual(['normal', true])
  await rep.page.reload()
  await rep.page.getByText('已批准').first().waitFor()
  await rep.page.getByText('陈志强同意').waitFor()
  await show(rep.page, 'approvals-approved-phone')
  expect([...rep.wrong, ...lead.wrong]).toEqual([])
  await rep.context.close()
  await lead.context.close()
})

test('a rep asks for leave against his balance, sees what is in its way, and takes it back', async () => {
  const { page, wrong, context } = await openAs(REP, 'phone', '/requests/new/leave')
  const next = (await asked('rep03', 'mine'))[0]?.from ?? ''
  await page.getByRole('button', { name: /^年假/ }).waitFor()
  await page.getByLabel('开始', { exact: true }).first().fill(next)
  await page.getByLabel('开始', { exact: true }).first().blur()
  await button(page, '休息').click()
  await page.getByText(/共 1 天/).waitFor()
  await page.getByText(/批准后还剩 4 天/).waitFor()
  expect(await fits(page)).toBe(true)
  await show(page, 'approvals-leave-phone')
  expect(await offences(page)).toEqual([])
  await button(page, '提交').click()
  await page.getByText('待审批').first().waitFor()

  await page.goto(`${stage.url}/requests/new/outing?date=${next}`)
  await button(page, '拜访客户').click()
  await page.getByText(/与这条请假重叠/).waitFor()
  await show(page, 'approvals-overlap-phone')
  await page.getByRole('link', { name: '查看' }).click()
  await button(page, '撤回').click()
  await page.getByRole('dialog').getByRole('button', { name: '撤回' }).click()
  await page.getByText('已撤回').first().waitFor()
  await page.goto(`${stage.url}/requests`)
  await page.getByText('假期余额').or(page.getByText('年假')).first().waitFor()
  await show(page, 'approvals-mine-phone')
  expect(await offences(page)).toEqual([])
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await context.close()
})

test('a leader decides many at once, and lets a colleague stand in', async () => {
  const { page, wrong, context } = await openAs('lead01', 'phone', '/approvals')
  await page.getByText('全选').click()
  await show(page, 'approvals-batch-phone')
  expect(await offences(page)).toEqual([])
  await page.getByRole('button', { name: /^同意 \d+ 条/ }).click()
  await page.getByText('没有等你审批的申请').waitFor()
  expect(await asked('lead01', 'decide')).toEqual([])
  await page.getByRole('tab', { name: '我已审批' }).click()
  await page.getByText('展会').first().waitFor()
  await page.getByRole('link', { name: '委托审批' }).click()
  await page.getByLabel('按姓名查找同事').fill('林晓燕')
  await page.getByRole('button', { name: /林晓燕/ }).click()
  await button(page, '委托').click()
  await page.getByText('由 林晓燕 代我审批').waitFor()
  await show(page, 'approvals-delegate-phone')
  expect(await offences(page)).toEqual([])
  expect(await fits(page)).toBe(true)
  expect(wrong).toEqual([])
  await context.close()
})

test('HR sees all at a desk, changes the flow in sentences, and gives leave', async () => {
  const { page, wrong, context } = await openAs('hr01', 'desk', '/approvals')
  await page.getByRole('tab', { name: '全部' }).click()
  await page.getByText('当天有大客户到访').or(page.getByText('陈志强')).first().waitFor()
  await show(page, 'approvals-all-desk')
  expect(await offences(page)).toEqual([])
  await page.getByRole('link', { name: '审批流程' }).click()
  await page.getByText('上面都不符合的申请').waitFor()
  await page.getByLabel('由谁审批').last().selectOption('hr')
  await button(page, '保存').click()
  await page.getByText('已保存').waitFor()
  await show(page, 'approvals-flow-desk')
  expect(await offences(page)).toEqual([])
  await page.goto(`${stage.url}/settings/leave`)
  await page.getByLabel('按姓名查找同事').fill('萧楠')
  const row = page.getByRole('row', { name: /萧楠/ })
  await row.getByRole('button', { name: '发放' }).click()
  await page.getByRole('dialog').getByLabel('天数（负数为收回）').fill('2')
  await page.getByRole('dialog').getByLabel('理由').fill('工龄')
  await page.getByRole('dialog').getByRole('button', { name: '发放' }).click()
  await row.getByRole('cell', { name: '7 天' }).waitFor()
  await show(page, 'approvals-leave-desk')
  expect(await offences(page)).toEqual([])
  expect(wrong).toEqual([])
  await context.close()
})

test('in the dark, and at a desk for a leader', async () => {
  const { page, wrong, context } = await openAs(LEAD, 'desk', '/approvals', true)
  await page.getByRole('tab', { name: '团队' }).click()
  await page.getByText('经过').waitFor()
  await show(page, 'approvals-team-desk-dark')
  expect(await offences(page)).toEqual([])
  expect(wrong).toEqual([])
  await context.close()
})
