import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { raw } from 'sql-template-tag'
import { createZuji, type Zuji } from '../../app.ts'
import { readConfig } from '../../core/config.ts'
import { connect } from '../../core/connect.ts'
import type { Database } from '../../core/db.ts'
import type { Kit } from '../../core/kit.ts'
import { createLog } from '../../core/log.ts'
import { migrate } from '../../core/migrate.ts'
import { sql } from '../../core/sql.ts'
import { simulatorOf } from '../../demo/simulator.ts'
import { createKit } from '../../kit.ts'
import { openSession } from '../../people/index.ts'
import { createWecom } from '../../wecom/index.ts'
import { DAY_MS, NOW, seedTwo } from './companies.ts'

export interface Asked {
  orgId?: string
  kind?: 'token' | 'device'
  body?: object | Uint8Array<ArrayBuffer>
}

export interface Stage {
  db: Database
  kit: Kit
  routes: Zuji['routes']
  clock: { at: number }
  /** All that the server wrote to its log, at its most talkative. */
  logged: string[]
  /** What it told itself of positions that came in: who hears it tells the live map. */
  told: string[]
  /** Every token that was used. */
  tokens: ReadonlyMap<string, string>
  /** One request as somebody. */
  ask(who: string, address: string, asked?: Asked): Promise<{ status: number; text: string }>
  /** The rounds of the chores whose names begin so. */
  tend(...names: string[]): Promise<void>
  /** Texts of all rows of a table that hold the words. */
  rowsWith(words: string, tables?: readonly string[]): Promise<string[]>
  close(): Promise<void>
}

const MONTH_MS = 30 * DAY_MS // shorter than a session

/** A whole server on a throw-away embedded database, two companies of the same names in it, its clock in our hand. */
export async function openStage(root: string): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zuji-prove-'))
  const logged: string[] = []
  const log = createLog('trace', { write: (line) => void logged.push(line) })
  const config = readConfig({ DATA_DIR: folder, DEMO: '0' })
  const db = await connect({ dataDir: folder, log, root })
  await migrate(db, root)
  const clock = { at: NOW, now: () => clock.at }
  const kit = createKit({ db, config, log, clock })
  const told: string[] = []
  kit.facts.on('fixesStored', (fact) => void told.push(JSON.stringify(fact)))
  await seedTwo(db)
  const { zuji, url } = await listening(kit, root)
  const tokens = new Map<string, string>()
  return {
    ...{ db, kit, routes: zuji.routes, clock, logged, told, tokens },
    async ask(who, address, { orgId = 'o1', kind = 'token', body } = {}) {
      const name = [orgId, who, kind, Math.floor(clock.at / MONTH_MS)].join(' ')
      const token = tokens.get(name) ?? (await openSession(db, { orgId, personId: who, kind }, clock.at)) // prettier-ignore
      tokens.set(name, token)
      const answer = await fetch(url + address, requestOf(token, body))
      return { status: answer.status, text: await answer.text() }
    },
    async tend(...names) {
      for (const chore of zuji.features.flatMap(({ chores }) => chores ?? []))
        if (names.some((name) => chore.name.startsWith(name))) await chore.run()
    },
    rowsWith: (words, tables) => rowsWith(db, words, tables),
    async close() {
      await zuji.close()
      await db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function listening(kit: Kit, root: string) {
  const { settings } = simulatorOf(kit.config)
  const wecom = createWecom({ ...settings, clock: kit.clock, log: kit.log, metrics: kit.metrics })
  const zuji = createZuji(kit, wecom, { orgId: 'o1', root, before: [], answersOnly: true })
  zuji.server.listen(0, '127.0.0.1')
  await once(zuji.server, 'listening')
  const address = zuji.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { zuji, url: `http://127.0.0.1:${port}` }
}

function requestOf(token: string, body: Asked['body']): RequestInit {
  const authorization = `Bearer ${token}`
  if (!body) return { headers: { authorization } }
  const isPhoto = body instanceof Uint8Array
  const type = isPhoto ? 'image/jpeg' : 'application/json'
  const headers = { authorization, 'content-type': type }
  return { method: 'POST', headers, body: isPhoto ? body : JSON.stringify(body) }
}

/** Names of the tables with a row whose text has the words; of all tables when none are named. */
async function rowsWith(db: Database, words: string, tables?: readonly string[]) {
  const all = tables ?? (await tablesOf(db))
  const having: string[] = []
  for (const name of all) {
    const row = await db.first<{ rows: number }>(sql`
      select count(*)::int as rows from ${raw(name)} t where position(${words} in t::text) > 0`)
    if (row && row.rows > 0) having.push(name)
  }
  return having
}

async function tablesOf(db: Database): Promise<string[]> {
  const rows = await db.many<{ name: string }>(sql`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> 'spatial_ref_sys'`)
  return rows.map(({ name }) => name)
}
