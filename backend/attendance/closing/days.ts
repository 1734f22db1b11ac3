import type { Db } from '../../core/db.ts'

/** The days of months as the engine keeps them. */
export interface KeptDays {
  /** Brings every day of a month up to date. */
  settle(orgId: string, month: string): Promise<void>
  /** A hash over each person's days of a month as they are kept; people without days are absent. */
  digests(db: Db, orgId: string, month: string, personIds?: readonly string[]): Promise<Map<string, string>> // prettier-ignore
  /** A person's month in numbers; null when there are no days. */
  totals(db: Db, orgId: string, personId: string, month: string): Promise<Record<string, number> | null> // prettier-ignore
}
