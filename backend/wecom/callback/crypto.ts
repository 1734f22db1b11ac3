import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'

/** What the admin console and we share for one callback address. */
export interface CallbackKeys {
  token: string // 1–32 letters or digits
  aesKey: string // EncodingAESKey: 43 letters or digits
}

/** The four values that a signature covers; `encrypt` is `echostr` when an address is verified. */
export interface SignedText {
  timestamp: string // seconds, as written
  nonce: string
  encrypt: string
}

/** Why a text was not opened. For the log: a sender is told only that it was not. */
export type CryptoRefusal = 'aes_key' | 'base64' | 'block' | 'padding' | 'length' | 'encoding'

export type Decrypted =
  { ok: true; message: string; receiveId: string } | { ok: false; reason: CryptoRefusal }

const AES_KEY = /^[A-Za-z0-9]{43}$/
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const SHA1_HEX = /^[0-9a-f]{40}$/
const BLOCK = 32 // WeCom pads to 32 bytes, not to the 16 of AES
const HEAD = 20 // 16 random bytes and the length of the message

/**
 * The AES key behind an EncodingAESKey. 43 characters carry 258 bits: the two spare ones may be
 * set, so the decoder must be lenient, and the form is checked before.
 * @returns 32 bytes; null for anything but 43 letters and digits.
 */
export function aesKeyOf(encodingAesKey: string): Buffer | null {
  if (!AES_KEY.test(encodingAesKey)) return null
  return Buffer.from(`${encodingAesKey}=`, 'base64')
}

/**
 * sha1 over token, timestamp, nonce and ciphertext, sorted as plain text and joined
 * (developer.work.weixin.qq.com/document/path/91144). Lower hex.
 */
export function messageSignature(token: string, text: SignedText): string {
  const parts = [token, text.timestamp, text.nonce, text.encrypt].sort()
  return createHash('sha1').update(parts.join('')).digest('hex')
}

/** Whether `signature` is the text's, compared in a time that does not tell how much of it is right. */
export function isSigned(token: string, text: SignedText, signature: string): boolean {
  if (!SHA1_HEX.test(signature)) return false
  const own = Buffer.from(messageSignature(token, text), 'hex')
  return timingSafeEqual(own, Buffer.from(signature, 'hex'))
}

/**
 * Opens a ciphertext: AES-256-CBC, the first 16 bytes of the key as IV, padding of 1–32 equal
 * bytes; inside 16 random bytes, the message's length in bytes (big-endian), the message and the
 * receiver's id. Never throws. Check the signature before, or this tells strangers about padding.
 * @param key of `aesKeyOf`
 * @param encrypt base64, standard alphabet, with its padding
 */
export function decrypt(key: Buffer, encrypt: string): Decrypted {
  if (key.length !== 32) return refused('aes_key')
  if (encrypt.length % 4 !== 0 || !BASE64.test(encrypt)) return refused('base64')
  const sealed = Buffer.from(encrypt, 'base64')
  if (sealed.length === 0 || sealed.length % BLOCK !== 0) return refused('block')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const plain = unpadded(Buffer.concat([decipher.update(sealed), decipher.final()]))
  return plain ? layout(plain) : refused('padding')
}

/** Without its padding; null when that is not 1–32 bytes which all name their number. */
function unpadded(padded: Buffer): Buffer | null {
  const count = padded.at(-1) ?? 0
  if (count < 1 || count > BLOCK || count > padded.length) return null
  const end = padded.length - count
  return padded.subarray(end).every((byte) => byte === count) ? padded.subarray(0, end) : null
}

function layout(plain: Buffer): Decrypted {
  if (plain.length < HEAD) return refused('length')
  const end = HEAD + plain.readUInt32BE(16)
  if (end > plain.length) return refused('length')
  const message = utf8(plain.subarray(HEAD, end))
  const receiveId = utf8(plain.subarray(end))
  if (message === null || receiveId === null) return refused('encoding')
  return { ok: true, message, receiveId }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function utf8(bytes: Buffer): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    return null // told by the caller as text of no encoding
  }
}

const refused = (reason: CryptoRefusal): Decrypted => ({ ok: false, reason })
