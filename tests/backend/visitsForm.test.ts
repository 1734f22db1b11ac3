import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCheckins, createRescore } from '../../backend/checkins/index.ts'
import { CheckinReply } from '../../backend/contract/checkins.ts'
import { CheckinDetail, CheckinSettings } from '../../backend/contract/reviews.ts'
import { Share, VisitPage, Visits } from '../../backend/contract/visits.ts'
import { createPrivacy, giveConsent } from '../../backend/privacy/index.ts'
import { createVisits } from '../../backend/visits/index.ts'
import { photoOf } from '../support/photo.ts'
import { addCustomer, DATE, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const SHOP = { lng: 114.05, lat: 22.54 }
const field = { key: 'shelf', label: '排面数', type: 'number', required: true }
const face = { key: 'face', label: '门头', type: 'photo', required: false }
let company: Company
let visitId = ''
let checkinId = ''
let formKey = ''

const saveForm = async (fields: object[], key?: string) => {
  const form = { key, name: '陈列', tags: [], tiers: [], kinds: ['in'], fields, active: true }
  const { body } = await company.post('/api/v1/checkins/forms', 'admin', form)
  const [made] = CheckinSettings.parse(body).forms
  if (!made) throw new Error('the form was not saved')
  return made
}

beforeAll(async () => {
  company = await openCompany((kit) => [
    createCheckins(kit),
    createPrivacy(kit),
    createVisits(kit, ORG),
  ])
  const customerId = await addCustomer(company.db, { ...SHOP, name: '青岚茶铺', radius: 80 })
  await giveConsent(company.db, ORG, 'rep1', NOW - 10_000 * MINUTE)
  const form = await saveForm([field])
  formKey = form.key
  const position = { ...SHOP, accuracy: 10, at: NOW }
  const filled = { id: form.id, answers: { shelf: 6 } }
  const input = { id: uuid(), at: NOW, kind: 'in', customerId, position, form: filled }
  checkinId = CheckinReply.parse((await company.post('/api/v1/checkins', 'rep1', input)).body).id
  const listed = await company.get(`/api/v1/visits?from=${DATE}&to=${DATE}`, 'rep1')
  visitId = Visits.parse(listed.body).visits[0]?.id ?? ''
})
afterAll(() => company.close())

const page = async (who = 'rep1') =>
  VisitPage.parse((await company.get(`/api/v1/visits/${visitId}`, who)).body)
const tell = async (entry: object) => {
  const reply = await company.post(`/api/v1/visits/${visitId}/entries`, 'rep1', { id: uuid(), ...entry }) // prettier-ignore
  return { ...reply, text: JSON.stringify(reply.body) }
}
async function photo() {
  const id = uuid()
  const headers = { authorization: `Bearer ${await company.tokenOf('rep1')}`, 'content-type': 'image/jpeg' } // prettier-ignore
  const body = new Uint8Array(await photoOf(id, 300, 200))
  const { status } = await fetch(`${company.url}/api/v1/photos?id=${id}`, { method: 'POST', headers, body }) // prettier-ignore
  expect(status).toBe(200)
  return id
}

describe('the form of a visit', () => {
  it('shows what was filled in at the check-in, to its person and to those who lead him', async () => {
    for (const who of ['rep1', 'leadN'])
      expect((await page(who)).form).toMatchObject({ answers: { shelf: 6 }, questions: [] })
  })

  it('asks what a newer version asks, is filled in later, and refuses what does not fit by name', async () => {
    const price = { key: 'price', label: '零售价', type: 'number', required: true }
    const { id } = await saveForm([field, price, face], formKey)
    expect((await page()).form).toMatchObject({ answers: { shelf: 6 }, questions: ['零售价'] })
    const lacks = await tell({ kind: 'form', form: { id, answers: { shelf: 6 } } })
    expect(lacks.status).toBe(422)
    expect(lacks.text).toMatch(/"field":"form.answers.price","rule":"“零售价” is required"/)
    expect((await tell({ kind: 'form', form: { id: uuid(), answers: {} } })).text).toContain('"field":"form.id"') // prettier-ignore
    const answers = { shelf: 6, price: 12.5, face: [uuid()] }
    expect((await tell({ kind: 'form', form: { id, answers } })).text).toContain('“门头” must be photos') // prettier-ignore
    const good = { ...answers, face: [await photo()] }
    expect((await tell({ kind: 'form', form: { id, answers: good } })).status).toBe(200)
    expect((await page('leadN')).form).toMatchObject({ answers: good, questions: [] })
  })
})

describe('photos of a visit', () => {
  it('are added by its person after they have come', async () => {
    const lost = uuid()
    expect((await tell({ kind: 'photos', photoIds: [lost] })).text).toContain('"field":"photoIds"')
    const id = await photo()
    await tell({ kind: 'photos', photoIds: [id] })
    expect((await page('leadN')).photoIds).toEqual([id])
  })
})

describe('the customer’s answer', () => {
  it('becomes evidence for the check-in, by the link alone', async () => {
    const shared = await company.post(`/api/v1/visits/${visitId}/shares`, 'rep1', {})
    const { url } = Share.parse(shared.body)
    company.clock.at += 40 * MINUTE
    await fetch(company.url + new URL(url).pathname, {
      method: 'POST',
      body: new URLSearchParams({ tookPlace: 'yes', rating: '5' }),
    })
    company.clock.at += MINUTE
    await createRescore(company.kit, ORG).run()
    const path = `/api/v1/people/rep1/checkins/${checkinId}`
    const { evidence, first } = CheckinDetail.parse((await company.get(path, 'leadN')).body)
    expect(evidence.signals.find(({ code }) => code === 'customer_rated')).toMatchObject({
      points: 10,
      values: { rating: 5 },
    })
    expect(first.signals.map(({ code }) => code)).not.toContain('customer_rated')
  })
})
