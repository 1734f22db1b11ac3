import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCheckins } from '../../backend/checkins/index.ts'
import { CheckinReply } from '../../backend/contract/checkins.ts'
import { PhotoReply } from '../../backend/contract/photos.ts'
import { createPrivacy, giveConsent } from '../../backend/privacy/index.ts'
import { photoOf } from '../support/photo.ts'
import { addCustomer, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

let company: Company
let shop = ''

beforeAll(async () => {
  company = await openCompany((kit) => [createCheckins(kit), createPrivacy(kit)])
  shop = await addCustomer(company.db, { lng: 114.05, lat: 22.54, name: '青岚 <b>茶铺</b> & 店' })
  for (const person of ['rep1', 'rep2', 'rep3'])
    await giveConsent(company.db, ORG, person, NOW - 1000 * MINUTE)
})
afterAll(() => company.close())

const authorization = async (who: string) => `Bearer ${await company.tokenOf(who)}`
const bodyOf = (content: Uint8Array) => new Uint8Array(content)

async function send(content: Uint8Array, who = 'rep1', query = '', type = 'image/jpeg') {
  const headers = { authorization: await authorization(who), 'content-type': type }
  const init = { method: 'POST', headers, body: bodyOf(content) }
  const response = await fetch(`${company.url}/api/v1/photos${query}`, init)
  const body: unknown = await response.json()
  return { status: response.status, body, text: JSON.stringify(body) }
}
const sent = async (content: Uint8Array, who = 'rep1') => {
  const { status, body, text } = await send(content, who)
  expect(status, text).toBe(200)
  return PhotoReply.parse(body)
}
async function show(path: string, who: string) {
  const headers = { authorization: await authorization(who) }
  const response = await fetch(`${company.url}/api/v1/people/${path}`, { headers })
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }
}
async function checkIn(photoIds: string[], who = 'rep1') {
  company.clock.at += 5 * MINUTE
  const at = company.clock.at
  const position = { lng: 114.05, lat: 22.54, accuracy: 18, at }
  const input = { id: uuid(), at, kind: 'in', customerId: shop, position, photoIds }
  const { status, body } = await company.post('/api/v1/checkins', who, input)
  expect(status, JSON.stringify(body)).toBe(200)
  return CheckinReply.parse(body)
}
const codes = ({ evidence }: CheckinReply) => evidence.signals.map(({ code }) => code)

describe('POST /api/v1/photos', () => {
  it('refuses the signed out, device tokens, and what is no photo by its bytes', async () => {
    const photo = bodyOf(await photoOf('a'))
    const init = { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body: photo }
    expect((await fetch(`${company.url}/api/v1/photos`, init)).status).toBe(401)
    const device = `Bearer ${await company.tokenOf('rep1', 'device')}`
    const headers = { 'content-type': 'image/jpeg', authorization: device }
    expect((await fetch(`${company.url}/api/v1/photos`, { ...init, headers })).status).toBe(403)
    for (const bad of ['<html><script>alert(1)</script>', '<svg xmlns="…"/>', '%PDF-1.7', 'GIF89a'])
      expect((await send(Buffer.from(bad))).text, bad).toMatch(/"field":"file".*by its content/)
    expect((await send(bodyOf(photo).slice(0, 900))).text).toContain('is not a whole picture')
    expect((await send(Buffer.from('\xff\xd8\xff rubbish', 'latin1'))).status).toBe(422)
    expect((await send(photo, 'rep1', '?id=7')).text).toContain('"field":"id"')
    expect((await send(photo, 'rep1', '', 'text/plain')).status).toBe(422)
    expect((await send(new Uint8Array(10_100_000))).status).toBe(413)
  })

  it('refuses 40 million pixels by the header, before decoding them', async () => {
    const { status, text } = await send(bombOf(30_000, 30_000), 'rep1', '', 'image/png')
    expect(status).toBe(422)
    expect(text).toContain('may have 40 million pixels')
  })

  it('keeps the hash of what came, and a copy without metadata', async () => {
    const secret = { IFD0: { Copyright: 'SECRET-PLACE' } }
    const photo = await sharp(await photoOf('b'))
      .withExif(secret)
      .jpeg()
      .toBuffer()
    expect(photo.includes('SECRET-PLACE')).toBe(true)
    const reply = await sent(photo)
    expect(reply.sha256).toBe(createHash('sha256').update(photo).digest('hex'))
    const { status, bytes } = await show(`rep1/photos/${reply.id}`, 'rep1')
    expect(status).toBe(200)
    expect(bytes.includes('SECRET-PLACE')).toBe(false)
    expect((await sharp(bytes).metadata()).exif).toBeUndefined()
  })

  it('takes a form, PNG and WebP too, and the same id once', async () => {
    const id = uuid()
    const png = await sharp(await photoOf('c'))
      .png()
      .toBuffer()
    const form = new FormData()
    form.set('id', id)
    form.set('file', new Blob([bodyOf(png)], { type: 'image/png' }), '门头.png')
    const headers = { authorization: await authorization('rep1') }
    const init = { method: 'POST', headers, body: form }
    const response = await fetch(`${company.url}/api/v1/photos`, init)
    const first = PhotoReply.parse(await response.json())
    expect(first.id).toBe(id)
    const webp = await sharp(await photoOf('d'))
      .webp()
      .toBuffer()
    const again = await send(webp, 'rep1', `?id=${id}`, 'image/webp')
    expect(PhotoReply.parse(again.body)).toEqual(first)
    expect((await send(webp, 'rep1', '', 'image/webp')).status).toBe(200)
  })

  it('keeps a HEIC sealed: it counts as sent, is called unread, and never leaves', async () => {
    const heic = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), Buffer.alloc(99)]) // prettier-ignore
    const { body } = await send(heic, 'rep1', '', 'image/heic')
    const photo = PhotoReply.parse(body)
    expect(photo.readable).toBe(false)
    expect((await show(`rep1/photos/${photo.id}`, 'rep1')).status).toBe(409)
    expect(codes(await checkIn([photo.id]))).toContain('photo_unread')
  })
})

