import type { CheckinInput, Form } from '../../backend/contract/checkins.ts'
import { formFor, type FormPlace } from '../../backend/contract/forms.ts'
import type { Spot } from './spots.ts'

export type Answers = NonNullable<CheckinInput['form']>['answers']

/** The form of an act at a place, as the server will look it up. */
export function formAt(
  forms: readonly Form[],
  kind: FormPlace['kind'],
  spot: Spot | null,
): Form | null {
  return formFor(forms, { kind, tags: spot?.tags ?? [], tier: spot?.tier ?? null })
}

/** Answers to questions of this form only: another form may have been shown before. */
export const answersTo = ({ fields }: Form, answers: Answers): Answers =>
  Object.fromEntries(
    fields.flatMap(({ key }) => (answers[key] === undefined ? [] : [[key, answers[key]]])),
  )
