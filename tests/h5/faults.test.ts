import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createI18n } from 'vue-i18n'
import { describe, expect, it } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { CallFailed } from '../../h5/core/api.ts'
import * as core from '../../h5/messages/core.ts'
import * as faults from '../../h5/messages/faults.ts'
import { issuesIn, ruleKey, useFaults } from '../../h5/ui/useFaults.ts'

const root = path.resolve(import.meta.dirname, '../..')
const below = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(root, folder, name))
const CONTRACT = ['attendance', 'ruleSets', 'approvals', 'approvalSettings', 'closing', 'employment', 'tags', 'exports', 'months', 'texts'] // prettier-ignore
const FILES = [
  ...['backend/attendance', 'backend/approvals'].flatMap(below),
  ...CONTRACT.map((name) => path.join(root, `backend/contract/${name}.ts`)),
]

/** Every text by which a room refuses, as it stands in the source; what it is filled with does not matter. */
const SAID = /(?:rule|message|RULE)(?:: |\s=\s)(['"`])(.+?)\1|Fault\(\s*'bad_input',\s*(['`])(.+?)\3,?\s*[),]|,\s*(['"])(must [^'"]+|MM-DD)\5|"(must[^"]+)"/gs // prettier-ignore
const FIELD = /^[\w.]+(?:\$\{\w+\}[\w.]*)*: /
const rulesIn = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(SAID)]
    .map((match) => match[2] ?? match[4]?.replace(FIELD, '') ?? match[6] ?? match[7] ?? '')
    .map((text) => text.replaceAll(/\$\{[^}]+\}/g, '3'))
    .filter((text) => / /.test(text) || text === 'MM-DD')
    .filter((text) => !/^\w+: 3$|^3: 3$|^body\./.test(text))

async function spoken(locale: 'zh' | 'en') {
  const said: ReturnType<typeof useFaults>[] = []
  const app = createSSRApp({ setup: () => void said.push(useFaults()), render: () => null })
  const messages = { zh: { core: core.zh, faults: faults.zh }, en: { core: core.en, faults: faults.en } } // prettier-ignore
  app.use(createI18n({ legacy: false, locale, messages }))
  await renderToString(app)
  const [found] = said
  if (!found) throw new Error('the component was not set up')
  return found
}
const refusal = (details: unknown, message = 'no') => new CallFailed('bad_input', 422, message, details) // prettier-ignore

describe('a refusal of attendance or approvals', () => {
  it('has words in Chinese and English for every rule', () => {
    const rules = [...new Set(FILES.flatMap(rulesIn))]
    expect(rules.length).toBeGreaterThan(60)
    expect(rules.filter((rule) => !(ruleKey(rule) in faults.zh.rule))).toEqual([])
  })

  it('names field and rule in the language of the page', async () => {
    const [zh, en] = [await spoken('zh'), await spoken('en')]
    const late = refusal([{ field: 'members.0.to', rule: 'must not be before from' }])
    expect(zh.failureSaid(late)).toBe('第 1 人 结束：不能早于开始日期')
    expect(en.failureSaid(late)).toBe('person 1 end: must not be before the first day')
    const circle = refusal(null, 'toId: circular: you stand in for this colleague at that time')
    expect(issuesIn(circle)).toEqual([{ field: 'toId', rule: 'circular: you stand in for this colleague at that time' }]) // prettier-ignore
    expect(zh.failureSaid(circle)).toBe('受托人：绕成了一圈：那段时间你正代他审批')
    const again = { field: 'joined', rule: 'must be after 2026-03-31, the end of the employment before' } // prettier-ignore
    expect(zh.told(again)).toBe('入职日期：要晚于上一段在职的最后一天 2026-03-31')
    expect(zh.told({ field: '奖金', rule: 'must be at most 60 characters' })).toBe('奖金：最多 60 个字') // prettier-ignore
  })

  it('says what its code says when it names no field', async () => {
    const locked = new CallFailed('month_locked', 409, 'body.entries: 2026-11 is locked', { month: '2026-11' }) // prettier-ignore
    expect((await spoken('zh')).failureSaid(locked)).toBe(core.zh.failed.month_locked)
    expect((await spoken('en')).failureSaid(new Error('x'))).toBe(core.en.failed.internal)
  })
})