describe('photos as evidence', () => {
  it('believes a new photo, and neither one of a colleague nor his own of an earlier hour', async () => {
    const photo = await photoOf('shop-1')
    const mine = await sent(photo)
    expect(codes(await checkIn([mine.id]))).toContain('photo_new')
    company.clock.at += 60 * MINUTE
    const smaller = await sharp(photo).resize(400).jpeg({ quality: 55 }).toBuffer()
    const stolen = await checkIn([(await sent(smaller, 'rep2')).id], 'rep2')
    expect(codes(stolen)).toContain('photo_of_other')
    expect(stolen.evidence.score).toBeLessThan(60)
    expect(codes(await checkIn([(await sent(photo)).id]))).toContain('photo_again')
    expect(codes(await checkIn([(await sent(await photoOf('shop-2'))).id]))).toContain('photo_new')
  })

  it('does not accuse two dark pictures of being alike', async () => {
    const dark = () => sharp({ create: { width: 300, height: 200, channels: 3, background: '#020202' } }) // prettier-ignore
    const one = await sent(await dark().jpeg({ quality: 90 }).toBuffer(), 'rep3')
    expect(codes(await checkIn([one.id], 'rep3'))).toContain('photo_new')
    const two = await sent(await dark().jpeg({ quality: 70 }).toBuffer(), 'rep1')
    expect(codes(await checkIn([two.id]))).toContain('photo_new')
  })

  it('refuses a photo of somebody else in a check-in', async () => {
    const theirs = await sent(await photoOf('e'), 'rep2')
    const at = company.clock.at
    const position = { lng: 114.05, lat: 22.54, accuracy: 18 }
    const input = { id: uuid(), at, kind: 'in', customerId: shop, position, photoIds: [theirs.id] }
    expect((await company.post('/api/v1/checkins', 'rep1', input)).status).toBe(422)
  })
})

describe('GET /api/v1/people/:personId/photos/:id', () => {
  it('shows it to himself and his supervisors with the watermark burnt in, and records the look', async () => {
    const photo = await sent(await photoOf('f'))
    await checkIn([photo.id])
    const path = `rep1/photos/${photo.id}`
    const clean = await sharp(await photoOf('f')).metadata()
    for (const who of ['rep1', 'leadN', 'boss']) {
      const { status, bytes } = await show(path, who)
      expect(status, who).toBe(200)
      const shown = sharp(bytes)
      expect((await shown.metadata()).width).toBe(clean.width)
      const { channels } = await shown.extract({ left: 2, top: (clean.height ?? 0) - 6, width: 4, height: 4 }).stats() // prettier-ignore
      expect(channels[0]?.mean, 'the band is dark').toBeLessThan(130)
    }
    for (const who of ['rep2', 'leadS', 'hr', 'admin'])
      expect((await show(path, who)).status, who).toBe(403)
    expect((await show(`${path}?size=thumb`, 'rep1')).status).toBe(200)
    expect((await show(`rep1/photos/${uuid()}`, 'rep1')).status).toBe(404)
    const { body } = await company.get('/api/v1/access-log/me', 'rep1')
    expect(JSON.stringify(body)).toMatch(/"viewerId":"leadN".*"what":"checkin"/)
  })
})

/** A PNG whose header promises so many pixels, with next to nothing behind it. */
function bombOf(width: number, height: number): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
