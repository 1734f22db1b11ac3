import sharp from 'sharp'
import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PhotoReply } from '../../backend/contract/photos.ts'
import { createCheckins } from '../../backend/checkins/index.ts'
import { sql } from '../../backend/core/sql.ts'
import { createMedia } from '../../backend/wecom/index.ts'
import { wecomPhotoRoute } from '../../backend/wecomPhotos.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'
import { openCompany, ORG, type Company } from './company.ts'

const PATH = '/api/v1/photos/wecom'

let up: SimServer
let company: Company
beforeAll(async () => {
  up = await startWecomSim()
  company = await openCompany((kit) => {
    const { db, clock, files } = kit
    const { fetchMedia } = createMedia({ db, clock, files, call: up.client().call, orgId: ORG })
    return [createCheckins(kit), { routes: [wecomPhotoRoute(kit, fetchMedia)] }]
  })
})
afterAll(async () => {
  await company.close()
  await up.close()
})

/** A photo as a camera makes it: with the place where it was taken. */
const taken = (red: number) =>
  sharp({ create: { width: 320, height: 240, channels: 3, background: { r: red, g: 90, b: 60 } } })
    .withExif({
      IFD0: { Make: 'Phone' },
      IFD3: { GPSLatitude: '22/1 32/1 0/1', GPSLatitudeRef: 'N' },
    })
    .jpeg()
    .toBuffer()
const uploaded = async (red: number) => {
  const content = await taken(red)
  return { mediaId: up.sim.media.add({ name: 'a.jpg', type: 'image/jpeg', content }), content }
}
const asked = () => up.sim.calls.get('/cgi-bin/media/get') ?? 0
const post = (body: object, who: string | null = 'rep1', kind?: 'device') =>
  company.post(PATH, who, body, kind)

test('a photo of the JS-SDK becomes a photo of the rep: clean, with the hash of what came, fetched once', async () => {
  const { mediaId, content } = await uploaded(10)
  const id = uuid()
  const before = asked()
  const answers = [await post({ id, mediaId }), await post({ id, mediaId })]
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(asked() - before).toBe(1)
  const photo = PhotoReply.parse(answers[0]?.body)
  expect(answers[1]?.body).toEqual(photo)
  expect((await sharp(content).metadata()).exif).toBeDefined()
  const [row] = await company.db.many<{ kept: string; source: string; sha256: string }>(sql`
    select kept, source, sha256 from photos where org_id = ${ORG} and id = ${id}::uuid`)
  expect(row).toMatchObject({ source: 'wecom', sha256: photo.sha256 })
  const clean = await company.kit.files.get(row?.kept ?? '')
  expect((await sharp(clean ?? Buffer.alloc(0)).metadata()).exif).toBeUndefined()
  expect(await company.kit.files.has(photo.sha256)).toBe(false) // with its place: gone
})

test('a photo that WeCom forgot is told, and what is no photo too', async () => {
  const { mediaId } = await uploaded(20)
  up.clock.at += 3 * 86_400_000
  expect(await post({ id: uuid(), mediaId })).toMatchObject({ status: 404 })
  const text = up.sim.media.add({
    name: 'a.txt',
    type: 'text/plain',
    content: Buffer.from('hello'),
  })
  expect((await post({ id: uuid(), mediaId: text })).status).toBe(422)
})

test('is for whoever is signed in, and names what is wrong', async () => {
  const body = { id: uuid(), mediaId: 'x' }
  expect((await post(body, null)).status).toBe(401)
  expect((await post(body, 'rep1', 'device')).status).toBe(403)
  const { status, body: answer } = await post({ ...body, mediaId: '../x' })
  expect([status, JSON.stringify(answer)]).toEqual([422, expect.stringContaining('body.mediaId')])
})
