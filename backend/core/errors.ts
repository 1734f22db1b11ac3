import { STATUS_OF, type ErrorCode } from '../contract/errors.ts'

/** The one error that features throw: a code of the contract, a sentence for people, details for programs. */
export class Fault extends Error {
  readonly code: ErrorCode
  readonly details: unknown
  constructor(code: ErrorCode, message: string, details?: unknown) {
    super(message)
    this.name = 'Fault'
    this.code = code
    this.details = details
  }
  get status(): number {
    return STATUS_OF[this.code]
  }
}

/** `value`, or `not_found` in the name of `what`. */
export function found<T>(value: T | null | undefined, what: string): T {
  if (value == null) throw new Fault('not_found', `${what} does not exist`)
  return value
}
