import { createCheckinBridge, createImportStore, type CheckinSink } from './attendance/index.ts'
import type { Feature, Kit } from './core/kit.ts'
import type { JobsDoor } from './jobs/index.ts'
import {
  createCallbacks,
  createCheckin,
  createMedia,
  createMessaging,
  createPunchWriting,
  notedInstants,
  notePunch,
  punchDeliveriesOf,
  punchSummary,
  retryPunches,
  wecomQueues,
  type CallbackSettings,
  type Callbacks,
  type Messaging,
  type Wecom,
} from './wecom/index.ts'
import { wecomPhotoRoute } from './wecomPhotos.ts'

export interface BridgeOptions {
  orgId: string
  keys: CallbackSettings['keys']
  jobs: JobsDoor
}

/** What the server has of WeCom beside its client: callbacks, messages, 打卡 both ways, photos to fetch. */
export interface Bridge {
  callbacks: Callbacks
  messaging: Messaging
  features: readonly Feature[]
}

/** Attendance notes, WeCom's client writes. */
const SINK: CheckinSink = {
  note: notePunch,
  noted: async (db, orgId, keys) =>
    new Set((await punchDeliveriesOf(db, orgId, keys)).map(({ key }) => key)),
  written: notedInstants,
  summary: punchSummary,
  retry: retryPunches,
}

export function createBridge(kit: Kit, wecom: Wecom, { orgId, keys, jobs }: BridgeOptions): Bridge {
  const callbacks = createCallbacks(kit, { orgId, corpId: wecom.corpId, keys })
  const messaging = createMessaging(kit, wecom, orgId)
  callbacks.on('template_card_event', messaging.pressed)
  const { db, clock, files } = kit
  const { fetchMedia } = createMedia({ db, clock, files, call: wecom.call, orgId })
  const punches = createPunchWriting(kit, wecom.call, orgId)
  const photos = { routes: [wecomPhotoRoute(kit, fetchMedia)] }
  const source = createCheckin(wecom.call, { clock })
  const doors = { source, sink: SINK, store: createImportStore(kit), jobs }
  const checkin = createCheckinBridge(kit, orgId, doors)
  const waiting = { routes: [], queues: wecomQueues(kit, orgId) }
  return {
    callbacks,
    messaging,
    features: [callbacks, messaging, punches, photos, checkin, waiting],
  }
}
