import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from './config.ts'

/** Closes short texts so that a copy of the database does not tell them. AES-256-GCM. */
export interface Safe {
  /** @param name what the text belongs to: it opens under no other name. @returns base64 */
  seal(name: string, text: string): string
  /** Null: another key, or somebody's hand. */
  open(name: string, sealed: string): string | null
}

/** @param key 32 bytes */
export function createSafe(key: Buffer): Safe {
  return {
    seal(name, text) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
      const closed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), closed]).toString('base64')
    },
    open(name, sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      try {
        const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
        cipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(12, 28))
        return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}

/** Where the server's own secret is kept in the data directory, when the environment has none. */
export const SECRET_FILE = 'session-secret'

/** A safe for one use, with the server's own secret: SESSION_SECRET, else one made once and kept in the data directory. */
export async function serverSafe(
  { sessionSecret, dataDir }: Pick<Config, 'sessionSecret' | 'dataDir'>,
  use: string,
): Promise<Safe> {
  const secret = sessionSecret ?? (await keptSecret(dataDir))
  return createSafe(Buffer.from(hkdfSync('sha256', secret, '', `zuji ${use}`, 32)))
}

/** Whole or not at all, and the first one stays: processes on one directory may start together. */
async function keptSecret(dataDir: string): Promise<string> {
  const place = path.join(dataDir, SECRET_FILE)
  const known = await readFile(place, 'utf8').catch(() => null)
  if (known) return known
  await mkdir(dataDir, { recursive: true })
  const draft = `${place}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true })
  await link(draft, place).catch(() => undefined) // another one was first
  await rm(draft)
  return readFile(place, 'utf8')
}
