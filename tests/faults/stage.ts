import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connect } from '../../backend/core/connect.ts'
import type { Database } from '../../backend/core/db.ts'
import { createLog } from '../../backend/core/log.ts'
import { startCluster, type Cluster, type ClusterOptions } from '../support/cluster.ts'
import { freePort } from '../support/ports.ts'
import { startServer, type ServerProcess, type Where } from '../support/serverProcess.ts'
import { addOffice, ADMIN, reportsOf, seedCompany, type Report } from './company.ts'

export interface Ground {
  /** postgres://, or '' for the embedded database. */
  databaseUrl: string
  /** For whoever stands beside the server: '' unless it is another address. */
  besideUrl?: string
  dataDir: string
  env?: NodeJS.ProcessEnv
  /** One for each server process. */
  servers?: readonly Where[]
}

/** A company with servers that are started again whenever they end, as systemd does. */
export interface Stage {
  readonly ground: Ground
  readonly day: { date: string; midnight: number }
  readonly tokens: ReadonlyMap<string, string>
  readonly reports: readonly Report[]
  /** Address for a line of phones: they are spread over the servers. */
  urlOf(line: number): string
  readonly servers: readonly Supervised[]
  beside<T>(act: (db: Database) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Something that breaks while phones report, and heals by itself or by what supervises it. */
export interface Fault {
  readonly name: string
  /**
   * Brings a company up, lets `act` work with it, and takes it down.
   * @param act its second argument breaks it, holds it broken, and heals it
   */
  on<T>(day: Stage['day'], act: Act<T>): Promise<T>
}
export type Act<T> = (stage: Stage, strike: () => Promise<void>) => Promise<T>
export type Day = Stage['day']

const RESTART_AFTER = 500 // ms, systemd's RestartSec is set longer

export interface Supervised {
  readonly url: string
  now(): ServerProcess | null // null: being started again
  stop(): Promise<void>
}

/** A durable PostgreSQL, and a folder for the server's files, for as long as something is done with them. */
export function onCluster<T>(
  options: ClusterOptions,
  act: (cluster: Cluster, dataDir: string) => Promise<T>,
): Promise<T> {
  return inFolder(async (dataDir) => {
    const cluster = await startCluster({ durable: true, ...options })
    try {
      return await act(cluster, dataDir)
    } finally {
      await cluster.stop()
    }
  })
}

/** A company for as long as something is done with it. */
export async function staged<T>(
  ground: Ground,
  day: Day,
  act: (stage: Stage) => Promise<T>,
): Promise<T> {
  // prettier-ignore
  const stage = await openStage(ground, day)
  try {
    return await act(stage)
  } finally {
    await stage.close()
  }
}

async function openStage(ground: Ground, day: Stage['day']): Promise<Stage> {
  const servers: Supervised[] = []
  const beside = besideOf(ground)
  try {
    for (const where of ground.servers ?? [{}]) servers.push(await supervise(ground, where))
    const tokens = await beside((db) => seedCompany(db, day))
    const urlOf = (line: number) => servers[line % servers.length]?.url ?? ''
    const office = await addOffice(urlOf(0), tokens.get(ADMIN) ?? '')
    const reports = reportsOf(day, office)
    const close = async () => void (await Promise.all(servers.map((server) => server.stop())))
    return { ground, day, tokens, reports, urlOf, servers, beside, close }
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()))
    throw error
  }
}

async function supervise(ground: Ground, where: Where): Promise<Supervised> {
  const env = {
    ...process.env,
    ...{ DEMO: '0', LOG_LEVEL: 'fatal', SESSION_SECRET: 'of the stage' },
    ...{ DATA_DIR: ground.dataDir, DATABASE_URL: ground.databaseUrl, ...ground.env },
  }
  const fixed = { ...where, port: where.port ?? (await freePort()) }
  let running: ServerProcess | null = await startServer(env, fixed)
  const { url } = running
  let over = false
  const watching = (async () => {
    while (!over) {
      await running?.exited
      running = null
      if (over) return
      await wait(RESTART_AFTER)
      running = await startServer(env, fixed).catch(() => null)
    }
  })()
  return {
    url,
    now: () => running,
    async stop() {
      over = true
      await running?.end('SIGTERM')
      await watching
    },
  }
}

const besideOf =
  ({ databaseUrl, besideUrl = databaseUrl, dataDir }: Ground): Stage['beside'] =>
  async (act) => {
    const log = createLog('silent')
    const db = await connect({ databaseUrl: besideUrl, dataDir, log, root: '', join: true })
    try {
      return await act(db)
    } finally {
      await db.close()
    }
  }

/** A folder for as long as something is done in it. */
export async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zuji-fault-'))
  try {
    return await act(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
