import type { Kit } from '../../core/kit.ts'
import { serverSafe, type Safe } from '../../core/seal.ts'
import { listOrgs } from '../../people/index.ts'
import { nextTry } from './patience.ts'
import { post, type Outcome } from './post.ts'
import {
  claimDelivery,
  listDueHooks,
  noteDelivered,
  noteFailed,
  releaseDelivery,
  removeOldDeliveries,
  type Claimed,
} from './queries.ts'
import { signedHeaders } from './sign.ts'

const EVERY_MS = 2_000
const TIMEOUT_MS = 10_000
const HELD_MS = 60_000 // longer than a try takes; then its process is gone
const DAY_MS = 86_400_000
const KEPT_DAYS = { delivered: 7, dead: 30 }

export const SAFE = 'webhooks'

/** A secret opens for its webhook alone. */
export const nameOf = (orgId: string, webhookId: string) => `${orgId} ${webhookId}`

type Means = Pick<Kit, 'db' | 'clock' | 'config' | 'log' | 'metrics' | 'facts'>

/**
 * Sends what is due, to each address one after the other and to all at the same time: one that hangs holds up nobody
 * else, and after a failure rests until the next round.
 */
export function createDelivery(kit: Means) {
  const ended = new AbortController()
  const { ask, busy } = createRounds(kit, ended.signal)
  let asking: Promise<void> = Promise.resolve()
  /** Begins to send; does not wait for what hangs. */
  const kick = () => {
    asking = asking.catch(() => undefined).then(() => (ended.signal.aborted ? undefined : ask()))
    return asking
  }
  const soon = () =>
    void kick().catch((error: unknown) =>
      kit.log.warn({ err: error }, 'webhooks wait for the next round'),
    )
  const off = kit.facts.on('alertChanged', soon)
  return {
    soon,
    chores: [
      { name: 'send to webhooks', everyMs: EVERY_MS, run: kick },
      { name: 'forget old deliveries', everyMs: DAY_MS / 8, run: () => forget(kit) },
    ],
    async close() {
      off()
      ended.abort()
      await asking.catch(() => undefined)
      await Promise.all(busy.values())
    },
  }
}

/** One round at a time for each address that has something due. */
function createRounds(kit: Means, signal: AbortSignal) {
  const busy = new Map<string, Promise<void>>()
  const sent = kit.metrics.counter('zuji_webhook_tries_total', 'Tries to deliver alerts to webhooks', ['outcome']) // prettier-ignore
  let safe: Promise<Safe> | null = null
  const round = async (orgId: string, hookId: string) => {
    safe ??= serverSafe(kit.config, SAFE)
    const worker = { orgId, hookId, safe: await safe, signal }
    for (let outcome = await one(kit, worker); outcome; outcome = await one(kit, worker)) {
      sent.inc({ outcome: outcome.reason ?? 'delivered' })
      if (outcome.reason !== null) return
    }
  }
  const begin = (orgId: string, id: string) => {
    const work = round(orgId, id)
      .catch((error: unknown) => kit.log.error({ err: error }, 'a webhook’s round failed'))
      .finally(() => busy.delete(id))
    busy.set(id, work)
  }
  const ask = async () => {
    for (const { id: orgId } of await listOrgs(kit.db))
      for (const { id } of await listDueHooks(kit.db, orgId, kit.clock.now()))
        if (!busy.has(id) && !signal.aborted) begin(orgId, id)
  }
  return { ask, busy }
}

interface Worker {
  orgId: string
  hookId: string
  safe: Safe
  signal: AbortSignal
}

/** @returns what became of the oldest that was due; null when there is none, or no time left */
async function one(kit: Means, { orgId, hookId, safe, signal }: Worker): Promise<Outcome | null> {
  if (signal.aborted) return null
  const now = kit.clock.now()
  const claimed = await claimDelivery(kit.db, { orgId, id: hookId }, { now, heldUntil: now + HELD_MS }) // prettier-ignore
  if (!claimed) return null
  const key = { orgId, webhookId: hookId, personId: claimed.personId, eventId: claimed.eventId }
  const outcome = await attempt(kit, claimed, { secrets: secretsOf(safe, key, claimed), signal })
  const at = kit.clock.now()
  if (outcome.reason === null) await noteDelivered(kit.db, key, at, outcome.status)
  else if (signal.aborted) await releaseDelivery(kit.db, key, at)
  else {
    const nextAt = nextTry(at, claimed.attempts, Math.random())
    await noteFailed(kit.db, key, { ...outcome, at, nextAt, reason: outcome.reason })
  }
  return outcome
}

const secretsOf = (
  safe: Safe,
  key: { orgId: string; webhookId: string },
  { sealed, sealedBefore }: Claimed,
) =>
  [sealed, sealedBefore].flatMap((each) => {
    const secret = each && safe.open(nameOf(key.orgId, key.webhookId), each)
    return secret ? [secret] : []
  })

function attempt(
  { config, clock }: Means,
  { eventId, body, url }: Claimed,
  { secrets, signal }: { secrets: string[]; signal: AbortSignal },
): Promise<Outcome> {
  if (secrets.length === 0) return Promise.resolve({ reason: 'secret', status: null })
  const headers = signedHeaders({ id: eventId, at: clock.now(), body }, secrets)
  const way = { privateHosts: config.webhookPrivateHosts, timeoutMs: TIMEOUT_MS, signal }
  return post({ url, headers, body }, way)
}

async function forget({ db, clock }: Means) {
  const now = clock.now()
  const delivered = now - KEPT_DAYS.delivered * DAY_MS
  const dead = now - KEPT_DAYS.dead * DAY_MS
  for (const { id } of await listOrgs(db)) await removeOldDeliveries(db, id, { delivered, dead })
}
