import { z } from 'zod'
import { Millis } from './terms.ts'

export const JobState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled'])
export type JobState = z.infer<typeof JobState>

/** Long work that somebody asked for: it can be left and looked at again. */
export const Job = z.object({
  id: z.uuid(),
  kind: z.string(), // the feature's word, as `customers.import`
  state: JobState,
  done: z.number().int().min(0),
  total: z.number().int().min(0).nullable(), // null: not known yet
  result: z.record(z.string(), z.unknown()).nullable(), // by kind
  file: z.object({ name: z.string(), type: z.string() }).nullable(), // at `/jobs/:id/file`
  error: z.string().nullable(), // a sentence
  createdAt: Millis,
  finishedAt: Millis.nullable(),
})
export type Job = z.infer<typeof Job>

export const Jobs = z.object({ jobs: z.array(Job) })

export const JobsQuery = z.object({ kind: z.string().max(60).optional() })

/** What starts a job answers. */
export const JobStarted = z.object({ jobId: z.uuid() })
