import type { CheckinKind, Form, FormAnswers, FormField } from './checkins.ts'

/** What a form is looked up by: the act, and what is known of the place. */
export interface FormPlace {
  readonly kind: CheckinKind
  readonly tags: readonly string[] // of the customer
  readonly tier: string | null
}

/**
 * The form for an act at a place: one made for a tag of the customer before one for its tier, and that
 * before a general one; one for both before all. Of equals the first.
 */
export function formFor(forms: readonly Form[], place: FormPlace): Form | null {
  const fitting = forms.filter((form) => fits(form, place))
  return fitting.toSorted((a, b) => narrowness(b) - narrowness(a))[0] ?? null
}

function fits({ active, kinds, tags, tiers }: Form, { kind, ...place }: FormPlace): boolean {
  const hasTag = tags.length === 0 || tags.some((tag) => place.tags.includes(tag))
  const hasTier = tiers.length === 0 || tiers.some((tier) => tier === place.tier)
  return active && kinds.includes(kind) && hasTag && hasTier
}

const narrowness = ({ tags, tiers }: Form) => (tags.length > 0 ? 2 : 0) + (tiers.length > 0 ? 1 : 0)

/** What is wrong with an answer. */
export interface FormFault {
  readonly field: string // path in a check-in
  readonly rule: string
  readonly label: string // the question
}

type Answers = FormAnswers['answers']
type Answer = Answers[string]

/**
 * What is wrong with the answers to a form; nothing when all is well.
 * @param photoIds that the check-in brings: an answer may name only those
 */
export function formFaults(form: Form, given: Answers, photoIds: readonly string[]): FormFault[] {
  const known = new Set(form.fields.map(({ key }) => key))
  const strangers = Object.keys(given).filter((key) => !known.has(key))
  return [
    ...form.fields.flatMap((field) => faultOf(field, given[field.key] ?? null, photoIds)),
    ...strangers.map((key) => ({ field: pathOf(key), rule: 'is no field of the form', label: key })), // prettier-ignore
  ]
}

/** Required questions that have no answer, or none that fits. */
export const openQuestions = (form: Form, given: Answers, photoIds: readonly string[]): string[] =>
  form.fields
    .filter((field) => field.required)
    .flatMap((field) => faultOf(field, given[field.key] ?? null, photoIds))
    .map(({ label }) => label)

function faultOf(field: FormField, given: Answer, photoIds: readonly string[]): FormFault[] {
  const rule = isEmpty(given)
    ? field.required
      ? 'is required'
      : null
    : RULES[field.type](given, field, photoIds)
  return rule === null ? [] : [{ field: pathOf(field.key), rule, label: field.label }]
}

const isEmpty = (given: Answer) =>
  given === null || given === '' || (Array.isArray(given) && given.length === 0)

const pathOf = (key: string) => `form.answers.${key}`

type Rule = (given: Answer, field: FormField, photoIds: readonly string[]) => string | null

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
