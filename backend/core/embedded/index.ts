import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type pg from 'pg'
import { z } from 'zod'
import { Fault } from '../errors.ts'
import type { Log } from '../log.ts'
import { ownerOf, PORT, socketIn, take } from './ownership.ts'

export interface Embedded {
  /** How `pg` reaches it: a Unix socket in a directory only this user may enter. */
  connection: pg.ClientConfig
  /** Writes the whole database to a tar.gz that `snapshot` takes. */
  dump(file: string): Promise<void>
  /** Rolls back what is open, closes the files, gives the directory back. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  dataDir: string
  log: Log
  /** A dump to begin with, when the directory holds no database yet. */
  snapshot?: string | undefined
  /** The database's thread ended by itself: nothing can be stored any more. */
  onLost?: (error: Error) => void
}

/**
 * PostgreSQL with PostGIS in a worker thread, its files below `dataDir`, so that the caller's
 * event loop never waits for it.
 * @throws Fault `not_ready` when another process has the directory.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = path.resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const socketDir = socketDirOf(dataDir)
  const taken = await take(dataDir, socketDir)
  if ('owner' in taken)
    throw new Fault('not_ready', `process ${taken.owner.pid} already has the data in ${dataDir}`)
  try {
    await mkdir(socketDir, { recursive: true, mode: 0o700 })
    await rm(socketIn(socketDir), { force: true })
    return await run(options, { dataDir, socketDir, release: taken.release })
  } catch (error) {
    await taken.release()
    throw error
  }
}

/** How to reach the database of the server that runs on this directory; null when none does. */
export async function connectEmbedded(dataDir: string): Promise<pg.ClientConfig | null> {
  const owner = await ownerOf(path.resolve(dataDir))
  return owner ? connectionTo(owner.socketDir) : null
}

const connectionTo = (socketDir: string): pg.ClientConfig => ({
  host: socketDir,
  port: PORT,
  user: 'postgres',
  database: 'postgres',
})

const LONGEST_PATH = 100 // bytes of a Unix socket's path; the systems allow 104 or 108

function socketDirOf(dataDir: string): string {
  const inside = path.join(dataDir, 'socket')
  if (Buffer.byteLength(socketIn(inside)) <= LONGEST_PATH) return inside
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  return path.join(tmpdir(), `zuji-${name}`)
}

interface Place {
  dataDir: string
  socketDir: string
  release: () => Promise<void>
}

async function run(options: EmbeddedOptions, place: Place): Promise<Embedded> {
  const directory = path.join(place.dataDir, 'postgres')
  const complete = path.join(place.dataDir, 'complete')
  // what a first start left unfinished never held a fact
  if (!existsSync(complete)) await rm(directory, { recursive: true, force: true })
  const snapshot =
    existsSync(directory) || !options.snapshot || !existsSync(options.snapshot)
      ? null
      : options.snapshot
  const thread = startThread({ directory, socket: socketIn(place.socketDir), snapshot }, options)
  await thread.hears('ready')
  await writeFile(complete, '', { flush: true })
  return {
    connection: connectionTo(place.socketDir),
    async dump(file) {
      thread.ask({ ask: 'dump', file })
      await thread.hears('dumped')
    },
    async stop() {
      thread.ask({ ask: 'stop' })
      await thread.hears('stopped')
      await rm(socketIn(place.socketDir), { force: true })
      await place.release()
    },
  }
}

const Told = z.object({
  told: z.enum(['ready', 'dumped', 'stopped', 'trouble']),
  message: z.string().optional(),
})

function startThread(workerData: object, options: EmbeddedOptions) {
  const worker = spawnThread(workerData)
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  let over = false
  const lost = (error: Error) => {
    if (over) return
    over = true
    for (const each of waiting.values()) each.reject(error)
    options.onLost?.(error)
  }
  worker.on('error', lost)
  worker.on('exit', () => lost(new Error('the thread of the embedded database ended')))
  worker.on('message', (message: unknown) => {
    const { told, message: text } = Told.parse(message)
    if (told === 'trouble') options.log.error({ reason: text }, 'the embedded database failed')
    if (told === 'stopped') over = true
    waiting.get(told)?.resolve()
  })
  return {
    ask: (request: object) => worker.postMessage(request),
    hears: (told: string) =>
      new Promise<void>((resolve, reject) => waiting.set(told, { resolve, reject })),
  }
}

/**
 * The bundle has the thread's entry beside its main.js. From the source (tests, watch mode) the
 * thread must learn TypeScript first: loader hooks of the main thread do not reach it.
 */
function spawnThread(workerData: object): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./embedded.worker.js', import.meta.url), { workerData })
  const source = new URL('./embedded.worker.ts', import.meta.url)
  const program = `import('tsx/esm/api').then((tsx) => {
    tsx.register()
    return import(${JSON.stringify(source.href)})
  })`
  return new Worker(program, { eval: true, workerData })
}
