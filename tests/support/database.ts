import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'

export interface Borrowed {
  db: Database
  /** Its address, of a server database only. */
  url: string | undefined
  /** Drops it. */
  close(): Promise<void>
}

/**
 * A migrated, empty database for one test file, of the kind that the vitest project is about.
 * Cloned from a template, so it costs little: call it in `beforeAll`, `close` it in `afterAll`.
 */
export async function borrowDatabase(): Promise<Borrowed> {
  const lent = next
  next = null
  if (lent) return lent
  return inject('databaseKind') === 'embedded' ? borrowEmbedded() : borrowServer()
}

let next: Borrowed | null = null

/** Whoever borrows next gets this one: for a server on a database that has something already. */
export const lend = (borrowed: Borrowed) => void (next = borrowed)

/** The same without a table in it. An embedded one takes some seconds. */
export async function borrowEmpty(kind = inject('databaseKind')): Promise<Borrowed> {
  return kind === 'embedded' ? openEmbedded() : openServer('template1')
}

const silent = createLog('silent')

const borrowServer = () => openServer('zuji_template')

async function openServer(from: string): Promise<Borrowed> {
  const template = inject('templateUrl')
  const name = `t_${randomUUID().replaceAll('-', '')}`
  await administer(template, `create database ${name} template ${from}`)
  const url = template.replace('/zuji_template?', `/${name}?`)
  const db = await connect({ databaseUrl: url, dataDir: '', log: silent, root: '' })
  return {
    db,
    url,
    async close() {
      await db.close()
      await administer(template, `drop database ${name} with (force)`)
    },
  }
}

async function administer(template: string, statement: string): Promise<void> {
  const client = new pg.Client({
    connectionString: template.replace('/zuji_template?', '/postgres?'),
  })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const borrowEmbedded = () => openEmbedded(inject('embeddedTemplate'))

async function openEmbedded(template?: string): Promise<Borrowed> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-data-'))
  if (template) await cp(template, dataDir, { recursive: true })
  const db = await connect({ dataDir, log: silent, root: '' })
  return {
    db,
    url: undefined,
    async close() {
      await db.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

declare module 'vitest' {
  export interface ProvidedContext {
    databaseKind: 'server' | 'embedded'
    templateUrl: string
    embeddedTemplate: string
  }
}
