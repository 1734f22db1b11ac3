import path from 'node:path'
import type Koa from 'koa'
import type { Server } from 'node:http'
import { startChores } from './core/chores.ts'
import type { Database } from './core/db.ts'
import { diskTrouble } from './core/disk.ts'
import { healthRoutes, type Check } from './core/health.ts'
import type { Feature, Kit } from './core/kit.ts'
import { pendingMigrations } from './core/migrate.ts'
import { measurePool } from './core/metrics.ts'
import { measureQueues } from './core/queues.ts'
import { pagesPolicy } from './core/http/guard.ts'
import { docsRoutes } from './core/http/openapi.ts'
import { pageRoutes } from './core/http/pages.ts'
import type { RawRoute, Route, Viewer } from './core/http/route.ts'
import { createApp, type Credentials } from './core/http/serve.ts'
import { createPatientServer } from './core/http/sockets.ts'
import { upkeepChores } from './core/embedded/upkeep.ts'
import { createCheckins } from './checkins/index.ts'
import { createAlerts } from './alerts/index.ts'
import { createApprovals } from './approvals/index.ts'
import { createAttendance, requestRules } from './attendance/index.ts'
import { createCompany } from './company/index.ts'
import { createCustomers } from './customers/index.ts'
import { createDemoRemoval } from './demo/removal.ts'
import { createFixes } from './fixes/index.ts'
import { createJobs } from './jobs/index.ts'
import { createKeys } from './keys/index.ts'
import { createLive } from './live/index.ts'
import { createContacts, createPeople, loadDuty } from './people/index.ts'
import { consentOf, createPrivacy, loadConsent } from './privacy/index.ts'
import { askOf, createReports } from './reports/index.ts'
import { createSales } from './sales/index.ts'
import { imagesFrom, mapOf } from './settings/index.ts'
import { createTeam } from './team/index.ts'
import { createTracks } from './tracks/index.ts'
import { createVisits } from './visits/index.ts'
import { createBridge } from './bridge.ts'
import { PERSONAL } from './personal.ts'
import { provenVisits } from './proven.ts'
import { createSetup } from './setup.ts'
import { countApprovals, hearContacts, hearPositions } from './hearing.ts'
import { checksRoutes, wecomRoutes } from './wecom/index.ts'
import type { Callbacks, CallbackSettings, Messaging, Wecom } from './wecom/index.ts'

export interface Zuji {
  server: Server
  features: readonly Feature[]
  /** All that the server answers, for those who check it as a whole. */
  routes: readonly (Route | RawRoute)[]
  fixes: ReturnType<typeof createFixes>
  callbacks: Callbacks
  messaging: Messaging
  identify: (credentials: Credentials) => Promise<Viewer | null>
  /** Finishes requests, sockets, chores and facts under way; the database is the caller's to close. */
  close: () => Promise<void>
}

const VERSION = '0.1.0'

export interface ZujiOptions {
  orgId: string
  root: string
  before: readonly Koa.Middleware[]
  /** Runs no chores: another process does. */
  answersOnly?: boolean
  /** Does the chores and tells how it is (`/healthz`, `/readyz`, `/metrics`): others answer. */
  worksOnly?: boolean
  /** What is wrong between this process and the others, in words; without it there are no others. */
  joined?: () => string | null
  /** Resolves when nobody of the demo moves any more: it is removed. */
  endDemo?: () => Promise<void>
  /** Of the addresses that WeCom calls; without them they do not exist. */
  callbacks?: CallbackSettings['keys']
}

/**
 * Builds the whole server from its features: routes folded into one app, sockets attached, chores
 * started. It does not listen yet.
 * @param root the folder that holds `dist/h5`.
 */
export function createZuji(kit: Kit, wecom: Wecom, options: ZujiOptions): Zuji {
  const { features, apiKeys, ...parts } = featuresOf(kit, wecom, options)
  const all = routesOf(kit, wecom, options, features)
  const { log, metrics, config } = kit
  const { identify } = parts.people
  const edge = { log, metrics, identify, keys: apiKeys, publicUrl: config.publicUrl }
  const before = options.worksOnly ? [] : options.before
  const answer = createApp(edge, all, before).callback()
  const server = createPatientServer((request, response) => void answer(request, response))
  if (!options.worksOnly) parts.live.attach(server)
  measureQueues(
    kit,
    features.flatMap((feature) => feature.queues ?? []),
  )
  measurePool(kit)
  const chores = features.flatMap((feature) => feature.chores ?? [])
  const running = startChores(options.answersOnly ? [] : [...chores, ...upkeepChores(kit.db)], kit)
  return {
    ...{ server, features, routes: all, identify },
    fixes: parts.fixes,
    callbacks: parts.callbacks,
    messaging: parts.messaging,
    close: () => closeAll(server, features, running),
  }
}

