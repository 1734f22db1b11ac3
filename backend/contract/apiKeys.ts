import { z } from 'zod'
import { Millis } from './terms.ts'

/** What a key may do. Which endpoints that is, each endpoint says itself: `x-scope` in the OpenAPI document. */
export const API_SCOPES = [
  'fixes:write',
  'customers:read',
  'customers:write',
  'checkins:read',
  'attendance:read',
  'exports:read',
] as const
export const ApiScope = z.enum(API_SCOPES)
export type ApiScope = z.infer<typeof ApiScope>

/** What every key begins with, so that one that lies about is recognised. */
export const KEY_MARK = 'zuji_'

export const ApiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  tail: z.string(), // the last letters of the key
  scopes: z.array(ApiScope),
  madeBy: z.string(),
  madeAt: Millis,
  expiresAt: Millis,
  usedAt: Millis.nullable(), // to the minute; null: never
  revokedAt: Millis.nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>

export const MOST_API_KEYS = 50 // that are good at one time
/** Newest first; those that were taken back or are over for less than 90 days too. */
export const ApiKeys = z.object({ now: Millis, keys: z.array(ApiKey) })
export type ApiKeys = z.infer<typeof ApiKeys>

export const NewApiKey = z.object({
  name: z.string().trim().min(1).max(60),
  scopes: z
    .array(ApiScope)
    .min(1)
    .max(API_SCOPES.length)
    .transform((scopes) => [...new Set(scopes)]),
  days: z.int().min(1).max(730).default(365), // until it is over
})
export const ApiKeyPath = z.object({ id: z.uuid().toLowerCase() })

/** Shown once; nobody can read it again. */
export const MadeApiKey = z.object({ id: z.uuid(), key: z.string() })
export type MadeApiKey = z.infer<typeof MadeApiKey>
