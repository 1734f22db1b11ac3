import { createHash, randomBytes } from 'node:crypto'

/** `config` is signed with the corp's ticket, `agentConfig` with the app's. */
export type SignatureKind = 'config' | 'agentConfig'

export interface PageSignature {
  corpId: string
  agentId: string
  timestamp: number // seconds
  nonceStr: string
  signature: string // sha1, lower hex
}

/**
 * Signs a page's address for the JS-SDK.
 * @param now epoch ms
 */
export function pageSignature({ ticket, url, now }: { ticket: string; url: string; now: number }) {
  const timestamp = Math.floor(now / 1000)
  const nonceStr = randomBytes(8).toString('hex')
  return { timestamp, nonceStr, signature: signatureOf({ ticket, nonceStr, timestamp, url }) }
}

/**
 * sha1 over ticket, nonce, seconds and the page's address up to the first `#`, raw and in this
 * order (developer.work.weixin.qq.com/document/path/96909).
 */
export function signatureOf(parts: {
  ticket: string
  nonceStr: string
  timestamp: number
  url: string
}): string {
  const url = parts.url.split('#', 1)[0] ?? ''
  const text = `jsapi_ticket=${parts.ticket}&noncestr=${parts.nonceStr}&timestamp=${parts.timestamp}&url=${url}`
  return createHash('sha1').update(text).digest('hex')
}
