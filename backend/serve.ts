import type { AddressInfo } from 'node:net'
import { createZuji, type Zuji } from './app.ts'
import type { Config } from './core/config.ts'
import type { Command } from './cli/arguments.ts'
import { Fault } from './core/errors.ts'
import { connect } from './core/connect.ts'
import type { Database } from './core/db.ts'
import type { Kit } from './core/kit.ts'
import type { Log } from './core/log.ts'
import { migrate } from './core/migrate.ts'
import { relayFacts, type Relay } from './core/relay.ts'
import { startDemo, type Demo } from './demo/index.ts'
import { leaveAlone } from './demo/removal.ts'
import { simulatorOf } from './demo/simulator.ts'
import type { WecomSim } from '../fixtures/wecom-sim/index.ts'
import { createKit } from './kit.ts'
import { demoRemovedAt } from './people/index.ts'
import { createWecom, lentIn, limitsIn, type Wecom } from './wecom/index.ts'

/** What a process does: answers, or works (chores and jobs), or both, as one by itself must. */
const ROLES = {
  all: {},
  api: { answersOnly: true },
  jobs: { worksOnly: true },
} as const

/** @throws Fault `bad_input` for another word, or a part of the work where one process is all there is */
function roleOf({ role = 'all' }: Pick<Command, 'role'>, config: Config): keyof typeof ROLES {
  if (role !== 'all' && role !== 'api' && role !== 'jobs')
    throw new Fault('bad_input', '--role is api or jobs; without it a process does both')
  if (role !== 'all' && !(config.databaseUrl && config.redisUrl))
    throw new Fault('bad_input', `--role ${role} needs DATABASE_URL and REDIS_URL: other processes do the rest`) // prettier-ignore
  return role
}

/**
 * Brings everything up, prints where, and takes it down cleanly on SIGTERM and SIGINT.
 * `--role api` runs no chores; `--role jobs` runs them and answers /healthz, /readyz and /metrics alone.
 */
export async function serve(
  config: Config,
  log: Log,
  root: string,
  command: Pick<Command, 'role'>,
): Promise<void> {
  const role = roleOf(command, config)
  const db = await connect({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    log,
    root,
    guarded: false, // tests of every room have it
    onLost: () => process.exit(1), // whoever supervises the process starts it again
  })
  await migrate(db, root)
  const kit = createKit({ db, config, log })
  const relay = config.redisUrl ? relayFacts(config.redisUrl, kit) : null
  const orgId = config.wecom?.corpId ?? 'demo'
  const simulator = config.wecom ? null : simulatorOf(config)
  const wecom = wecomOf(kit, simulator, orgId)
  const removed = (await demoRemovedAt(db, orgId)) !== null
  let demo: Demo | null = null
  const endDemo = async () => {
    await demo?.stop()
    if (simulator) await leaveAlone(simulator, db, orgId)
  }
  const zuji = createZuji(kit, wecom, {
    ...{ orgId, root, endDemo, ...callersOf(config, simulator) },
    ...(relay && { joined: relay.trouble }),
    ...ROLES[role],
  })
  if (removed) await endDemo()
  else if (lives(config, role)) demo = await startDemo(kit, zuji.fixes, orgId)
  await listen(zuji, config)
  simulator?.callbacks.aim(ownAddress(zuji, config))
  stopOnSignals({ zuji, db, log, demo, relay })
  process.stdout.write(`${banner(config, zuji, demo !== null)}\n`)
  demo?.live()
}

/** The demo's people move where they are answered. */
const lives = ({ demo }: Config, role: string) => demo && role !== 'jobs'

/** The configured WeCom, its tokens and quotas shared by all processes; or the simulator, which forgets with this one. */
function wecomOf(
  { config, clock, log, db, metrics }: Kit,
  simulator: WecomSim | null,
  orgId: string,
): Wecom {
  const shared = { store: lentIn(db, orgId), limits: limitsIn(db, orgId) }
  if (config.wecom) return createWecom({ ...config.wecom, clock, log, metrics, ...shared })
  return createWecom({ ...(simulator?.settings ?? never()), clock, log, metrics })
}

/** Who else calls this server: WeCom with its keys, or the simulator that lives in it. */
function callersOf(config: Config, simulator: WecomSim | null) {
  if (config.wecom) return { before: [], callbacks: config.wecom.callbacks }
  const { app, settings } = simulator ?? never()
  return { before: [app], callbacks: settings.callbacks }
}

function never(): never {
  throw new Error('neither WeCom nor its simulator is configured')
}

async function listen(zuji: Zuji, config: Config): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    zuji.server.once('error', reject)
    zuji.server.listen(config.port, config.host, resolve)
  })
}

interface Up {
  zuji: Zuji
  db: Database
  log: Log
  demo: Demo | null
  relay: Relay | null
}

/** A second signal does not wait. What is acknowledged is committed either way. */
function stopOnSignals(up: Up) {
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) process.exit(1)
    stopping = true
    up.log.info({ signal }, 'stopping')
    await up.demo?.stop()
    await up.zuji.close()
    await up.relay?.close()
    await up.db.close()
    process.exit(0)
  }
  process.on('SIGTERM', (signal) => void stop(signal))
  process.on('SIGINT', (signal) => void stop(signal))
}

function portOf(zuji: Zuji, config: Config): number {
  const address = zuji.server.address()
  return isAddress(address) ? address.port : config.port
}

/** As this machine reaches the server, also when the public address leads round by a proxy. */
function ownAddress(zuji: Zuji, config: Config): string {
  const everywhere = ['0.0.0.0', '::'].includes(config.host)
  return `http://${everywhere ? 'localhost' : config.host}:${portOf(zuji, config)}`
}

function banner(config: Config, zuji: Zuji, demo: boolean): string {
  const url = config.publicUrl.replace(/:0$/, `:${portOf(zuji, config)}`)
  const signIn = demo
    ? `

  登录 / sign in: 打开上面的地址，在企业微信模拟器里选一个人 / open it and pick a person in the WeCom simulator
    业务员 rep         rep01 … rep30
    主管 supervisor    lead01 lead02 lead03 · 总监 boss01
    人事 HR            hr01
    管理员 admin       admin01
  发出的消息和故障开关 / messages sent, faults to switch on: ${url}/wecom-sim/control
  终端里的令牌 / a bearer token: npm run -s zuji -- token --person rep27`
    : ''
  return `\n  足迹 Zuji   ${url}${signIn}\n`
}

const isAddress = (value: AddressInfo | string | null): value is AddressInfo =>
  typeof value === 'object' && value !== null
