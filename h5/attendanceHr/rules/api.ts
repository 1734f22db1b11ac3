import { RulePreview } from '../../../backend/contract/months.ts'
import { RuleSets, type RuleGroup, type Rules } from '../../../backend/contract/ruleSets.ts'
import { call } from '../../core/api.ts'

const BASE = '/api/v1/attendance/rules'

export const loadRules = () => call(RuleSets, BASE)

export interface NewVersion {
  id: string // of this version, made once
  name: string
  validFrom: string
  rules: Rules
}

/** @param set null for a new one */
const pathOf = (set: string | null) => (set === null ? BASE : `${BASE}/${encodeURIComponent(set)}`)

export const saveVersion = (set: string | null, body: NewVersion) =>
  call(RuleSets, pathOf(set), { body, timeoutMs: 60_000 })

/** What a version would do to which person-days. */
export const previewVersion = (set: string, body: NewVersion) =>
  call(RulePreview, `${pathOf(set)}/preview`, { body, timeoutMs: 120_000 })

export const saveGroups = (groups: readonly RuleGroup[]) =>
  call(RuleSets, `${BASE}/groups`, { method: 'PUT', body: { groups } })
