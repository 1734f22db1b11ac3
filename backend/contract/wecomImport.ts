import { z } from 'zod'
import { IsoDate, Millis } from './terms.ts'

/** What is taken from WeCom's 打卡, and what is written to it. Everything is off until an admin switches it on. */
export const CheckinSettings = z.object({
  poll: z.boolean(), // punches are read every few minutes
  writeCheckins: z.boolean(), // check-ins that count become records there
  writeCorrections: z.boolean(), // approved corrections become corrections there
})
export type CheckinSettings = z.infer<typeof CheckinSettings>

export const CheckinBridge = z.object({
  now: Millis,
  settings: CheckinSettings,
  polledAt: Millis.nullable(),
  polledNew: z.number().int().nullable(), // punches that were new then
  pollError: z.string().nullable(), // a sentence
  written: z.object({
    waiting: z.number().int(), // among them what is under way or in doubt
    written: z.number().int(),
    refused: z.number().int(),
  }), // of the last thirty days
  refused: z.array(
    z.object({
      key: z.string(),
      kind: z.enum(['record', 'correction']),
      personId: z.string(),
      at: Millis,
      errcode: z.number().int().nullable(),
    }),
  ),
})
export type CheckinBridge = z.infer<typeof CheckinBridge>

export const ImportInput = z
  .object({
    id: z.uuid(), // of the job: sending it again starts nothing
    dryRun: z.boolean(),
    from: IsoDate, // punches from here on, new rules hold from here on
    to: IsoDate, // both included
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= 92 * 86_400_000, {
    path: ['to'],
    message: 'must be within 93 days',
  })
export type ImportInput = z.infer<typeof ImportInput>

export const ImportNote = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** What an import did, or would do. */
export const ImportResult = z.object({
  dryRun: z.boolean(),
  from: IsoDate,
  to: IsoDate,
  sets: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      change: z.enum(['new', 'changed', 'same', 'unfit']),
      shifts: z.number().int(),
      notes: z.array(ImportNote),
    }),
  ),
  groups: z.number().int(), // whom they are for: people, departments, tags
  roster: z.object({ days: z.number().int(), people: z.number().int() }),
  punches: z.object({ found: z.number().int(), added: z.number().int() }),
  unknown: z.array(z.string()).max(20), // members whom WeCom does not show to this app
})
export type ImportResult = z.infer<typeof ImportResult>
