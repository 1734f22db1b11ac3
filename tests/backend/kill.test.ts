import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { Ingested, type Fix } from '../../backend/contract/fixes.ts'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { sql } from '../../backend/core/sql.ts'
import { uuidOf } from '../../fixtures/random.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { buildServer, startServer, tokenFor, type ServerProcess } from '../support/serverProcess.ts'

const PEOPLE = ['rep27', 'rep28'] // on duty round the clock
const CONNECTIONS = 8
const BATCH = 50
const KILLED_AFTER = 40 // answers

interface Batch {
  personId: string
  fixes: Pick<Fix, 'id' | 'at' | 'lng' | 'lat'>[]
}

let borrowed: Borrowed | null = null
let dataDir: string
let env: NodeJS.ProcessEnv
let server: ServerProcess | null = null
const tokens = new Map<string, string>()

beforeAll(async () => {
  await buildServer()
  dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-kill-'))
  borrowed = inject('databaseKind') === 'server' ? await borrowDatabase() : null
  env = {
    ...process.env,
    DEMO: '1',
    LOG_LEVEL: 'fatal',
    DATA_DIR: dataDir,
    DATABASE_URL: borrowed?.url ?? '',
  }
  server = await startServer(env)
  for (const personId of PEOPLE) tokens.set(personId, await tokenFor(personId, env))
})
afterAll(async () => {
  await server?.end('SIGKILL')
  await borrowed?.close()
  await rm(dataDir, { recursive: true, force: true })
})

test('a server killed under load starts again with every fix it acknowledged, none twice', async () => {
  const load = await loadUntilKilled()
  expect(load.acknowledged.length).toBeGreaterThanOrEqual(KILLED_AFTER)
  expect(load.unanswered.length).toBeGreaterThan(0)
  server = await startServer(env)

  const kept = await storedIds()
  const known = new Set(kept)
  expect(known.size).toBe(kept.length)
  expect(idsOf(load.acknowledged).filter((id) => !known.has(id))).toEqual([])

  const again = await Promise.all(load.acknowledged.map(post))
  expect(again).toEqual(again.map(() => ({ accepted: 0, duplicate: BATCH, rejected: [] })))
  for (const { accepted, duplicate } of await Promise.all(load.unanswered.map(post)))
    expect(accepted + duplicate).toBe(BATCH)
  const all = idsOf([...load.acknowledged, ...load.unanswered])
  expect((await storedIds()).sort()).toEqual([...new Set(all)].sort())
  expect(await server.end('SIGTERM')).toBe(0)
  server = null
})

/**
 * Connections that post as fast as they are answered, two of them always the same batch, until the
 * server is killed with a request under way: group commit answers many at once, so that one is sent
 * for it.
 */
async function loadUntilKilled() {
  const acknowledged: Batch[] = []
  const unanswered: Batch[] = []
  let killed: Promise<unknown> | null = null
  const connection = async (index: number) => {
    for (let round = 0; !killed; round++) {
      const batch = batchOf(Math.floor(index / 2), round)
      const answer = await post(batch).catch((error: unknown) => {
        if (!killed) throw error
        return null
      })
      if (!answer) return void unanswered.push(batch)
      expect(answer.accepted + answer.duplicate).toBe(BATCH)
      acknowledged.push(batch)
      if (acknowledged.length < KILLED_AFTER || killed) continue
      const last = batchOf(CONNECTIONS, 0)
      const flying = post(last).then(
        () => acknowledged.push(last),
        () => unanswered.push(last),
      )
      killed = server?.end('SIGKILL') ?? null
      await flying
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => connection(index)))
  await killed
  return { acknowledged, unanswered }
}

const START = Date.now() - 5 * 86_400_000

/** The same fixes for the same numbers, a second apart, within the last days. */
function batchOf(lane: number, round: number): Batch {
  const personId = PEOPLE[lane % PEOPLE.length] ?? ''
  const first = START + (lane * 1_000 + round) * BATCH * 1_000
  const fixes = Array.from({ length: BATCH }, (_, index) => {
    const at = first + index * 1_000
    return { id: uuidOf(personId, at), at, lng: 114 + index / 1e5, lat: 22.5 + round / 1e5 }
  })
  return { personId, fixes }
}

const idsOf = (batches: readonly Batch[]) =>
  batches.flatMap(({ fixes }) => fixes.map(({ id }) => id))

async function post({ personId, fixes }: Batch): Promise<Ingested> {
  const response = await fetch(`${server?.url}/api/v1/fixes`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokens.get(personId)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ fixes }),
  })
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return Ingested.parse(JSON.parse(text))
}

/** One id for each stored row of the two, through a connection beside the running server. */
async function storedIds(): Promise<string[]> {
  const db = await connect({
    databaseUrl: borrowed?.url,
    dataDir,
    log: createLog('silent'),
    root: '',
    join: true,
  })
  const rows = await db.many<{ id: string }>(
    sql`select id from fixes where org_id = 'demo' and person_id = any (${PEOPLE}::text[])`,
  )
  await db.close()
  return rows.map(({ id }) => id)
}
