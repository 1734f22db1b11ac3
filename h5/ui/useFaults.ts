import { useI18n } from 'vue-i18n'
import { CallFailed, codeOf, issuesOf } from '../core/api.ts'

export interface Issue {
  readonly field: string // as `members.0.to`
  readonly rule: string
}

/** A rule's own words without digits and signs: the key of its words. */
export const ruleKey = (rule: string): string =>
  rule.replace(/[^a-zA-Z]+/g, '_').replace(/^_|_$/g, '')

/** The number or date that a rule speaks of. */
const aboutIn = (rule: string) => /\d{4}-\d\d-\d\d|\d+(?:\.\d+)?/.exec(rule)?.[0] ?? ''

/** What a refusal says broke which rule; a sentence `field: rule` counts as one. */
export function issuesIn(error: unknown): Issue[] {
  if (!(error instanceof CallFailed) || error.code !== 'bad_input') return []
  const issues = issuesOf(error)
  if (issues.length > 0) return issues
  const [, field = '', rule = ''] = /^([\w.]+): (.+)$/.exec(error.message) ?? []
  return rule === '' ? [] : [{ field: field.replace(/^body\./, ''), rule }]
}

/** Words what is wrong with an input: the field and the rule, in the reader's language. */
export function useFaults() {
  const { t, te } = useI18n()

  function ruleSaid(rule: string): string {
    const key = `faults.rule.${ruleKey(rule)}`
    if (te(key)) return t(key, { about: aboutIn(rule) })
    return rule.startsWith('Invalid') ? t('faults.invalid') : t('faults.other', { rule })
  }

  /** `members.0.to` as the first person's end. What has no words, as a title of a file, stands for itself. */
  function fieldSaid(path: string): string {
    const parts = path.split('.')
    const said = parts.flatMap((part, index) => {
      if (/^\d+$/.test(part)) return [itemSaid(parts[index - 1] ?? '', Number(part) + 1)]
      const isList = /^\d+$/.test(parts[index + 1] ?? '')
      const known = te(`faults.field.${part}`)
      if (isList) return []
      return known ? [t(`faults.field.${part}`)] : parts.length === 1 ? [part] : []
    })
    return said.filter((each, index) => each !== said[index - 1]).join(' ')
  }

  function itemSaid(list: string, n: number): string {
    return t(`faults.item.${te(`faults.item.${list}`) ? list : 'other'}`, { n })
  }

  /** @param named words for the field, where the page knows better than its path */
  function told({ field, rule }: Issue, named = fieldSaid(field)): string {
    return named === '' ? ruleSaid(rule) : t('faults.at', { field: named, rule: ruleSaid(rule) })
  }

  /** All that a refusal names, else what its code says. */
  function failureSaid(error: unknown): string {
    const issues = issuesIn(error)
    if (issues.length === 0) return t(`core.failed.${codeOf(error)}`)
    return issues.map((issue) => told(issue)).join('；')
  }

  return { told, ruleSaid, failureSaid }
}
