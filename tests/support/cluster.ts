import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

export interface ClusterOptions {
  durable?: boolean
  listen?: string
  below?: string
  standbyOf?: Cluster
}

export interface Cluster {
  /** Holds its files and its socket. */
  readonly folder: string
  /** postgres:// address of a database of this cluster, over its Unix socket. */
  urlOf(database: string): string
  /** The same cluster after a crash (`kill -9` of the postmaster) or a stop. */
  restart(): Promise<void>
  kill(): Promise<void>
  /** Of a standby: from now on it takes writes. */
  promote(): Promise<void>
  stop(): Promise<void>
}

/** Where Debian keeps PostgreSQL's programs: 15 as on Debian 12, or any newer. */
export function serverPrograms(): string | null {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).map(Number) : []
  const found = versions.filter((version) => version >= 15).sort((a, b) => a - b)
  return found[0] === undefined ? null : path.join(base, String(found[0]), 'bin')
}

/**
 * A throw-away PostgreSQL in a temporary folder, on a Unix socket only. It dies with this process,
 * however that dies (the kernel tells it), and leaves nothing behind when it is stopped.
 * @param options.durable fsync on, for tests about crashes and for benchmarks.
 * @param options.listen an address of this machine where it also listens, by TCP on port 5432
 * @param options.below the folder to put its own folder into
 * @param options.standbyOf a running one that it copies, and follows by streaming replication until it is promoted
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const bin = serverPrograms()
  if (!bin)
    throw new Error('PostgreSQL 15 with PostGIS is missing: apt install postgresql-15-postgis-3')
  const folder = mkdtempSync(path.join(options.below ?? tmpdir(), 'zuji-pg-'))
  const as = serverUser(folder)
  const data = path.join(folder, 'data')
  const run = (program: string, words: string[]) =>
    void execFileSync(as.program, [...as.words, path.join(bin, program), ...words], { stdio: 'pipe' }) // prettier-ignore
  if (options.standbyOf) run('pg_basebackup', ['-D', data, '-h', options.standbyOf.folder, '-U', 'zuji', '-R', '-X', 'stream', '--no-sync', '-c', 'fast']) // prettier-ignore
  else run('initdb', ['-D', data, '-U', 'zuji', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']) // prettier-ignore
  if (options.listen) appendFileSync(path.join(data, 'pg_hba.conf'), 'host all all samenet trust\n')
  const start = () =>
    startPostmaster(
      [...as.words, path.join(bin, 'postgres'), ...settings(folder, options)],
      as.program,
    )
  const urlOf = (database: string) =>
    `postgres://zuji@localhost/${database}?host=${encodeURIComponent(folder)}`
  let postmaster = start()
  await answers(urlOf('postgres'), postmaster)
  const end = async (signal: NodeJS.Signals) => {
    if (postmaster.exitCode !== null || postmaster.signalCode !== null) return
    const over = once(postmaster, 'exit')
    postmaster.kill(signal)
    await over
  }
  return {
    folder,
    urlOf,
    kill: () => end('SIGKILL'),
    promote: async () => run('pg_ctl', ['promote', '-D', data, '-w']),
    async restart() {
      await end('SIGINT')
      postmaster = start()
      await answers(urlOf('postgres'), postmaster)
    },
    async stop() {
      await end('SIGINT') // fast shutdown
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, who owns the folder. */
function serverUser(folder: string): { program: string; words: string[] } {
  if (process.platform !== 'linux') return { program: '/usr/bin/env', words: [] }
  const words = ['--pdeathsig', 'INT']
  if (process.getuid?.() !== 0) return { program: 'setpriv', words }
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  chownSync(folder, id('-u'), id('-g'))
  return {
    program: 'setpriv',
    words: ['--reuid', 'postgres', '--regid', 'postgres', '--init-groups', ...words],
  }
}

function settings(folder: string, options: ClusterOptions): string[] {
  const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const each = [
    `listen_addresses=${options.listen ?? ''}`,
    `unix_socket_directories=${folder}`,
    'max_connections=200',
    'shared_buffers=128MB',
    'timezone=UTC',
    ...(options.durable ? [] : fast),
  ]
  return ['-D', path.join(folder, 'data'), ...each.flatMap((setting) => ['-c', setting])]
}

function startPostmaster(words: string[], program: string): ChildProcess {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'ignore'] })
  process.once('exit', () => child.kill('SIGINT'))
  return child
}

const PATIENCE = 300 // times 100 ms: a loaded machine still starts it in seconds

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < PATIENCE && child.exitCode === null; attempt++) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await wait(100)
    }
  }
  throw new Error('the throw-away PostgreSQL did not start')
}
