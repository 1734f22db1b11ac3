import { createHash } from 'node:crypto'
import { z } from 'zod'

/** A name that stands in statements as it is: an archive comes from outside. */
const Name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/)
const Moment = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/)
const Count = z.int().min(0)
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What an archive holds: its last entry but one. The last, `manifest.sha256`, is the hash of this one. */
export const Manifest = z.object({
  format: z.literal('zuji-backup'),
  version: z.literal(1),
  madeAt: z.string(),
  madeFrom: z.enum(['embedded', 'server']),
  /** The schema's version: every migration that the database had seen, in order. */
  migrations: z.array(z.string().regex(/^\d{4}_\w+$/)).min(1),
  partitions: z.array(z.object({ table: Name, name: Name, from: Moment, to: Moment })),
  tables: z.array(z.object({ name: Name, columns: z.array(Name).min(1), rows: Count, parts: Count })), // prettier-ignore
  /** Entries other than the files, which are named by their hash. */
  entries: z.array(z.object({ name: z.string(), bytes: Count, sha256: Sha256 })),
  files: z.object({ count: Count, bytes: Count, sha256: Sha256 }), // the hash of their names in order
})
export type Manifest = z.infer<typeof Manifest>

export const MANIFEST = 'manifest.json'
export const MANIFEST_HASH = 'manifest.sha256'
export const SECRET = 'keys/session-secret'
export const FILES = 'files/'

export const partName = (table: string, part: number) =>
  `tables/${table}/${String(part).padStart(6, '0')}.gz`

/** Lower hex. */
export const sha256 = (content: Uint8Array | string) =>
  createHash('sha256').update(content).digest('hex')
