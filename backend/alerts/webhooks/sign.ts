import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const PREFIX = 'whsec_'

/** A secret in the form that libraries for Standard Webhooks take. */
export const newSecret = () => PREFIX + randomBytes(32).toString('base64')

export interface Signed {
  readonly id: string // of the event
  readonly at: number // epoch ms, of this try
  readonly body: string
}

/**
 * Headers by which a receiver knows that a body is ours, new, and whole.
 * @param secrets each signs: a receiver may have the old one still
 */
export function signedHeaders(
  { id, at, body }: Signed,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  const signatures = secrets.map((secret) => `v1,${signatureOf(secret, `${id}.${timestamp}.${body}`)}`) // prettier-ignore
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}

const signatureOf = (secret: string, content: string) =>
  createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64')).update(content).digest('base64') // prettier-ignore

const TOLERANCE_MS = 5 * 60_000

/**
 * What a receiver does: whether a request is ours and not older than five minutes.
 * @param now epoch ms
 */
export function isSigned(
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  secret: string,
  now: number,
): boolean {
  const id = headers['webhook-id'] ?? ''
  const timestamp = headers['webhook-timestamp'] ?? ''
  if (!(Math.abs(now - Number(timestamp) * 1000) <= TOLERANCE_MS)) return false
  const wanted = Buffer.from(signatureOf(secret, `${id}.${timestamp}.${body}`))
  return (headers['webhook-signature'] ?? '').split(' ').some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ''))
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  })
}
