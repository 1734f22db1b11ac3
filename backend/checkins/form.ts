import type { Form, FormAnswers, FormField } from '../contract/checkins.ts'

/** What is wrong with an answer. */
export interface Fault {
  readonly field: string
  readonly rule: string
}

/**
 * What is wrong with the answers to a form; nothing when all is well.
 * @param photoIds that the check-in brings: an answer may name only those
 */
export function formFaults(
  form: Form,
  given: FormAnswers['answers'],
  photoIds: readonly string[],
): Fault[] {
  const known = new Set(form.fields.map(({ key }) => key))
  const strangers = Object.keys(given).filter((key) => !known.has(key))
  return [
    ...form.fields.flatMap((field) => faultOf(field, given[field.key] ?? null, photoIds)),
    ...strangers.map((key) => ({ field: pathOf(key), rule: 'is no field of the form' })),
  ]
}

type Given = FormAnswers['answers'][string]

function faultOf(field: FormField, given: Given, photoIds: readonly string[]): Fault[] {
  const isEmpty = given === null || given === '' || (Array.isArray(given) && given.length === 0)
  const rule = isEmpty
    ? field.required
      ? 'is required'
      : null
    : RULES[field.type](given, field, photoIds)
  return rule === null ? [] : [{ field: pathOf(field.key), rule }]
}

const pathOf = (key: string) => `form.answers.${key}`

type Rule = (given: Given, field: FormField, photoIds: readonly string[]) => string | null

const RULES: Record<FormField['type'], Rule> = {
  text: (given) => (typeof given === 'string' ? null : 'must be a text'),
  number: (given) =>
    typeof given === 'number' && Number.isFinite(given) ? null : 'must be a number',
  choice: (given, { options }) =>
    typeof given === 'string' && options.includes(given)
      ? null
      : `must be one of ${options.join(', ')}`,
  photo: (given, _field, photoIds) =>
    Array.isArray(given) && given.every((id) => photoIds.includes(id))
      ? null
      : 'must be photos of this check-in',
}
