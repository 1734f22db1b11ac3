import { decrypt as peerDecrypt, encrypt as peerEncrypt, getSignature } from '@wecom/crypto'
import fc from 'fast-check'
import { createCipheriv } from 'node:crypto'
import { expect, test } from 'vitest'
import { BadConfig, readConfig } from '../../backend/core/config.ts'
import {
  aesKeyOf,
  decrypt,
  isSigned,
  messageSignature,
} from '../../backend/wecom/callback/crypto.ts'
import * as sim from '../../fixtures/wecom-sim/callbacks/crypto.ts'
import file from '../../fixtures/data/wecom-callback-vectors.json' with { type: 'json' }

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const CORP = 'ww0000000000000001'

const keyOf = (text: string) => {
  const key = aesKeyOf(text)
  if (!key) throw new Error('not a key')
  return key
}
const opened = (encrypt: string, key = KEY) => decrypt(keyOf(key), encrypt)

interface Vector {
  id: string
  kind: string
  token?: string
  timestamp?: string
  nonce?: string
  encrypt: string
  msg_signature?: string
  encodingAESKey?: string
  plaintext?: string
  receiveid?: string
  random_ascii?: string
  random_hex?: string
  request_query?: string
}
const vectors: Vector[] = file.vectors

const bad = vectors.filter(({ kind }) => kind === 'negative_signature')
const good = vectors.filter(({ kind }) => kind !== 'negative_signature')
const signed = good.filter(({ msg_signature }) => msg_signature !== undefined)
const sealed = good.filter(({ encodingAESKey }) => encodingAESKey !== undefined)
const partsOf = ({ timestamp = '', nonce = '', encrypt }: Vector) => ({ timestamp, nonce, encrypt })

test('the file holds 27 vectors: 2 to be refused, 21 signed, 22 sealed', () => {
  expect([vectors.length, bad.length, signed.length, sealed.length]).toEqual([27, 2, 21, 22])
})

test.each(signed)('signature of $id', (vector) => {
  const { token = '', msg_signature: signature = '' } = vector
  const text = partsOf(vector)
  expect(messageSignature(token, text)).toBe(signature)
  expect(isSigned(token, text, signature)).toBe(true)
  expect(sim.signatureOf(token, text)).toBe(signature)
  expect(getSignature(token, text.timestamp, text.nonce, text.encrypt)).toBe(signature)
})

test.each(bad)('the signature of $id is refused', (vector) => {
  expect(isSigned(vector.token ?? '', partsOf(vector), vector.msg_signature ?? '')).toBe(false)
})

test.each(sealed)('$id is opened, and sealed again to the very same text', (vector) => {
  const { encodingAESKey: key = '', plaintext: message = '', receiveid: receiveId = '' } = vector
  expect(opened(vector.encrypt, key)).toEqual({ ok: true, message, receiveId })
  const random = Buffer.from(vector.random_ascii ?? '', 'latin1')
  const bytes = vector.random_hex ? Buffer.from(vector.random_hex, 'hex') : random
  expect(sim.encrypt(key, { message, receiveId, random: bytes })).toBe(vector.encrypt)
})

test('the query of a verified address is decoded once', () => {
  const vector = sealed.find(({ request_query }) => request_query)
  const query = new URLSearchParams(vector?.request_query)
  expect(query.get('echostr')).toBe(vector?.encrypt)
})

const message = fc.string({ unit: 'grapheme', maxLength: 200 })
const aesKey = fc.stringMatching(/^[A-Za-z0-9]{43}$/)

test('what the published library seals is opened here', () => {
  fc.assert(
    fc.property(aesKey, message, (key, text) => {
      const sealedText = peerEncrypt(key, text, CORP)
      expect(opened(sealedText, key)).toEqual({ ok: true, message: text, receiveId: CORP })
    }),
  )
})

test('what the simulator seals is opened by the published library and here', () => {
  fc.assert(
    fc.property(
      aesKey,
      message,
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (key, text, r) => {
        const sealedText = sim.encrypt(key, {
          message: text,
          receiveId: CORP,
          random: Buffer.from(r),
        })
        const peer = peerDecrypt(key, sealedText)
        expect([peer.message, peer.id]).toEqual([text, CORP])
        expect(opened(sealedText, key)).toEqual({ ok: true, message: text, receiveId: CORP })
      },
    ),
  )
})

test('signatures are those of the published library, whatever the parts', () => {
  const part = fc.string({ unit: 'grapheme-ascii', maxLength: 60 })
  fc.assert(
    fc.property(part, part, part, part, (token, timestamp, nonce, encrypt) => {
      const own = messageSignature(token, { timestamp, nonce, encrypt })
      expect(own).toBe(getSignature(token, timestamp, nonce, encrypt))
      expect(isSigned(token, { timestamp, nonce, encrypt }, own)).toBe(true)
      const other = own.startsWith('0') ? `1${own.slice(1)}` : `0${own.slice(1)}`
      expect(isSigned(token, { timestamp, nonce, encrypt }, other)).toBe(false)
    }),
  )
})

/** Seals bytes as they are, padding included. */
const sealRaw = (plain: Buffer) => {
  const key = keyOf(KEY)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}
