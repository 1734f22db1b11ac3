import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Cluster } from '../support/cluster.ts'
import { startRedis } from '../support/redis.ts'
import { onJumpingClock } from './clock.ts'
import { onNetwork } from './network.ts'
import { onFailover } from './failover.ts'
import { inFolder, onCluster, staged, type Act, type Day, type Fault, type Stage } from './stage.ts'

const HELD = 6_000 // ms

export const FAULTS: readonly Fault[] = [
  onServer('calm', async () => undefined),
  onServer('server-killed', killServer),
  onServer('database-killed', (_stage, cluster) => afterwards(cluster, () => cluster.kill())),
  onServer('database-restarted', (_stage, cluster) => cluster.restart()),
  onServer('database-slow', (_stage, cluster) => slowed(cluster.folder)),
  { name: 'database-failover', on: onFailover },
  { name: 'database-disk-full', on: onFullDisk },
  { name: 'redis-gone', on: onRedis },
  onNetwork('database-unreachable', HELD),
  { name: 'clock-jumps', on: onJumpingClock },
  onEmbedded('embedded-killed', killServer),
  onEmbedded('embedded-thread-ended', endThread, { NODE_OPTIONS: `--import ${threadEnder()}` }),
  { name: 'embedded-disk-full', on: onFullEmbedded },
]

async function killServer({ servers }: Stage): Promise<void> {
  const [server] = servers
  await server?.now()?.end('SIGKILL')
  await started(server)
}

/** What supervises it starts it again. */
async function started(server: Stage['servers'][number] | undefined): Promise<void> {
  while (server && !server.now()) await wait(20)
}

async function afterwards(cluster: Cluster, strike: () => Promise<void>): Promise<void> {
  await strike()
  await wait(HELD)
  await cluster.restart()
}

/** Stands in for a disk that stalls: the whole database stops for 400 ms of each 500. */
async function slowed(folder: string): Promise<void> {
  const signal = (name: string) => {
    for (const pid of pidsBelow(folder)) process.kill(pid, name)
  }
  for (let passed = 0; passed < HELD; passed += 500) {
    signal('SIGSTOP')
    await wait(400)
    signal('SIGCONT')
    await wait(100)
  }
}

/** The postmaster of this folder and all its children. */
function pidsBelow(folder: string): number[] {
  const [postmaster = ''] = numbersOf('pgrep', ['-f', `postgres -D ${folder}`])
  return [postmaster, ...numbersOf('pgrep', ['-P', postmaster])].map(Number)
}

function numbersOf(program: string, words: string[]): string[] {
  try {
    return execFileSync(program, words, { encoding: 'utf8' }).split('\n').filter(Boolean)
  } catch {
    return [] // pgrep ends with 1 when nothing is found
  }
}

function onServer(name: string, strike: (stage: Stage, cluster: Cluster) => Promise<void>): Fault {
  return {
    name,
    on: (day, act) =>
      onCluster({}, (cluster, dataDir) =>
        staged({ databaseUrl: cluster.urlOf('postgres'), dataDir }, day, (stage) =>
          act(stage, () => strike(stage, cluster)),
        ),
      ),
  }
}

function onEmbedded(
  name: string,
  strike: (stage: Stage) => Promise<void>,
  env: NodeJS.ProcessEnv = {},
): Fault {
  // prettier-ignore
  return {
    name,
    on: (day, act) =>
      inFolder((dataDir) =>
        staged({ databaseUrl: '', dataDir, env }, day, (stage) => act(stage, () => strike(stage))),
      ),
  }
}

/** Two servers joined by a Redis that goes, and comes back empty. */
function onRedis<T>(day: Day, act: Act<T>): Promise<T> {
  return onCluster({}, async (cluster, dataDir) => {
    const redis = await startRedis()
    try {
      const databaseUrl = cluster.urlOf('postgres')
      const ground = { databaseUrl, dataDir, env: { REDIS_URL: redis.url }, servers: [{}, {}] }
      return await staged(ground, day, (stage) =>
        act(stage, async () => {
          await redis.kill()
          await wait(HELD)
          await redis.start()
        }),
      )
    } finally {
      await redis.kill()
    }
  })
}

/** A disk of its own, so small that it can be filled. */
async function onDisk<T>(size: string, act: (disk: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const disk = path.join(folder, 'disk')
    mkdirSync(disk)
    chmodSync(folder, 0o755) // PostgreSQL runs as somebody else
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', disk])
    try {
      return await act(disk)
    } finally {
      execFileSync('umount', [disk])
    }
  })
}

/** Writes until a disk has no room, and gives it back after a while. */
async function filled(disk: string): Promise<void> {
  const ballast = path.join(disk, 'ballast')
  const { status } = spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k'])
  if (status === 0) throw new Error('the disk can not be filled')
  await wait(HELD)
  await rm(ballast)
}

function onFullDisk<T>(day: Day, act: Act<T>): Promise<T> {
  return onDisk('400m', (disk) =>
    onCluster({ below: disk }, (cluster, dataDir) =>
      staged({ databaseUrl: cluster.urlOf('postgres'), dataDir }, day, (stage) =>
        act(stage, async () => {
          await filled(disk)
          await cluster.restart() // without room for its log PostgreSQL ends itself; systemd starts it
        }),
      ),
    ),
  )
}

function onFullEmbedded<T>(day: Day, act: Act<T>): Promise<T> {
  return onDisk('400m', (dataDir) =>
    staged({ databaseUrl: '', dataDir }, day, (stage) =>
      act(stage, async () => {
        await filled(dataDir)
        await started(stage.servers[0])
      }),
    ),
  )
}

/** The thread of the embedded database ends by itself, as by lack of memory. */
async function endThread({ servers }: Stage): Promise<void> {
  const server = servers[0]?.now()
  if (server) process.kill(server.pid, 'SIGUSR2')
  await server?.exited
  await started(servers[0])
}

/** Loaded before the server: ends its threads at SIGUSR2. */
function threadEnder(): string {
  return `data:text/javascript,${encodeURIComponent(`
    import threads from 'node:worker_threads'
    import { syncBuiltinESMExports } from 'node:module'
    const all = []
    threads.Worker = class extends threads.Worker {
      constructor(...given) {
        super(...given)
        all.push(this)
      }
    }
    syncBuiltinESMExports()
    process.on('SIGUSR2', () => all.forEach((thread) => void thread.terminate()))
  `)}`
}
