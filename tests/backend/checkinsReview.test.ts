import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chainHead, createCheckins, createRescore, listCheckins, verifyChain } from '../../backend/checkins/index.ts' // prettier-ignore
import { sentenceOf } from '../../backend/cli/verifyChain.ts'
import { Checkins, CheckinReply, DEFAULT_POLICY, type CheckinInput } from '../../backend/contract/checkins.ts' // prettier-ignore
import { CheckinDetail, CheckinSettings, Desk, Queue } from '../../backend/contract/reviews.ts'
import { sql, type Sql } from '../../backend/core/sql.ts'
import { createPrivacy, giveConsent } from '../../backend/privacy/index.ts'
import { addCustomer, DATE, MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const SHOP = { lng: 114.05, lat: 22.54 }
const DEGREE = 111_320
let company: Company
let shop = ''
let rescore: () => Promise<number>

beforeAll(async () => {
  company = await openCompany((kit) => [createCheckins(kit), createPrivacy(kit)])
  rescore = createRescore(company.kit, ORG).run
  shop = await addCustomer(company.db, { ...SHOP, name: '青岚茶铺', radius: 80 })
  for (const person of ['rep1', 'rep2', 'rep3'])
    await giveConsent(company.db, ORG, person, NOW - 10_000 * MINUTE)
})
afterAll(() => company.close())

const given = (change: Partial<CheckinInput> = {}): CheckinInput => {
  const at = company.clock.at
  const position = { ...SHOP, accuracy: 12, at }
  return { id: uuid(), at, kind: 'in', customerId: shop, position, ...change }
}
async function checkIn(change: Partial<CheckinInput> = {}, who = 'rep1') {
  company.clock.at += 2 * MINUTE
  const { status, body } = await company.post('/api/v1/checkins', who, given(change))
  expect(status, JSON.stringify(body)).toBe(200)
  return CheckinReply.parse(body)
}
const fake = (who = 'rep1') => checkIn({ position: { ...SHOP, accuracy: 5, mock: true } }, who)
const queue = async (who: string, query = '') =>
  Queue.parse((await company.get(`/api/v1/checkins/queue${query}`, who)).body).checkins
const say = (who: string, path: string, kind: string, text = '位置与轨迹不符') =>
  company.post(`/api/v1/people/${path}/reviews`, who, { id: uuid(), kind, text })
const detail = async (who: string, path: string) =>
  CheckinDetail.parse((await company.get(`/api/v1/people/${path}`, who)).body)

describe('the review of a check-in', () => {
  it('shows what is weak to those whose people it is of, and refuses everybody else', async () => {
    const north = await fake('rep1')
    const south = await fake('rep3')
    const good = await checkIn({}, 'rep2')
    expect(good.evidence.score).toBeGreaterThanOrEqual(60)
    expect((await queue('leadN')).map(({ id }) => id)).toEqual([north.id])
    expect((await queue('leadS')).map(({ id }) => id)).toEqual([south.id])
    expect((await queue('boss')).map(({ id }) => id)).toEqual([south.id, north.id])
    expect((await queue('boss', '?departmentId=north')).map(({ id }) => id)).toEqual([north.id])
    expect((await queue('boss', '?standing=counts')).map(({ id }) => id)).toEqual([good.id])
    for (const who of [null, 'rep1', 'hr', 'admin'])
      expect((await company.get('/api/v1/checkins/queue', who)).status, String(who)).toBe(who ? 403 : 401) // prettier-ignore
    expect((await company.get('/api/v1/checkins/queue?standing=odd', 'boss')).status).toBe(422)
    const path = `/api/v1/people/rep1/checkins/${north.id}`
    for (const who of ['rep2', 'leadS', 'hr', 'admin'])
      expect((await company.get(path, who)).status, who).toBe(403)
    expect((await company.get(path, null)).status).toBe(401)
    expect((await company.get(`/api/v1/people/rep1/checkins/${uuid()}`, 'leadN')).status).toBe(404)
    expect((await company.get('/api/v1/people/rep1/checkins/x', 'leadN')).status).toBe(422)
  })

  it('is done with the map, the track before and after and the signals, and the look is on record', async () => {
    const { id, at } = await fake()
    await company.report('rep1', [
      { ...SHOP, at: at - 4 * MINUTE },
      { ...SHOP, at: at + MINUTE },
      { ...SHOP, at: at + 90 * MINUTE },
    ])
    const shown = await detail('leadN', `rep1/checkins/${id}`)
    expect(shown.track.map((fix) => fix.at)).toEqual([at - 4 * MINUTE, at + MINUTE])
    expect(shown.site).toEqual({ ...SHOP, radius: 80 })
    expect(shown.evidence.signals.map(({ code }) => code)).toContain('mock')
    expect(shown.checkin).toMatchObject({
      standing: 'waiting',
      person: '名 rep1',
      place: '青岚茶铺',
    })
    const { body } = await company.get('/api/v1/access-log/me', 'rep1')
    expect(JSON.stringify(body)).toContain(`"viewerId":"leadN","viewer":"名 leadN","what":"checkin","date":"${DATE}"`) // prettier-ignore
  })

  it('is told to the person with its reason, who answers, and then it waits again', async () => {
    const { id } = await fake()
    const path = `rep1/checkins/${id}`
    const told: string[] = []
    const stop = company.kit.facts.on('checkinJudged', (fact) => told.push(fact.id))
    expect((await say('leadN', path, 'reject', '')).status).toBe(422)
    expect((await say('rep1', path, 'accept')).status).toBe(403)
    expect((await say('leadN', path, 'answer')).status).toBe(403)
    expect((await say('leadS', path, 'reject')).status).toBe(403)
    expect((await say('hr', path, 'reject')).status).toBe(403)
    expect((await company.post(`/api/v1/people/${path}/reviews`, null, {})).status).toBe(401)
    expect((await say('leadN', path, 'reject')).status).toBe(200)
    expect((await detail('rep1', path)).checkin.standing).toBe('refused')
    const [message] = await messagesOf('rep1')
    expect(message).toMatchObject({ path: `/checkins/rep1/${id}` })
    expect(message?.text).toContain('位置与轨迹不符')
    expect((await say('rep1', path, 'answer', '换了手机，没关模拟位置')).status).toBe(200)
    expect((await detail('rep1', path)).checkin.standing).toBe('waiting')
    expect(await messagesOf('leadN')).toHaveLength(1)
    expect((await say('leadN', path, 'accept', '')).status).toBe(200)
    const after = await detail('rep1', path)
    expect(after.checkin.standing).toBe('counts')
    expect(after.reviews.map(({ kind }) => kind)).toEqual(['reject', 'answer', 'accept'])
    stop()
    expect(told).toEqual([id, id, id])
  })

  it('changes nothing when the same word comes twice', async () => {
    const { id } = await fake()
    const path = `/api/v1/people/rep1/checkins/${id}/reviews`
    const word = { id: uuid(), kind: 'reject', text: '不在店里' }
    const before = (await messagesOf('rep1')).length
    await company.post(path, 'leadN', word)
    const { body } = await company.post(path, 'leadN', word)
    expect(CheckinDetail.parse(body).reviews).toHaveLength(1)
    expect(await messagesOf('rep1')).toHaveLength(before + 1)
  })
})

const messagesOf = (personId: string) =>
  company.db.many<{ path: string; text: string }>(sql`
    select m.path, m.text from wecom_messages m
    where m.org_id = ${ORG} and m.person_id = ${personId} and m.key like 'checkin:%'
    order by m.created_at desc, m.id desc`)

describe('the score as more becomes known', () => {
  it('falls when the track after shows him elsewhere, as a new version; the first stays', async () => {
    const { id, at, evidence } = await checkIn({}, 'rep2')
    expect(evidence.score).toBeGreaterThanOrEqual(60)
    const away = { lng: SHOP.lng, lat: SHOP.lat + 9000 / DEGREE }
    await company.report(
      'rep2',
      [1, 2, 3, 4].map((n) => ({ ...away, at: at + n * 20_000 })),
    )
    company.clock.at += 40 * MINUTE
    while ((await rescore()) === 40);
    const shown = await detail('leadN', `rep2/checkins/${id}`)
    expect(shown.evidence.signals.map(({ code }) => code)).toContain('track_disagrees_after')
    expect(shown.checkin.score).toBeLessThan(60)
    expect(shown.first.score).toBe(evidence.score)
    expect(await rescore()).toBe(0)
    const [listed] = await listCheckins(company.db, { orgId: ORG, personIds: ['rep2'], from: at, to: at + 1 }) // prettier-ignore
    expect(listed).toMatchObject({ score: shown.checkin.score, standing: 'waiting' })
  })
})

describe('rules of the company', () => {
  const put = async (input: object, who: string | null = 'admin') => {
    const headers = who ? { authorization: `Bearer ${await company.tokenOf(who)}` } : {}
    const init = { method: 'PUT', headers, body: JSON.stringify(input) }
    return fetch(`${company.url}/api/v1/checkins/policies`, init)
  }
  const outside = { position: { lng: SHOP.lng, lat: SHOP.lat + 900 / DEGREE, accuracy: 10 } }

  it('are the admin’s', async () => {
    const input = { departmentId: '', policy: DEFAULT_POLICY }
    const form = { name: '陈列', tags: [], kinds: ['in'], fields: [], active: true }
    for (const [who, status] of [
      [null, 401],
      ['rep1', 403],
      ['boss', 403],
    ] as const) {
      expect((await put(input, who)).status).toBe(status)
      expect((await company.get('/api/v1/checkins/settings', who)).status).toBe(status)
      expect((await company.post('/api/v1/checkins/forms', who, form)).status).toBe(status)
    }
    expect((await put({ ...input, departmentId: 'nowhere' })).status).toBe(422)
    expect((await put({ ...input, policy: { outside: 'beat' } })).status).toBe(422)
    expect((await company.post('/api/v1/checkins/forms', 'admin', { ...form, kinds: [] })).status).toBe(422) // prettier-ignore
  })

  it('hold for a department and those below it, until they are taken back', async () => {
    await put({ departmentId: 'root', policy: { ...DEFAULT_POLICY, outside: 'outing', note: 'optional' } }) // prettier-ignore
    await put({
      departmentId: 'south',
      policy: { ...DEFAULT_POLICY, outside: 'reject', reviewBelow: 75 },
    })
    expect((await checkIn(outside, 'rep1')).decision).toBe('outing')
    const rejected = await checkIn(outside, 'rep3')
    expect(rejected.decision).toBe('rejected')
    const shown = await detail('rep3', `rep3/checkins/${rejected.id}`)
    expect(shown.checkin.standing).toBe('refused')
    expect(shown.reviewBelow).toBe(75)
    await put({ departmentId: 'south', policy: null })
    expect((await checkIn(outside, 'rep3')).decision).toBe('outing')
    await put({ departmentId: 'root', policy: null })
  })

  it('demand a datum, a photo, and the answers of a form', async () => {
    await put({ departmentId: '', policy: { ...DEFAULT_POLICY, datum: 'required' } })
    expect((await company.post('/api/v1/checkins', 'rep1', given())).status).toBe(422)
    await put({ departmentId: '', policy: { ...DEFAULT_POLICY, photo: 'required' } })
    const without = await company.post('/api/v1/checkins', 'rep1', given())
    expect(JSON.stringify(without.body)).toContain('"field":"photoIds"')
    await put({ departmentId: '', policy: null })
    const fields = [{ key: 'shelf', label: '排面', type: 'number', required: true }]
    const form = { name: '陈列', tags: [], kinds: ['in'], fields, active: true }
    const saved = await company.post('/api/v1/checkins/forms', 'admin', form)
    const [made] = CheckinSettings.parse(saved.body).forms
    const { forms, policy, open } = Desk.parse((await company.get('/api/v1/checkins/desk', 'rep1')).body) // prettier-ignore
    expect(forms).toEqual([made])
    expect(policy).toEqual(DEFAULT_POLICY)
    expect(open?.customerId).toBe(shop)
    const filled = (answers: object) => company.post('/api/v1/checkins', 'rep1', { ...given(), form: { id: made?.id, answers } }) // prettier-ignore
    expect(JSON.stringify((await filled({})).body)).toContain('"field":"form.answers.shelf"')
    company.clock.at += 5 * MINUTE
    const reply = await filled({ shelf: 6 })
    const shown = await detail('leadN', `rep1/checkins/${CheckinReply.parse(reply.body).id}`)
    expect(shown.form?.answers).toEqual({ shelf: 6 })
    await company.post('/api/v1/checkins/forms', 'admin', {
      ...form,
      key: made?.key,
      active: false,
    })
  })
})

describe('GET /api/v1/checkins', () => {
  it('lists my own with the check-out that nobody pressed', async () => {
    expect((await company.get(`/api/v1/checkins?from=${DATE}&to=${DATE}`, null)).status).toBe(401)
    expect((await company.get('/api/v1/checkins?from=x&to=y', 'rep1')).status).toBe(422)
    expect((await company.get(`/api/v1/checkins?from=${DATE}&to=${DATE}`, 'rep1', 'device')).status).toBe(403) // prettier-ignore
    company.clock.at += 30 * MINUTE
    const first = await checkIn({}, 'rep3')
    company.clock.at += 30 * MINUTE
    const next = await checkIn({ customerId: undefined, place: '新店' }, 'rep3')
    const { body } = await company.get(`/api/v1/checkins?from=${DATE}&to=${DATE}`, 'rep3')
    const mine = Checkins.parse(body).checkins
    expect(mine.every(({ personId }) => personId === 'rep3')).toBe(true)
    expect(mine.find(({ id }) => id === first.id)?.inferredOut).toEqual({ at: next.at, by: 'next_checkin' }) // prettier-ignore
    expect(mine[0]).toMatchObject({ id: next.id, place: '新店', inferredOut: null })
  })
})

describe('the hash chain', () => {
  const broken = async (change: Sql, back: Sql) => {
    await company.db.run(change)
    const { broken: found } = await verifyChain(company.db, ORG)
    await company.db.run(back)
    expect((await verifyChain(company.db, ORG)).broken).toBeNull()
    return found
  }

  it('holds over what all these requests left, and its head is that of the newest day', async () => {
    const { links, days, broken: found, head } = await verifyChain(company.db, ORG)
    expect(found).toBeNull()
    expect(days).toBe(1)
    expect(links).toBeGreaterThan(10)
    expect(await chainHead(company.db, ORG, { from: DATE, to: DATE })).toEqual(head)
    expect(await chainHead(company.db, ORG, { from: '2020-01-01', to: '2020-01-31' })).toBeNull()
    expect(head?.seq).toBe(links)
  })

  it('takes a day after another, and many at once', async () => {
    company.clock.at += 24 * 60 * MINUTE
    await Promise.all(['rep1', 'rep2', 'rep3'].map((who) => company.post('/api/v1/checkins', who, given({ kind: 'punch', customerId: undefined })))) // prettier-ignore
    const { broken: found, days } = await verifyChain(company.db, ORG)
    expect(found).toBeNull()
    expect(days).toBe(2)
  })

  it('names the row that somebody changed in SQL', async () => {
    const rows = await company.db.many<{ id: string }>(sql`
      select c.id from checkins c where c.org_id = ${ORG} and c.seq = 4 and c.chain_date = ${DATE}::date`)
    const at = (column: Sql, plus: Sql) => sql`
      update checkins set ${column} = ${column} ${plus}
      where org_id = ${ORG} and chain_date = ${DATE}::date and seq = 4`
    for (const [column, change, back] of [
      [sql`at`, sql`- interval '1 hour'`, sql`+ interval '1 hour'`],
      [sql`lat`, sql`+ 1`, sql`- 1`],
    ] as const) {
      const found = await broken(at(column, change), at(column, back))
      expect(found).toMatchObject({ seq: 4, what: 'changed', id: rows[0]?.id }) // prettier-ignore
      if (found) expect(sentenceOf(found)).toContain(`${DATE} #4 (check-in ${rows[0]?.id ?? ''}`)
    }
  })

  it('names the place of a row that somebody deleted, also the last one and a whole day', async () => {
    for (const seq of [3, 1]) {
      await company.db.run(sql`create table kept as select * from checkins where org_id = ${ORG} and chain_date = ${DATE}::date and seq = ${seq}::int`) // prettier-ignore
      const found = await broken(
        sql`delete from checkins where org_id = ${ORG} and chain_date = ${DATE}::date and seq = ${seq}::int`,
        sql`insert into checkins select * from kept`,
      )
      expect(found).toMatchObject({ date: DATE, seq, what: 'missing' })
      await company.db.run(sql`drop table kept`)
    }
    await company.db.run(sql`delete from checkins where org_id = ${ORG} and chain_date = ${DATE}::date`) // prettier-ignore
    expect((await verifyChain(company.db, ORG)).broken).toMatchObject({ what: 'missing', seq: 1 })
    await company.db.run(sql`delete from checkin_chains where org_id = ${ORG} and chain_date = ${DATE}::date`) // prettier-ignore
    expect((await verifyChain(company.db, ORG)).broken).toMatchObject({ what: 'day_unlinked' })
  })
})