const padded = (inner: Buffer, pad: number[]) => sealRaw(Buffer.concat([inner, Buffer.from(pad)]))
const inner = (length: number, text: string) => {
  const head = Buffer.alloc(20, 7)
  head.writeUInt32BE(length, 16)
  return Buffer.concat([head, Buffer.from(text)])
}
const fill = (count: number, value = count) => Array.from({ length: count }, () => value)

test.each([
  ['no text', '', 'base64'],
  ['no base64', '****', 'base64'],
  ['the alphabet of addresses', '-_-_', 'base64'],
  ['a line end inside', 'AAAA\nAAA', 'base64'],
  ['base64 that ends early', 'AAAAA', 'base64'],
  ['half a block of AES', Buffer.alloc(8).toString('base64'), 'block'],
  ['a block of AES, half of WeCom’s', Buffer.alloc(16).toString('base64'), 'block'],
  ['padding of 0', padded(inner(0, 'x'.repeat(11)), [0]), 'padding'],
  ['padding of 33', padded(inner(0, 'x'.repeat(11)), fill(33)), 'padding'],
  ['padding longer than the text', sealRaw(Buffer.alloc(32, 33)), 'padding'],
  ['padding whose bytes differ', padded(inner(0, 'x'.repeat(9)), [3, 2, 3]), 'padding'],
  ['nothing but padding', sealRaw(Buffer.alloc(32, 32)), 'length'],
  ['a head cut short', padded(Buffer.alloc(19, 7), fill(13)), 'length'],
  ['a length one byte beyond the end', padded(inner(12, 'x'.repeat(11)), [1]), 'length'],
  ['a length of 4 GB', padded(inner(0xffffffff, 'x'.repeat(11)), [1]), 'length'],
  [
    'bytes that are no text',
    padded(Buffer.concat([inner(2, ''), Buffer.from([0xc3, 0x28])]), fill(10)),
    'encoding',
  ],
])('refused: %s', (_name, encrypt, reason) => {
  expect(opened(encrypt)).toEqual({ ok: false, reason })
})

test('the published library takes what is refused here: the checks are ours', () => {
  const differing = padded(inner(0, 'x'.repeat(9)), [3, 2, 3])
  expect(() => peerDecrypt(KEY, differing)).not.toThrow()
  expect(opened(differing)).toEqual({ ok: false, reason: 'padding' })
})

test('a changed ciphertext never throws, and is never taken for the message', () => {
  const text = sim.encrypt(KEY, { message: '<xml/>', receiveId: CORP, random: Buffer.alloc(16, 1) })
  const bytes = Buffer.from(text, 'base64')
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ flip, at)
      const answer = opened(changed.toString('base64'))
      const same = answer.ok && answer.message === '<xml/>' && answer.receiveId === CORP
      expect(same).toBe(false)
    }),
  )
  fc.assert(fc.property(fc.string(), (any) => void opened(any)))
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      (any) => void opened(Buffer.from(any).toString('base64')),
    ),
  )
})

test('a signature of another form is refused, not compared', () => {
  const text = { timestamp: '1', nonce: '2', encrypt: '3' }
  const own = messageSignature('t', text)
  for (const wrong of ['', own.slice(1), `${own}0`, own.toUpperCase(), `${own.slice(1)}ı`])
    expect(isSigned('t', text, wrong)).toBe(false)
})

test('a key has 43 letters and digits and gives 32 bytes, its two spare bits set or not', () => {
  expect(aesKeyOf('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG')).toHaveLength(32)
  expect(aesKeyOf(KEY)).toEqual(Buffer.from(Array.from({ length: 32 }, (_, index) => index)))
  for (const wrong of ['', KEY.slice(1), `${KEY}A`, `${KEY}=`, `${KEY.slice(1)}+`, `${KEY}\n`])
    expect(aesKeyOf(wrong)).toBeNull()
})

const CORP_ENV = { WECOM_CORP_ID: CORP, WECOM_AGENT_ID: '1000002', WECOM_SECRET: 's' }

test('token and key of a callback come together, and with the corp', () => {
  const both = { WECOM_CALLBACK_TOKEN: 'T0ken', WECOM_CALLBACK_AES_KEY: KEY }
  expect(readConfig({ ...CORP_ENV, ...both }).wecom?.callbacks).toEqual({
    app: { token: 'T0ken', aesKey: KEY },
    contacts: null,
  })
  expect(() => readConfig(both)).toThrow(/WECOM_CORP_ID[^]*WECOM_AGENT_ID[^]*WECOM_SECRET/)
  expect(() => readConfig({ ...CORP_ENV, WECOM_CONTACTS_TOKEN: 'T' })).toThrow(
    /^WECOM_CONTACTS_AES_KEY: is needed/,
  )
})

test.each([
  ['WECOM_CALLBACK_AES_KEY', 'tooShortASecretToShow'],
  ['WECOM_CONTACTS_AES_KEY', `${KEY.slice(1)}-`],
  ['WECOM_CALLBACK_TOKEN', 'with-a-dash-that-is-secret'],
  ['WECOM_CONTACTS_TOKEN', 'x'.repeat(33)],
])('a wrong %s is named, its value not told', (name, value) => {
  const reading = () => readConfig({ ...CORP_ENV, [name]: value })
  expect(reading).toThrow(BadConfig)
  expect(reading).toThrow(new RegExp(`${name}: must be`))
  expect(reading).not.toThrow(value)
})
