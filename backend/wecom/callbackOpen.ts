import { aesKeyOf, decrypt, type CallbackKeys, type CryptoRefusal } from './crypto.ts'
import { parseXml, textAt } from './xml.ts'

/** What a request to a callback address says of itself, before anything of it is believed. */
export interface Envelope {
  signature: string
  timestamp: string // seconds
  nonce: string
  encrypt: string
}

/** Why a request was refused. For the log and the counter: the sender is told only that it was. */
export type Refusal =
  CryptoRefusal | 'query' | 'body' | 'timestamp' | 'signature' | 'replayed' | 'receive_id' | 'xml'

export type Opening = { ok: true; message: string } | { ok: false; reason: Refusal }

/** WeCom's time and ours may be apart by this. */
export const FRESH_MS = 10 * 60_000

/** Signature, time and nonce of the query, each there once and of a plausible form; null otherwise. */
export function signedQuery(query: URLSearchParams): Omit<Envelope, 'encrypt'> | null {
  const signature = single(query, 'msg_signature', /^[0-9a-f]{40}$/)
  const timestamp = single(query, 'timestamp', /^\d{1,12}$/)
  const nonce = single(query, 'nonce', /^[\x21-\x7e]{1,128}$/)
  return signature && timestamp && nonce ? { signature, timestamp, nonce } : null
}

/** The ciphertext of an address to be verified. A `+` that nobody escaped has become a blank. */
export const echoOf = (query: URLSearchParams): string | null =>
  single(query, 'echostr', /^[A-Za-z0-9+/= ]{1,4096}$/)?.replaceAll(' ', '+') ?? null

function single(query: URLSearchParams, name: string, form: RegExp): string | null {
  const [value, ...others] = query.getAll(name)
  return value !== undefined && others.length === 0 && form.test(value) ? value : null
}

/**
 * The ciphertext in a body, found by two searches: whatever comes from strangers must cost next to
 * nothing, and the XML is parsed only of a body whose signature is right.
 */
export function sealedText(body: string): string | null {
  const open = body.indexOf('<Encrypt>')
  const close = body.indexOf('</Encrypt>', open)
  if (open < 0 || close < 0) return null
  const inner = body.slice(open + '<Encrypt>'.length, close).trim()
  if (!inner.startsWith('<![CDATA[')) return inner
  return inner.endsWith(']]>') ? inner.slice('<![CDATA['.length, -']]>'.length) : null
}

/** Whether a body is plain XML with this ciphertext, and not markup around a text that was signed. */
export function isEnvelope(body: string, encrypt: string): boolean {
  const root = parseXml(body, { chars: 1_000_000, tags: 32 }) // three elements are usual
  return root !== null && textAt(root, 'Encrypt')?.trim() === encrypt
}

export const isFresh = ({ timestamp }: Pick<Envelope, 'timestamp'>, now: number): boolean =>
  Math.abs(now - Number(timestamp) * 1000) <= FRESH_MS

/** The text inside, when it was sealed with our key and for our corp. Pure, never throws. */
export function openEnvelope(keys: CallbackKeys, corpId: string, encrypt: string): Opening {
  const key = aesKeyOf(keys.aesKey)
  if (!key) return { ok: false, reason: 'aes_key' }
  const opened = decrypt(key, encrypt)
  if (!opened.ok) return opened
  if (opened.receiveId !== corpId) return { ok: false, reason: 'receive_id' }
  return { ok: true, message: opened.message }
}

/**
 * What an address to be verified answers: a number or a word. Anything else stays here, because
 * signature and ciphertext of a message that somebody overheard would fit such a request too.
 */
export const isEcho = (message: string): boolean => /^[A-Za-z0-9_-]{1,128}$/.test(message)
