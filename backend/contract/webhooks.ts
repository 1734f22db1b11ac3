/**
 * Webhooks: a company's own systems hear of alerts. Signed as Standard Webhooks (standardwebhooks.com) do, so that a receiver
 * may take a library that is there: `webhook-id`, `webhook-timestamp` (seconds), and `webhook-signature`: `v1,` and
 * the base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>`, one for each secret that is good, parted by spaces.
 */
import { z } from 'zod'
import { Alert } from './alerts.ts'
import { Millis, PageEnd, PersonId } from './terms.ts'

/** Over and lasting again is `reopened`; how it ended is the alert's `outcome`. `test` comes by hand and is about no alert. */
export const WebhookEventType = z.enum([
  'alert.raised',
  'alert.acknowledged',
  'alert.escalated',
  'alert.resolved',
  'alert.reopened',
  'test',
])
export type WebhookEventType = z.infer<typeof WebhookEventType>

/** What a receiver gets. `id` is the same however often it comes; the alert is as it was at `at`. */
export const WebhookEvent = z.object({
  id: z.uuid(),
  type: WebhookEventType,
  at: Millis,
  alert: Alert.nullable(),
})
export type WebhookEvent = z.infer<typeof WebhookEvent>

/**
 * status       an answer that is none of 2xx
 * timeout      no answer in ten seconds
 * unreachable  no connection, or it broke off
 * no_host      no such name
 * refused      an address inside of a network, where nothing is sent to
 * redirected   to where a POST does not follow: another status than 307 or 308, or too often
 * secret       the server's key is another one: a new secret helps
 */
export const DeliveryReason = z.enum([
  'status',
  'timeout',
  'unreachable',
  'no_host',
  'refused',
  'redirected',
  'secret',
])
export type DeliveryReason = z.infer<typeof DeliveryReason>

export const Webhook = z.object({
  id: z.uuid(),
  url: z.string(),
  active: z.boolean(), // else nothing is sent; what waited before waits on
  madeAt: Millis,
  deliveredAt: Millis.nullable(), // the last one
  waiting: z.number().int(),
  dead: z.number().int(), // given up
  last: z.object({ reason: DeliveryReason, status: z.number().int().nullable() }).nullable(), // of the newest that waits after a failure
})
export type Webhook = z.infer<typeof Webhook>

export const MOST_WEBHOOKS = 20
export const Webhooks = z.object({ webhooks: z.array(Webhook) })
export type Webhooks = z.infer<typeof Webhooks>

/** Name and password in an address would show in logs of those between. */
const Address = z
  .string()
  .trim()
  .max(2000)
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), {
    message: 'must be an https address',
    abort: true,
  })
  .refine((text) => new URL(text).username + new URL(text).password === '', 'must not hold a name or password') // prettier-ignore
export const WebhookInput = z.object({ url: Address, active: z.boolean().default(true) })
export const WebhookPath = z.object({ id: z.uuid().toLowerCase() })

/** Shown once; it is kept closed. */
export const WebhookSecret = z.object({ id: z.uuid(), secret: z.string() })
export type WebhookSecret = z.infer<typeof WebhookSecret>

/** A delivery that was given up. */
export const DeadLetter = z.object({
  personId: PersonId,
  eventId: z.uuid(),
  webhookId: z.uuid(),
  url: z.string(),
  type: WebhookEventType,
  kind: Alert.shape.kind.nullable(), // null: of a test
  person: z.string(),
  madeAt: Millis,
  deadAt: Millis,
  attempts: z.number().int(),
  reason: DeliveryReason.nullable(),
  status: z.number().int().nullable(),
})
export type DeadLetter = z.infer<typeof DeadLetter>

export const DeadLettersQuery = z.object({ before: PageEnd.optional() })
/** Newest first. */
export const DeadLetters = z.object({ letters: z.array(DeadLetter), next: PageEnd.nullable() })
export type DeadLetters = z.infer<typeof DeadLetters>

/** One event, or all that were given up for this address. */
export const SendAgain = z.object({ eventId: z.uuid().toLowerCase().nullable().default(null) })
