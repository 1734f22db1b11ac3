import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCheckins, createRescore, noteAnswer } from '../../backend/checkins/index.ts'
import { CheckinReply, type CheckinInput } from '../../backend/contract/checkins.ts'
import { CheckinDetail, CheckinSettings } from '../../backend/contract/reviews.ts'
import { sql } from '../../backend/core/sql.ts'
import { createPrivacy, giveConsent } from '../../backend/privacy/index.ts'
import { addCustomer, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const SHOP = { lng: 114.05, lat: 22.54 }
let company: Company
let shop = '' // tagged 冷饮, tier A
let plain = ''

beforeAll(async () => {
  company = await openCompany((kit) => [createCheckins(kit), createPrivacy(kit)])
  shop = await addCustomer(company.db, { ...SHOP, name: '青岚茶铺', radius: 80 })
  plain = await addCustomer(company.db, { ...SHOP, name: '无标签', radius: 80 })
  await company.db.run(sql`
    update customers set tags = '{冷饮}', tier = 'A' where org_id = ${ORG} and id = ${shop}::uuid`)
  await giveConsent(company.db, ORG, 'rep1', NOW - 10_000 * MINUTE)
})
afterAll(() => company.close())

const post = (change: Partial<CheckinInput> = {}) => {
  const at = (company.clock.at += 5 * MINUTE)
  const position = { ...SHOP, accuracy: 10, at }
  const input = { id: uuid(), at, kind: 'in', customerId: shop, position, ...change }
  return company.post('/api/v1/checkins', 'rep1', input)
}
const checkIn = async (change: Partial<CheckinInput> = {}) => {
  const { status, body } = await post(change)
  expect(status, JSON.stringify(body)).toBe(200)
  return CheckinReply.parse(body)
}
const refusal = async (change: Partial<CheckinInput>) => {
  const { status, body } = await post(change)
  return `${status} ${JSON.stringify(body)}`
}
const field = { key: 'shelf', label: '排面数', type: 'number', required: true }
const save = async (form: object) => {
  const base = { name: '陈列', tags: ['冷饮'], tiers: [], kinds: ['in'], fields: [field] }
  const body = { ...base, active: true, ...form }
  const reply = await company.post('/api/v1/checkins/forms', 'admin', body)
  expect(reply.status, JSON.stringify(reply.body)).toBe(200)
  const { forms } = CheckinSettings.parse(reply.body)
  const made = forms.find((each) => each.name === body.name)
  if (!made) throw new Error('the form was not saved')
  return made
}
const codes = ({ evidence }: CheckinReply) => evidence.signals.map(({ code }) => code)

describe('the form of a place', () => {
  it('is insisted on where its tag is, naming the question, and nowhere else', async () => {
    const form = await save({})
    expect(await refusal({})).toMatch(/^422 .*"field":"form.answers.shelf","rule":"“排面数” is required/) // prettier-ignore
    const wrong = { id: form.id, answers: { shelf: '六' } }
    expect(await refusal({ form: wrong })).toContain('“排面数” must be a number')
    expect((await checkIn({ customerId: plain })).decision).toBe('accepted')
    expect((await checkIn({ kind: 'out' })).decision).toBe('accepted')
    const filled = await checkIn({ form: { id: form.id, answers: { shelf: 6 } } })
    expect(filled.decision).toBe('accepted')
    expect(codes(filled)).not.toContain('form_incomplete')
  })

  it('of a tag and a tier comes before the one of a tag; another form is no answer to it', async () => {
    const general = await save({})
    const narrow = await save({ name: 'A级陈列', tiers: ['A'] })
    expect(await refusal({ form: { id: general.id, answers: { shelf: 1 } } })).toMatch(/^422 .*"field":"form.id".*“A级陈列”/) // prettier-ignore
    await checkIn({ form: { id: narrow.id, answers: { shelf: 1 } } })
    await save({ key: narrow.key, name: 'A级陈列', active: false })
  })

  it('may change under an offline check-in: it is kept, marked, and says what is missing', async () => {
    const old = await save({})
    const price = { key: 'price', label: '零售价', type: 'number', required: true }
    await save({ key: old.key, fields: [field, price] })
    const seen = await checkIn({ form: { id: old.id, answers: { shelf: 3 } } })
    expect(seen).toMatchObject({ decision: 'flagged' })
    const late = () => ({ at: company.clock.at - 32.5 * MINUTE, ageMs: 37.5 * MINUTE })
    for (const alone of [() => ({ unattended: true }), late])
      for (const form of [
        undefined,
        { id: old.id, answers: { shelf: 3 } },
        { id: uuid(), answers: {} },
      ]) {
        // prettier-ignore
        const reply = await checkIn({ ...alone(), ...(form && { form }), sentAt: company.clock.at + 5 * MINUTE }) // prettier-ignore
        expect(reply.decision).toBe('flagged')
        const said = reply.evidence.signals.find(({ code }) => code === 'form_incomplete')
        expect(said).toMatchObject({ points: 0, values: { questions: form?.answers.shelf ? '零售价' : '排面数、零售价' } }) // prettier-ignore
      }
    const path = `/api/v1/people/rep1/checkins/${seen.id}`
    company.clock.at += 40 * MINUTE
    await createRescore(company.kit, ORG).run()
    const shown = CheckinDetail.parse((await company.get(path, 'leadN')).body)
    expect(shown.form?.answers).toEqual({ shelf: 3 })
    expect(shown.evidence.signals.map(({ text }) => text)).toContain('表单还缺：零售价')
    await save({ key: old.key, active: false })
  })
})

describe('the first visit', () => {
  const unplaced = async () => {
    const id = await addCustomer(company.db, { ...SHOP, name: `新客户 ${uuid()}`, radius: 80 })
    await company.db.run(sql`
      update customers set at = null, placed_by = null, raw_lng = null, raw_lat = null
      where org_id = ${ORG} and id = ${id}::uuid`)
    return id
  }
  const placeOf = (id: string) =>
    company.db.first<{ lat: number | null; by: string | null }>(sql`
      select st_y(c.at::geometry) as lat, c.placed_by as by
      from customers c where c.org_id = ${ORG} and c.id = ${id}::uuid`)

  it('gives a customer without a position its own, says so, and is not its own proof later', async () => {
    const customerId = await unplaced()
    const reply = await checkIn({ customerId })
    expect(reply).toMatchObject({ where: null, decision: 'accepted' })
    expect(codes(reply)).toContain('first_place')
    expect(await placeOf(customerId)).toEqual({ lat: SHOP.lat, by: 'first_visit' })
    expect((await checkIn({ customerId, kind: 'out' })).where).toBe('inside')
    company.clock.at += 40 * MINUTE
    await createRescore(company.kit, ORG).run()
    const path = `/api/v1/people/rep1/checkins/${reply.id}`
    const { evidence } = CheckinDetail.parse((await company.get(path, 'leadN')).body)
    expect(evidence.signals.map(({ code }) => code)).toContain('first_place')
  })

  it('gives none by a rough or a made-up position, nor by a pin', async () => {
    const customerId = await unplaced()
    for (const odd of [{ accuracy: 150 }, { mock: true }, { source: 'wecom_message' }])
      await checkIn({ customerId, position: { ...SHOP, accuracy: 10, ...odd } })
    expect(await placeOf(customerId)).toEqual({ lat: null, by: null })
  })
})

describe('evidence from beside the phone', () => {
  it('takes the Wi-Fi of a workplace in any spelling of its address', async () => {
    const id = uuid()
    await company.db.run(sql`
      insert into workplaces (org_id, id, name, at, raw_lng, raw_lat, radius, wifi)
      values (${ORG}, ${id}::uuid, '总部', st_point(${SHOP.lng}, ${SHOP.lat}, 4326)::geography,
        ${SHOP.lng}, ${SHOP.lat}, 100, '{3c:46:d8:0c:7a:70}')`)
    const at = { kind: 'punch', customerId: undefined, workplaceId: id } as const
    const iphone = await checkIn({ ...at, wifi: { bssid: '3C:46:D8:C:7A:70', ssid: '办公' } })
    expect(codes(iphone)).toContain('wifi_match')
    expect(codes(await checkIn({ ...at, wifi: { bssid: '3c-46-d8-0c-7a-71' } }))).toContain('wifi_other') // prettier-ignore
  })

  it('counts the customer’s own word, and looks again when he denies the visit', async () => {
    const reply = await checkIn({ customerId: plain })
    const said = (tookPlace: boolean, rating: number | null) =>
      noteAnswer(company.db, { orgId: ORG, personId: 'rep1', id: uuid(), checkinIds: [reply.id], at: (company.clock.at += 40 * MINUTE), tookPlace, rating }) // prettier-ignore
    const now = async () => {
      company.clock.at += MINUTE
      await createRescore(company.kit, ORG).run()
      const path = `/api/v1/people/rep1/checkins/${reply.id}`
      return CheckinDetail.parse((await company.get(path, 'leadN')).body)
    }
    await said(true, 4)
    const { evidence } = await now()
    expect(evidence.signals.map(({ text, textEn }) => [text, textEn])).toContainEqual([
      '客户通过链接确认了这次拜访，评分 4 / 5',
      'The customer confirmed the visit by the link and rated it 4 of 5',
    ])
    await said(false, null)
    const denied = await now()
    expect(denied.evidence.score).toBeLessThan(60)
    expect(denied.checkin.standing).toBe('waiting')
  })
})
