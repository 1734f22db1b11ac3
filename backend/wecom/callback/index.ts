import { createHmac } from 'node:crypto'
import type { Feature, Kit } from '../../core/kit.ts'
import { forgetEvents, keepEvent, type Door } from './queries.ts'
import { createQueue, type Fact } from './queue.ts'
import { callbackRoutes, type CallbackSettings } from './routes.ts'
import { readCallback, type Heard, type HeardKind, type WecomEvent } from '../events/index.ts'

export type { Fact } from './queue.ts'
export type { CallbackSettings } from './routes.ts'

/**
 * Does what follows from an event. A thrown error means: again later. So it may be called twice for
 * one fact, and late events come after younger ones: go by `heard.at` and `fact.id`.
 */
export type Listener<K extends HeardKind> = (heard: Heard[K], fact: Fact) => Promise<unknown>

/** What WeCom tells us, for the features to subscribe to. */
export interface Callbacks extends Feature {
  /** To be called while the server is put together, before it listens. */
  on<K extends HeardKind>(kind: K, listener: Listener<K>): void
  /** Resolves when all that is due was handed over. */
  settled(): Promise<void>
}

const EVERY_MS = 5_000
const FORGET_EVERY_MS = 3_600_000
const KEPT_MS = 30 * 86_400_000

/**
 * Both callback addresses. What arrives is stored, then answered, then handed to who listens; what
 * was stored is handed over also after a crash.
 */
export function createCallbacks(kit: Kit, settings: CallbackSettings): Callbacks {
  const { orgId } = settings
  const { on, tell } = createListeners()
  const queue = createQueue(kit, orgId, tell)
  const wake = () =>
    queue.run().catch((error: unknown) => {
      kit.log.error({ err: error }, 'what WeCom told could not be taken up; it comes round again')
    })
  const hear = async (door: Door, message: string) => {
    const event = factOf(settings, door, message)
    if (!event) return 'unreadable'
    const isNew = await keepEvent(kit.db, event, kit.clock.now())
    if (isNew) void wake()
    return isNew ? 'new' : 'repeated'
  }
  return {
    routes: callbackRoutes(kit, settings, hear),
    chores: [
      { name: 'wecom.events', everyMs: EVERY_MS, run: queue.run },
      {
        name: 'wecom.forget-events',
        everyMs: FORGET_EVERY_MS,
        run: () => forgetEvents(kit.db, orgId, kit.clock.now() - KEPT_MS),
      },
    ],
    close: queue.stop,
    on,
    settled: queue.run,
  }
}

/** The row of a message; null when it can not be read. */
function factOf({ orgId, keys }: CallbackSettings, door: Door, message: string) {
  const reading = readCallback(message)
  if (!reading) return null
  const { name, told, key } = reading
  const id = idOf(keys[door]?.aesKey ?? '', key)
  return { orgId, door, name, id, toldAt: told.at, body: message }
}

/**
 * Half of an HMAC-SHA-256 of the content as a uuid of version 8. Without the secret, whoever reads the
 * table could try all places until the id of a position fits that was not to be kept.
 */
function idOf(secret: string, content: string): string {
  const bytes = createHmac('sha256', secret).update(content).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function createListeners() {
  const listeners = new Map<HeardKind, ((event: WecomEvent, fact: Fact) => Promise<unknown>)[]>()
  return {
    on<K extends HeardKind>(kind: K, listener: Listener<K>): void {
      const adapted = (event: WecomEvent, fact: Fact) =>
        isOf(kind, event) ? listener(event.heard, fact) : Promise.resolve()
      listeners.set(kind, [...(listeners.get(kind) ?? []), adapted])
    },
    async tell(event: WecomEvent, fact: Fact): Promise<'handled' | 'unheard'> {
      const those = listeners.get(event.kind) ?? []
      for (const listener of those) await listener(event, fact)
      return those.length > 0 ? 'handled' : 'unheard'
    },
  }
}

const isOf = <K extends HeardKind>(
  kind: K,
  event: WecomEvent,
): event is WecomEvent & { kind: K; heard: Heard[K] } => event.kind === kind
