import chineseDays from 'chinese-days' // CommonJS: Node sees no named exports
import type { Db } from '../core/db.ts'
import { datesBetween, type WorkDate } from './spans.ts'

/** How far corrections may go. */
export interface CorrectionLimits {
  perMonth: number | null // of the work dates of one month; null: any number
  windowDays: number | null // how many days a work date may lie back
  deadlineDay: number | null // until this day of the following month; null: only the window counts
  shut?: boolean // what is wrong with this punch is none that the rules let correct
  openUntil?: string | null // HR takes them for this month until then, last date: before window and deadline
}

export interface PersonDates {
  orgId: string
  personId: string
  from: string // YYYY-MM-DD, both included
  to: string
}

/** What requests have to know of attendance, which stands above this room: the root gives it. */
export interface RequestRules {
  correctionLimits(
    db: Db,
    who: { orgId: string; personId: string; date: string; due: string },
  ): Promise<CorrectionLimits>
  /** Whether the month of one of the dates is locked for the person. */
  isLocked(db: Db, dates: PersonDates): Promise<boolean>
  /** What the person has to work on each of the dates, those without work included. */
  workOf(db: Db, dates: PersonDates): Promise<WorkDate[]>
}

const NINE_TO_SIX = [{ from: 540, to: 1080, rests: [{ from: 720, to: 780 }] }]

/** A company without rules of its own: 09:00–18:00 with an hour's rest on Chinese workdays, nothing locked. */
export const standardRules: RequestRules = {
  correctionLimits: async () => ({ perMonth: 5, windowDays: 30, deadlineDay: 5 }),
  isLocked: async () => false,
  workOf: async (_db, { from, to }) =>
    datesBetween(from, to).map((date) => ({
      date,
      sections: chineseDays.isWorkday(date) ? NINE_TO_SIX : [],
    })),
}
