/** 通讯录: who works here. */
import { z } from 'zod'
import { PersonId } from './terms.ts'

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** A day of any year, as 02-29. */
export const MonthDay = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be MM-DD')
  .refine((text) => Number(text.slice(3)) <= (DAYS[Number(text.slice(0, 2)) - 1] ?? 0), 'must be a day of its month') // prettier-ignore

export const ColleaguesQuery = z.object({
  q: z.string().trim().max(60).optional(), // part of a name, position or department
  after: z.string().max(64).optional(), // `next` of the page before
})

export const Colleague = z.object({
  id: PersonId,
  name: z.string(),
  department: z.string(),
  position: z.string().nullable(),
  birthday: MonthDay.nullable(), // null: not given
})
export type Colleague = z.infer<typeof Colleague>

/** By name. `birthdays` are those of the next 30 days, soonest first, on the first page of everybody. */
export const Colleagues = z.object({
  total: z.number().int(),
  colleagues: z.array(Colleague),
  birthdays: z.array(Colleague.extend({ inDays: z.number().int() })),
  mine: MonthDay.nullable(), // the viewer's own
  next: z.string().nullable(),
})
export type Colleagues = z.infer<typeof Colleagues>

export const BirthdayInput = z.object({ birthday: MonthDay.nullable() }) // null takes it back
