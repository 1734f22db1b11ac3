import type { Sql } from '../core/sql.ts'

/**
 * What the rights of a person mean for a table that holds something of him. Names stand in statements as they are:
 * they are written in the source, never taken from a request.
 */
export interface PersonalTable {
  readonly name: string
  /** The column that names the person, where it is not `person_id`. */
  readonly key?: 'id'
  /** The column of the moment, or the date, that a row is about. */
  readonly at: string
  /**
   * `now`: rows go as soon as erasure is asked for. `proof`: they prove work and wages, and go when they are older
   * than those must be proven. `last`: when nothing else is left. `kept`: they prove the erasure itself.
   */
  readonly erase: 'now' | 'proof' | 'last' | 'kept'
  /** What is set instead of taking the row away, for rows that others hang on; and which are not so yet. */
  readonly rewrite?: { readonly set: Sql; readonly where: Sql }
  /** Columns that are secrets rather than knowledge of the person. */
  readonly hide?: readonly string[]
  /** Columns with addresses in the file store; a file goes with its last row. */
  readonly files?: readonly string[]
  /** For how long a row is kept, whoever it is of; without it as long as the person is. */
  readonly keep?: KeptClass
  /** The column of the moment from which on that is counted, where it is not `at`. */
  readonly from?: string
  /** What becomes of a row then, where it does not go: something of it stays. */
  readonly reduce?: { readonly set: (now: number) => Sql; readonly where: Sql }
}

/**
 * How long what is kept, in days, and by which setting of a company it is another number. Positions go first, what a
 * day was made of them later, and its totals stay. Fixes go by whole weeks in their own room.
 */
export const KEPT = {
  positions: { days: 30, setting: 'fixRetentionDays' },
  days: { days: 180, setting: 'dayRetentionDays' },
  alerts: { days: 180, setting: 'alertRetentionDays' },
  photos: { days: 730, setting: 'photoRetentionDays' },
  looks: { days: 730, setting: 'lookRetentionDays' },
  sessions: { days: 30, setting: 'sessionRetentionDays' },
} as const
export type KeptClass = keyof typeof KEPT
