/** Standing questions of a supervisor: asked of everybody on the live map, again with every move. */
import { z } from 'zod'

const Minutes = z.number().int().min(1).max(720)

/**
 * still      has not moved for so long, wherever that is
 * silent     on duty, and not heard for so long
 * near       within so many km of a customer, and free: on duty and at no customer
 * late_for   will miss the next appointment by the time the way takes
 * outside    outside the territory of the department
 */
export const Question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('still'), minutes: Minutes }),
  z.object({ kind: z.literal('silent'), minutes: Minutes }),
  z.object({
    kind: z.literal('near'),
    customerId: z.uuid(),
    customer: z.string().max(200), // its name and place, as they were when it was asked
    lng: z.number().min(-180).max(180), // WGS-84
    lat: z.number().min(-90).max(90),
    km: z.number().min(0.1).max(100),
  }),
  z.object({ kind: z.literal('late_for') }),
  z.object({ kind: z.literal('outside') }),
])
export type Question = z.infer<typeof Question>

export const SavedQuestion = Question.and(z.object({ id: z.uuid() }))
export type SavedQuestion = z.infer<typeof SavedQuestion>

export const MOST_QUESTIONS = 12

/** All of one supervisor's, said whole. */
export const Questions = z.object({
  questions: z
    .array(SavedQuestion)
    .max(MOST_QUESTIONS)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'each has an id of its own'), // prettier-ignore
})
export type Questions = z.infer<typeof Questions>