/** All that is answered; by a process for the work alone, how it is. */
function routesOf(
  kit: Kit,
  wecom: Wecom,
  options: ZujiOptions,
  features: readonly Feature[],
): readonly (Route | RawRoute)[] {
  const health = healthRoutes(kit, checksOf(kit, wecom, options))
  if (options.worksOnly) return health
  const routes = [
    ...features.flatMap((feature) => feature.routes),
    ...wecomRoutes(kit, wecom),
    ...checksRoutes(kit, options.orgId),
  ]
  const policy = pagesPolicy(kit.config.publicUrl, imagesFrom(mapOf(kit.config)))
  const pages = pageRoutes(path.join(options.root, 'dist/h5'), policy)
  return [...health, ...routes, ...docsRoutes(routes, VERSION), ...pages]
}

/** Beside the database: what must be for this process to work, and what it can do without for a while. */
const checksOf = (
  { db, config }: Kit,
  wecom: Wecom,
  { joined = () => null }: ZujiOptions,
): readonly Check[] => [
  { name: 'migrations', needed: true, trouble: () => migrationTrouble(db) },
  { name: 'disk', needed: true, trouble: () => diskTrouble(config.dataDir) },
  { name: 'redis', needed: false, trouble: async () => joined() },
  { name: 'wecom', needed: false, trouble: () => wecom.trouble() },
]

async function migrationTrouble(db: Database): Promise<string | null> {
  const waiting = await pendingMigrations(db)
  return waiting.length === 0 ? null : `not applied: ${waiting.join(', ')}`
}

const NO_KEYS: CallbackSettings['keys'] = { app: null, contacts: null }

const shownOf = ({ corpId, agentId }: Wecom) => ({ corpId, agentId })

/** The features from low to high, each given the doors below it. */
function featuresOf(kit: Kit, wecom: Wecom, options: ZujiOptions) {
  const { orgId, callbacks: keys = NO_KEYS } = options
  const parts = { consent: consentOf(kit), map: mapOf(kit.config), wecom: shownOf(wecom) }
  const people = createPeople(kit, wecom, parts, orgId)
  const contacts = createContacts(kit, wecom, orgId)
  const jobs = createJobs(kit, orgId)
  const apiKeys = createKeys(kit)
  const { identify } = people
  const fixes = createFixes(kit, { identify, duty: loadDuty, consent: loadConsent })
  const live = createLive(kit, { identify })
  const bridge = createBridge(kit, wecom, { orgId, keys, jobs })
  const { callbacks, messaging } = bridge
  hearPositions(kit, callbacks, fixes)
  hearContacts(callbacks, contacts.follower)
  countApprovals(kit, callbacks)
  const visits = createVisits(kit, orgId)
  const features: Feature[] = [
    people,
    contacts,
    createPrivacy(kit, PERSONAL),
    apiKeys,
    jobs,
    createCompany(kit),
    createCustomers(kit, jobs),
    fixes,
    createTracks(kit, fixes),
    createCheckins(kit),
    visits,
    createSales(kit, visits),
    createApprovals(kit, orgId, requestRules),
    createAttendance(kit, provenVisits(visits), jobs),
    createAlerts(kit),
    createTeam(kit),
    ...[createDemoRemoval(kit, jobs, orgId, options.endDemo), createSetup(kit)],
    live,
    ...bridge.features,
  ]
  features.push(createReports(kit, askOf(features.flatMap(({ routes }) => routes)), orgId))
  return { people, apiKeys, fixes, live, callbacks, messaging, features }
}

async function closeAll(
  server: Server,
  features: readonly Feature[],
  chores: { stop(): Promise<void> },
) {
  await chores.stop()
  for (const feature of [...features].reverse()) await feature.close?.()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await closed
}
