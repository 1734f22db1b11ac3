import { z } from 'zod'
import { WecomChecks, type SetupSetting } from '../../contract/wecomChecks.ts'
import type { Config } from '../../core/config.ts'
import type { Kit } from '../../core/kit.ts'
import { isAdmin, route, type Route } from '../../core/http/route.ts'
import { checksOf } from './index.ts'
import { listening, proofFiles } from './probes.ts'
import { lastTold } from './queries.ts'
import type { Seen } from './seen.ts'
import { probe } from './doctorProbes.ts'

const LIMIT_MS = 12_000 // for all of the doctor's calls together
const KEPT_MS = 15_000
/** WeCom bans an address for an hour that tries too many wrong secrets, or that asks on when throttled. */
const KEPT_LONG_MS = 60_000
const RISKY = new Set(['secret', 'contacts_secret', 'corp_id', 'throttled'])

type Given = Pick<Kit, 'config' | 'clock' | 'db'>

interface Options {
  fetch?: typeof fetch
  limitMs?: number
}
type Kept = Omit<WecomChecks, 'now'>

/**
 * The admin's view of the setup. However often and by however many it is asked, WeCom is asked once in
 * fifteen seconds, once a minute while it refuses our secret.
 * @param options for tests.
 */
export function checksRoutes(kit: Given, orgId: string, options: Options = {}): Route[] {
  const current = remembered(kit.clock, () => look(kit, orgId, options))
  return [
    route({
      method: 'GET',
      path: '/api/v1/wecom/checks',
      summary: 'What of the setup with WeCom works, step by step; asked anew at most every 15 s',
      query: z.strictObject({}),
      reply: WecomChecks,
      // who was an admin of the demo is none of the company that goes live in the same database
      allow: (viewer) => isAdmin(viewer) && viewer.orgId === orgId,
      run: async () => {
        const checks = await current()
        return { ...checks, now: kit.clock.now() }
      },
    }),
  ]
}

/** One look at a time, and none before the last one's `nextAt`. */
function remembered(clock: Kit['clock'], anew: () => Promise<Kept>): () => Promise<Kept> {
  let kept: Kept | null = null
  let running: Promise<Kept> | null = null
  return async () => {
    if (kept && clock.now() < kept.nextAt) return kept
    running ??= anew().finally(() => (running = null))
    kept = await running
    return kept
  }
}

async function look(kit: Given, orgId: string, options: Options): Promise<Kept> {
  const seen = await seenBy(kit, orgId, options)
  const checks = checksOf(seen)
  const risky = checks.some((each) => each.findings.some(({ code }) => RISKY.has(code)))
  const checkedAt = kit.clock.now()
  return {
    ...{ checkedAt, nextAt: checkedAt + (risky ? KEPT_LONG_MS : KEPT_MS) },
    ...{ simulator: kit.config.wecom === null, publicUrl: kit.config.publicUrl },
    ...{ given: seen.given, checks },
  }
}

async function seenBy(
  { config, clock, db }: Given,
  orgId: string,
  options: Options,
): Promise<Seen> {
  const deadline = AbortSignal.timeout(options.limitMs ?? LIMIT_MS)
  const ear = listening(options.fetch ?? fetch, deadline)
  const [evidence, files, told] = await Promise.all([
    probe({ config, clock, fetch: ear.fetch }),
    proofFiles(config, options.fetch ?? fetch),
    lastTold(db, orgId),
  ])
  return {
    ...{ evidence, files, heard: ear.heard, given: givenIn(config) },
    told: { app: told.get('app') ?? null, contacts: told.get('contacts') ?? null },
    ...{ corpId: config.wecom?.corpId ?? '', agentId: config.wecom?.agentId ?? '' },
  }
}

function givenIn({ wecom }: Pick<Config, 'wecom'>): Record<SetupSetting, boolean> {
  const app = Boolean(wecom?.callbacks.app) // token and key are both there or neither
  const contacts = Boolean(wecom?.callbacks.contacts)
  return {
    WECOM_CORP_ID: wecom !== null,
    WECOM_AGENT_ID: wecom !== null,
    WECOM_SECRET: wecom !== null,
    WECOM_CALLBACK_TOKEN: app,
    WECOM_CALLBACK_AES_KEY: app,
    WECOM_CONTACTS_SECRET: Boolean(wecom?.contactsSecret),
    WECOM_CONTACTS_TOKEN: contacts,
    WECOM_CONTACTS_AES_KEY: contacts,
  }
}
