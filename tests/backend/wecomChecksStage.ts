import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readConfig, type Config } from '../../backend/core/config.ts'
import { healthRoutes } from '../../backend/core/health.ts'
import type { Feature, Kit } from '../../backend/core/kit.ts'
import { checksRoutes, createCallbacks } from '../../backend/wecom/index.ts'
import { domainRoute } from '../../backend/wecom/domain.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'
import { openCompany, ORG, type Company } from './company.ts'

export const KEYS = {
  token: 'FieldTrackTestToken',
  aesKey: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
}
/** Where the running server is found, as WeCom's console has it. */
export const SITE = 'crm.example'
const CORP = 'ww0000000000000001'
export const APP = {
  WECOM_CORP_ID: CORP,
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'a-secret-of-tests',
}
const SETTINGS = {
  ...APP,
  WECOM_CONTACTS_SECRET: 'contacts-of-tests',
  WECOM_CALLBACK_TOKEN: KEYS.token,
  WECOM_CALLBACK_AES_KEY: KEYS.aesKey,
  WECOM_CONTACTS_TOKEN: KEYS.token,
  WECOM_CONTACTS_AES_KEY: KEYS.aesKey,
}

export type Fetch = typeof fetch
type Through = (own: Fetch) => Fetch

export interface ChecksStage {
  company: Company
  up: SimServer
  dataDir: string
  /** The server as it would be with these settings more. `through` stands between it and the world. */
  run(more?: Record<string, string>, through?: Through, limitMs?: number): void
  /** The same with nothing but this configuration. */
  begin(config: Config, through?: Through, limitMs?: number): void
  /** A WeCom as new. */
  renew(): Promise<void>
  close(): Promise<void>
}

/** A running server at the domain that the simulated WeCom trusts, whose settings the tests exchange. */
export async function openChecksStage(
  more: (kit: Kit) => Feature[] = () => [],
): Promise<ChecksStage> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-checks-'))
  let current: ReturnType<typeof checksRoutes>[number] | undefined
  const company = await openCompany((kit) => {
    const [shape] = checksRoutes(kit, ORG)
    if (!shape) throw new Error('no route')
    return [
      createCallbacks(kit, { orgId: ORG, corpId: CORP, keys: { app: KEYS, contacts: KEYS } }),
      { routes: healthRoutes(kit, []) },
      { routes: [domainRoute({ dataDir, wecomVerify: [] })] },
      { routes: [{ ...shape, answer: (asked) => (current ?? shape).answer(asked) }] },
      ...more(kit),
    ]
  })
  const fetch = trusting(SITE)(throughProxy(company.url))
  const stage: ChecksStage = {
    ...{ company, dataDir, up: await startWecomSim() },
    run(changed = {}, through, limitMs) {
      const address = { WECOM_API_BASE: stage.up.base, PUBLIC_URL: `https://${SITE}` }
      const config = readConfig({ ...SETTINGS, ...address, ...changed, DATA_DIR: dataDir })
      stage.begin(config, through, limitMs)
    },
    begin(config, through = (own) => own, limitMs = 30_000) {
      const kit = { ...company.kit, config }
      ;[current] = checksRoutes(kit, ORG, { fetch: through(fetch), limitMs })
    },
    async renew() {
      await stage.up.close()
      stage.up = await startWecomSim()
      stage.up.clock.at = company.clock.at
      stage.run()
    },
    async close() {
      await stage.up.close()
      await company.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  return stage
}

/** The domain of the product leads to the running server, as a proxy would. */
const throughProxy =
  (server: string): Fetch =>
  (input, init) => {
    const url = String(input instanceof Request ? input.url : input)
    return fetch(url.replace(/^https?:\/\/(crm|other)\.example(:\d+)?(?=\/)/, server), init)
  }

/** WeCom's answer to one API, changed. */
export const answering =
  (api: string, change: (body: Record<string, unknown>) => object): Through =>
  (own) =>
  async (input, init) => {
    const response = await own(input, init)
    if (!String(input).includes(api) || !response.ok) return response
    return Response.json(change(Object(await response.json())))
  }

/** As if this host were the trusted domain of the app. */
export const trusting = (host: string) =>
  answering('/agent/get', (body) => ({ ...body, redirect_domain: host }))
