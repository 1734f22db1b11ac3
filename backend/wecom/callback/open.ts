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

/** A body cut open: the ciphertext, and the markup around it. */
export interface CutBody {
  encrypt: string
  around: string
}

const OPEN = '<Encrypt>'
const CLOSE = '</Encrypt>'
const CDATA = ['<![CDATA[', ']]>'] as const

/**
 * The ciphertext in a body, found by two searches: whatever comes from strangers must cost next to
 * nothing, and XML is parsed only after the signature, without its long part.
 */
export function cutBody(body: string): CutBody | null {
  const from = body.indexOf(OPEN) + OPEN.length
  const to = body.indexOf(CLOSE, from)
  if (from < OPEN.length || to < 0) return null
  const inner = body.slice(from, to).trim()
  return {
    encrypt: withoutCdata(inner),
    around: body.slice(0, from) + body.slice(to),
  }
}

function withoutCdata(text: string): string {
  const [open, close] = CDATA
  return text.startsWith(open) && text.endsWith(close)
    ? text.slice(open.length, -close.length)
    : text
}

/** Whether what stands around the ciphertext is plain XML with the ciphertext's own element, and little else. */
export function isEnvelope({ around }: CutBody): boolean {
  const root = parseXml(around, { chars: 4_096, tags: 32 }) // three elements are usual
  return root !== null && textAt(root, 'Encrypt') === ''
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
