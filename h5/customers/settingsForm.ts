import { reactive } from 'vue'
import type { CustomField, CustomerSettings } from '../../backend/contract/customerSettings.ts'
import type { PlanRules } from '../../backend/contract/plans.ts'

/** A field as it is typed: choices in one line. */
export interface FieldForm {
  key: string
  label: string
  kind: CustomField['kind']
  choices: string
  required: boolean
  kept: boolean // it was there before: its key stays
}

export const RIGHTS = [
  ['repsMayAdd', 'add'],
  ['repsMayEdit', 'edit'],
  ['repsMayClaim', 'claim'],
  ['datumRequired', 'datum'],
] as const

/** What the page of settings holds: two sets of rules that people take for one. */
export type SettingsForm = ReturnType<typeof formOf>

export function formOf(settings: CustomerSettings, rules: PlanRules) {
  const { fields, visitEveryDays, ...rights } = settings
  const { visitMinutes, stopsPerDay, shareHours, workWeekdays } = rules
  return reactive({
    ...rights,
    ...{ visitMinutes, stopsPerDay, shareHours },
    workWeekdays: [...workWeekdays],
    everyDays: { ...visitEveryDays },
    fields: fields.map(({ choices, ...field }): FieldForm => ({ ...field, choices: choices.join('，'), kept: true })), // prettier-ignore
  })
}

/** The two bodies to be sent. */
export function readForm(form: SettingsForm) {
  const { everyDays, fields, visitMinutes, stopsPerDay, shareHours, workWeekdays, ...rights } = form
  const { A, B, C } = everyDays
  const weekdays = [...workWeekdays].sort((a, b) => a - b)
  const plan = { visitMinutes, stopsPerDay, shareHours, workWeekdays: weekdays }
  return {
    settings: { ...rights, visitEveryDays: everyDays, fields: fields.map(fieldOf) },
    rules: { ...plan, everyDaysA: A, everyDaysB: B, everyDaysC: C },
  }
}

function fieldOf({ choices, kept: _kept, ...field }: FieldForm): CustomField {
  const texts = choices
    .split(/[,，、\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
  return { ...field, choices: field.kind === 'choice' ? texts : [] }
}
