import type { Feature, Kit } from './core/kit.ts'
import {
  createCallbacks,
  createMedia,
  createMessaging,
  createPunchWriting,
  type CallbackSettings,
  type Callbacks,
  type Media,
  type Messaging,
  type Wecom,
} from './wecom/index.ts'

export interface BridgeOptions {
  orgId: string
  keys: CallbackSettings['keys']
}

/** What the server has of WeCom beside its client: callbacks, messages, punches to write, photos to fetch. */
export interface Bridge {
  callbacks: Callbacks
  messaging: Messaging
  /** A photo that the JS-SDK has uploaded to WeCom, by its `serverId`: fetched once, then ours. */
  fetchMedia: (mediaId: string) => Promise<Media>
  features: readonly Feature[]
}

export function createBridge(kit: Kit, wecom: Wecom, { orgId, keys }: BridgeOptions): Bridge {
  const callbacks = createCallbacks(kit, { orgId, corpId: wecom.corpId, keys })
  const messaging = createMessaging(kit, wecom, orgId)
  callbacks.on('template_card_event', messaging.pressed)
  const { db, clock, files } = kit
  const { fetchMedia } = createMedia({ db, clock, files, call: wecom.call, orgId })
  const punches = createPunchWriting(kit, wecom.call, orgId)
  return { callbacks, messaging, fetchMedia, features: [callbacks, messaging, punches] }
}
