import { v7 as uuid } from 'uuid'
import type { WebhookEvent, WebhookEventType } from '../../contract/webhooks.ts'
import type { Db } from '../../core/db.ts'
import { findAlert, type AlertKey } from '../store.ts'
import { insertDelivery, listActive } from './queries.ts'

/**
 * Notes for each address of the company what has become of an alert: in the transaction of the fact itself, so that neither is without
 * the other, and once because that is. The event's id is made here and stays.
 */
export async function enqueueEvent(
  tx: Db,
  { orgId, personId, id, now }: AlertKey & { now: number },
  type: WebhookEventType,
): Promise<void> {
  const hooks = await listActive(tx, orgId)
  if (hooks.length === 0) return
  const alert = await findAlert(tx, { orgId, departments: 'all' }, { personId, id })
  if (!alert) return
  const event: WebhookEvent = { id: uuid(), type, at: now, alert }
  await enqueue(tx, { orgId, personId, hookIds: hooks.map((hook) => hook.id) }, event)
}

export async function enqueue(
  tx: Db,
  { hookIds, ...key }: { orgId: string; personId: string; hookIds: readonly string[] },
  event: WebhookEvent,
): Promise<void> {
  const { id: eventId, type, at } = event
  const body = JSON.stringify(event)
  for (const webhookId of hookIds)
    await insertDelivery(tx, { ...key, eventId, webhookId, type, body, at })
}
