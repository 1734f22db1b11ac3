import type { z } from 'zod'
import type { CellFault, RowError } from '../../contract/customerImport.ts'
import type { CustomField } from '../../contract/customerSettings.ts'

/** What is wrong with a cell, but for where it is. */
export type Fault = Pick<RowError, 'code' | 'about'>

const WORDS: Record<CellFault, readonly [zh: string, en: string]> = {
  required: ['必填', 'must be given'],
  long: ['太长或太多，最多 {about}', 'too long or too many, at most {about}'],
  range: ['不在 {about} 之间', 'a number of {about}'],
  choice: ['只能是：{about}', 'one of {about}'],
  number: ['要填数字', 'must be a number'],
  date: ['要填日期，如 2026-03-31', 'must be a date, YYYY-MM-DD'],
  degrees: ['不是 -{about} 到 {about} 之间的度数', 'degrees from -{about} to {about}'],
  unknown: ['没有这个名字，或有重名', 'nobody and nothing here is called so, or several are'],
  twice: ['与第 {about} 行是同一个客户', 'the same customer as in line {about}'],
  unfit: ['格式不对', 'can not be read'],
}

const told = (words: string, about: string) => words.replaceAll('{about}', about)

/** The rule in English, for programs. */
export const ruleOf = ({ code, about }: Fault): string => told(WORDS[code][1], about)

/** The rule in both languages, for a file that is read by whoever gets it. */
export const bothRules = ({ code, about }: Fault): string =>
  WORDS[code].map((words) => told(words, about)).join(' · ')

/** What a broken rule of the customer's own fields means. */
export function faultOf(issue: z.core.$ZodIssue): Fault {
  const limit = `${'maximum' in issue ? issue.maximum : ''}`
  if (issue.path[0] === 'name' && issue.code === 'too_small') return { code: 'required', about: '' }
  if (issue.path[0] === 'radius') return { code: 'range', about: '10–5000' }
  if (issue.code === 'too_big') return { code: 'long', about: limit }
  if (issue.code === 'invalid_value')
    return { code: 'choice', about: issue.values.map(String).join(', ') }
  return { code: 'unfit', about: '' }
}

/** What a broken rule of a field of the company's own means. */
export function customFault(field: CustomField, isEmpty: boolean): Fault {
  if (isEmpty) return { code: 'required', about: '' }
  if (field.kind === 'choice') return { code: 'choice', about: field.choices.join(', ') }
  return { code: field.kind === 'text' ? 'unfit' : field.kind, about: '' }
}
