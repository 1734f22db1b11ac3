import type { CheckinInput, Form } from '../../backend/contract/checkins.ts'

type Answers = NonNullable<CheckinInput['form']>['answers']

/** Whether every required field has an answer. */
export const isFilled = (form: Form, answers: Answers): boolean =>
  form.fields.every(({ key, required }) => !required || !isEmpty(answers[key] ?? null))

const isEmpty = (answer: Answers[string]) =>
  answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0)
