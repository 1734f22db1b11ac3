import { z } from 'zod'
import { IsoDate, Millis, PersonId } from './terms.ts'

/** Why somebody's day wants a look, the heaviest first. */
export const TEAM_REASONS = [
  'unheard',
  'no_consent', // nothing may be heard: he has not agreed
  'alerts',
  'absent',
  'silent',
  'missed',
  'late',
] as const
export const TeamReason = z.enum(TEAM_REASONS)
export type TeamReason = z.infer<typeof TeamReason>

/** Plan against actual of one person's work date. */
export const TeamRow = z.object({
  personId: PersonId,
  name: z.string(),
  department: z.string(),
  dutySeconds: z.number(), // on duty so far
  firstAt: Millis.nullable(), // first and last of what was heard; null: nothing
  lastAt: Millis.nullable(),
  movedMetres: z.number(),
  silentSeconds: z.number(), // of the duty so far
  planned: z.number(), // stops of the plan
  done: z.number(), // of these, visited
  missed: z.number(),
  extra: z.number(), // visited without a plan
  unclear: z.number(), // a stay without a check-in, or the other way round
  workedMinutes: z.number().nullable(), // by attendance; null: no day was computed
  lateMinutes: z.number(),
  absentMinutes: z.number(),
  alerts: z.number(), // nobody has taken on
  reasons: z.array(TeamReason), // empty: all is well
})
export type TeamRow = z.infer<typeof TeamRow>

export const TEAM_SORTS = ['attention', 'name', 'visits', 'distance', 'silent'] as const

const Department = z.string().max(64).optional()

export const TeamDayQuery = z.object({
  date: IsoDate,
  departmentId: Department,
  sort: z.enum(TEAM_SORTS).default('attention'),
  from: z.coerce.number().int().min(0).max(100_000).default(0), // rows before the page
  limit: z.coerce.number().int().min(1).max(500).default(300),
})

export const TeamSums = TeamRow.pick({
  movedMetres: true,
  silentSeconds: true,
  dutySeconds: true,
  planned: true,
  done: true,
  missed: true,
  extra: true,
}).extend({ people: z.number(), heard: z.number(), wanting: z.number() }) // with reasons
export type TeamSums = z.infer<typeof TeamSums>

export const TeamDay = z.object({ date: IsoDate, sums: TeamSums, rows: z.array(TeamRow) })
export type TeamDay = z.infer<typeof TeamDay>

/** Sums of a week of a team. */
export const TeamWeek = z.object({
  monday: IsoDate,
  days: z.number(), // person-days with something heard
  dutySeconds: z.number(),
  movedMetres: z.number(),
  silentSeconds: z.number(),
  planned: z.number(),
  done: z.number(),
  missed: z.number(),
  extra: z.number(),
  workedMinutes: z.number(),
  lateDays: z.number(), // person-days with minutes late
})
export type TeamWeek = z.infer<typeof TeamWeek>

/** @returns the part of `of` as per cent, null of nothing */
export const percent = (part: number, of: number): number | null =>
  of > 0 ? Math.round((100 * part) / of) : null

export const TeamWeeksQuery = z.object({
  date: IsoDate, // in the last week
  weeks: z.coerce.number().int().min(1).max(26).default(8),
  departmentId: Department,
})
export const TeamWeeks = z.object({ weeks: z.array(TeamWeek) }) // oldest first, none left out

export const TeamFileQuery = TeamDayQuery.pick({
  date: true,
  departmentId: true,
  sort: true,
}).extend({
  language: z.enum(['zh', 'en']).default('zh'),
})
