import path from 'node:path'
import type Koa from 'koa'
import { createServer, type Server } from 'node:http'
import { startChores } from './core/chores.ts'
import { healthRoutes } from './core/health.ts'
import type { Feature, Kit } from './core/kit.ts'
import { pendingMigrations } from './core/migrate.ts'
import { docsRoutes } from './core/http/openapi.ts'
import { pageRoutes } from './core/http/pages.ts'
import type { Viewer } from './core/http/route.ts'
import { createApp } from './core/http/serve.ts'
import { upkeepChores } from './core/embedded/upkeep.ts'
import { createCheckins } from './checkins/index.ts'
import { createApprovals } from './approvals/index.ts'
import { createAttendance, requestRules, type ListVisits } from './attendance/index.ts'
import { createCustomers } from './customers/index.ts'
import { createFixes } from './fixes/index.ts'
import { createJobs } from './jobs/index.ts'
import { createLive } from './live/index.ts'
import { createContacts, createPeople, loadDuty } from './people/index.ts'
import { consentOf, createPrivacy, loadConsent } from './privacy/index.ts'
import { createSales } from './sales/index.ts'
import { mapOf } from './settings/index.ts'
import { createTracks } from './tracks/index.ts'
import { createVisits, isProven, type VisitsDoor } from './visits/index.ts'
import { createBridge } from './bridge.ts'
import { countApprovals, hearContacts, hearPositions } from './hearing.ts'
import { checksRoutes, wecomRoutes } from './wecom/index.ts'
import type { Callbacks, CallbackSettings, Messaging, Wecom } from './wecom/index.ts'

export interface Zuji {
  server: Server
  features: readonly Feature[]
  fixes: ReturnType<typeof createFixes>
  callbacks: Callbacks
  messaging: Messaging
  identify: (credentials: { bearer?: string; cookie?: string }) => Promise<Viewer | null>
  /** Finishes requests, sockets, chores and facts under way; the database is the caller's to close. */
  close: () => Promise<void>
}

const VERSION = '0.1.0'

export interface ZujiOptions {
  orgId: string
  root: string
  before: readonly Koa.Middleware[]
  /** Of the addresses that WeCom calls; without them they do not exist. */
  callbacks?: CallbackSettings['keys']
}

/**
 * Builds the whole server from its features: routes folded into one app, sockets attached, chores
 * started. It does not listen yet.
 * @param root the folder that holds `dist/h5`.
 */
export function createZuji(kit: Kit, wecom: Wecom, options: ZujiOptions): Zuji {
  const { people, fixes, live, callbacks, messaging, features } = featuresOf(kit, wecom, options)
  const routes = [
    ...features.flatMap((feature) => feature.routes),
    ...wecomRoutes(kit, wecom),
    ...checksRoutes(kit, options.orgId),
  ]
  const all = [
    ...healthRoutes(kit, () => pendingMigrations(kit.db)),
    ...routes,
    ...docsRoutes(routes, VERSION),
    ...pageRoutes(path.join(options.root, 'dist/h5')),
  ]
  const { log, metrics, config } = kit
  const edge = { log, metrics, identify: people.identify, publicUrl: config.publicUrl }
  const answer = createApp(edge, all, options.before).callback()
  const server = createServer((request, response) => void answer(request, response))
  server.keepAliveTimeout = 65_000 // longer than the usual proxy's minute
  live.attach(server)
  const chores = features.flatMap((feature) => feature.chores ?? [])
  const running = startChores([...chores, ...upkeepChores(kit.db)], log)
  return {
    server,
    features,
    fixes,
    callbacks,
    messaging,
    identify: people.identify,
    close: () => closeAll(server, features, running),
  }
}

const NO_KEYS: CallbackSettings['keys'] = { app: null, contacts: null }

/** The features from low to high, each given the doors below it. */
function featuresOf(kit: Kit, wecom: Wecom, { orgId, callbacks: keys = NO_KEYS }: ZujiOptions) {
  const parts = {
    consent: consentOf(kit),
    map: mapOf(kit.config),
    wecom: { corpId: wecom.corpId, agentId: wecom.agentId },
  }
  const people = createPeople(kit, wecom, parts, orgId)
  const contacts = createContacts(kit, wecom, orgId)
  const { identify } = people
  const jobs = createJobs(kit, orgId)
  const fixes = createFixes(kit, { duty: loadDuty, consent: loadConsent, identify })
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
    createPrivacy(kit),
    jobs,
    createCustomers(kit, jobs),
    fixes,
    createTracks(kit, fixes),
    createCheckins(kit),
    visits,
    createSales(kit, visits),
    createApprovals(kit, orgId, requestRules),
    createAttendance(kit, provenVisits(visits), jobs),
    live,
    ...bridge.features,
  ]
  return { people, fixes, live, callbacks, messaging, features }
}

const MOST_VISITS = 100_000 // of the people and dates that attendance asks for at once

/** Visits that are outing time, where the rules count them so: with a stay and a claim or plan. */
const provenVisits =
  (visits: VisitsDoor): ListVisits =>
  async (db, { orgId, personIds, from, to }) => {
    const wanted = { personIds, from, to, limit: MOST_VISITS }
    const all = await visits.listVisits(db, { orgId, departments: 'all' }, wanted)
    return all.flatMap(
      ({ id, personId, status, from: begin, to: end }) =>
      begin !== null && end !== null && isProven(status) ? [{ id, personId, from: begin, to: end }] : [], // prettier-ignore
    )
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
