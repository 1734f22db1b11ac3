import { v4 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCompany } from '../../backend/company/index.ts'
import { Announcements, Receipts, SentAnnouncement, SentAnnouncements } from '../../backend/contract/announcements.ts' // prettier-ignore
import { Colleagues } from '../../backend/contract/colleagues.ts'
import type { Feature } from '../../backend/core/kit.ts'
import { sql } from '../../backend/core/sql.ts'
import { MINUTE, NOW, openCompany, ORG, type Company } from './company.ts'

const HOUR = 60 * MINUTE
let company: Company
let feature: Feature
beforeAll(async () => {
  company = await openCompany((kit) => [(feature = createCompany(kit))])
})
afterAll(() => company.close())
beforeEach(async () => {
  company.clock.at = NOW
  for (const table of ['announcement_receipts', 'announcements', 'birthdays', 'wecom_messages'])
    await company.db.raw(`delete from ${table} where org_id = $1`, [ORG])
})

const input = (more: object = {}) => ({
  id: uuid(),
  title: '国庆安排',
  body: '放假七天。',
  ...more,
})
async function publish(who: string, more: object = {}) {
  const { status, body } = await company.post('/api/v1/announcements', who, input(more))
  expect(status, JSON.stringify(body)).toBe(200)
  return SentAnnouncement.parse(body)
}
async function deliver() {
  for (const { run } of feature.chores ?? []) await run()
}
const messages = () =>
  company.db.many<{ personId: string; key: string; title: string; closed: string | null }>(sql`
    select m.person_id as "personId", m.key, m.title, m.closed from wecom_messages m
    where m.org_id = ${ORG} order by m.person_id, m.key`)
const received = async (who: string, query = '') =>
  Announcements.parse((await company.get(`/api/v1/announcements${query}`, who)).body)
const receipts = async (who: string, id: string) =>
  Receipts.parse((await company.get(`/api/v1/announcements/${id}/receipts`, who)).body)

describe('an announcement', () => {
  it('reaches everybody it is for, once, and the sender sees who has read it', async () => {
    const sent = await publish('leadN', { departmentIds: ['north'] })
    expect(sent).toMatchObject({ receivers: 2, read: 0, departments: ['北区'], by: '名 leadN' })
    await deliver()
    await deliver()
    expect((await messages()).map(({ personId }) => personId)).toEqual(['rep1', 'rep2'])
    expect(await received('rep3')).toMatchObject({ unread: 0, announcements: [] })

    const before = await received('rep1')
    expect(before).toMatchObject({ unread: 1, announcements: [{ id: sent.id, readAt: null }] })
    company.clock.at += MINUTE
    const path = `/api/v1/announcements/${sent.id}/read`
    expect((await company.post(path, 'rep1', {})).body).toEqual({ unread: 0 })
    company.clock.at += MINUTE
    await company.post(path, 'rep1', {})
    expect((await received('rep1')).announcements[0]?.readAt).toBe(NOW + MINUTE)
    expect((await messages())[0]?.closed).toBe('已读 Read')
    const seen = await receipts('leadN', sent.id)
    expect(seen.announcement).toMatchObject({ receivers: 2, read: 1 })
    expect(seen.receipts.map(({ personId, readAt }) => [personId, readAt])).toEqual([
      ['rep2', null],
      ['rep1', NOW + MINUTE],
    ])
  })

  it('is one page, for whom it is told and nobody else', async () => {
    const { id } = await publish('leadN', { departmentIds: ['north'] })
    const path = `/api/v1/announcements/${id}`
    expect((await company.get(path, 'rep1')).body).toMatchObject({
      title: '国庆安排',
      readAt: null,
    })
    for (const who of ['rep3', 'leadS', 'leadN'])
      expect((await company.get(path, who)).status).toBe(404)
  })

  it('of two processes that tell at once, each receiver hears once', async () => {
    await publish('hr')
    const other = createCompany(company.kit)
    await Promise.all([feature, other].flatMap(({ chores = [] }) => chores.map(({ run }) => run())))
    expect(await messages()).toHaveLength(7)
  })

  it('said again with the same id is one, and stays as it was first said', async () => {
    const id = uuid()
    await publish('hr', { id })
    expect(await publish('hr', { id, title: '另一个' })).toMatchObject({
      title: '国庆安排',
      receivers: 7,
    })
  })

  it('under another’s id shows nothing of his', async () => {
    const { id } = await publish('hr')
    const reply = await company.post('/api/v1/announcements', 'leadN', input({ id, departmentIds: ['north'] })) // prettier-ignore
    expect(reply.status).toBe(404)
    expect((await company.get(`/api/v1/announcements/${id}/receipts`, 'leadN')).status).toBe(404)
  })

  it('is confirmed by the button of its card', async () => {
    const { id } = await publish('hr')
    await deliver()
    const press = company.kit.notify.listenerOf(`announcement:${id}`)
    const who = { orgId: ORG, personId: 'rep3', key: `announcement:${id}`, button: 'read', at: NOW }
    expect(await press?.(who)).toBe('已读 Read')
    expect((await received('rep3')).unread).toBe(0)
    expect(await press?.({ ...who, key: 'announcement:none' })).toBeNull()
  })

  it('that was withdrawn is seen by nobody any more, and cards say so', async () => {
    const { id } = await publish('hr')
    await deliver()
    const { body } = await company.post(`/api/v1/announcements/${id}/withdraw`, 'admin', {})
    expect(SentAnnouncement.parse(body).withdrawnAt).toBe(NOW)
    expect(await received('rep1')).toMatchObject({ unread: 0, announcements: [] })
    expect((await company.post(`/api/v1/announcements/${id}/read`, 'rep1', {})).status).toBe(404)
    expect((await messages()).every(({ closed }) => closed === '已撤回 Withdrawn')).toBe(true)
  })

  it('that was withdrawn before it went out is told to nobody', async () => {
    const { id } = await publish('hr')
    await company.post(`/api/v1/announcements/${id}/withdraw`, 'hr', {})
    await deliver()
    expect(await messages()).toEqual([])
  })
})

describe('a reminder', () => {
  it('comes after its hours, to who has not read it, once', async () => {
    const { id } = await publish('leadN', { departmentIds: ['north'], remindHours: 24 })
    await deliver()
    await company.post(`/api/v1/announcements/${id}/read`, 'rep1', {})
    company.clock.at = NOW + 24 * HOUR - 1
    await deliver()
    expect(await messages()).toHaveLength(2)
    company.clock.at = NOW + 24 * HOUR
    await deliver()
    await deliver()
    const again = (await messages()).filter(({ key }) => key.endsWith(':again'))
    expect(again).toMatchObject([{ personId: 'rep2', title: '请阅读公告：国庆安排' }])
  })

  it('by hand is for all who have not read it, and says how many', async () => {
    const { id } = await publish('hr')
    await deliver()
    await company.post(`/api/v1/announcements/${id}/read`, 'boss', {})
    const remind = () => company.post(`/api/v1/announcements/${id}/remind`, 'hr', {})
    expect((await remind()).body).toEqual({ reminded: 6 })
    expect((await remind()).body).toEqual({ reminded: 0 })
  })
})

describe('what was sent', () => {
  it('is one’s own; HR and admins see all', async () => {
    await publish('hr')
    company.clock.at += 1
    await publish('leadN', { departmentIds: ['north'] })
    const sentBy = async (who: string) =>
      SentAnnouncements.parse((await company.get('/api/v1/announcements/sent', who)).body).announcements // prettier-ignore
    expect((await sentBy('leadN')).map(({ by }) => by)).toEqual(['名 leadN'])
    expect((await sentBy('admin')).map(({ by }) => by)).toEqual(['名 leadN', '名 hr'])
    expect(await sentBy('leadS')).toEqual([])
  })
})

describe('the directory', () => {
  const colleagues = async (who: string, query = '') =>
    Colleagues.parse((await company.get(`/api/v1/directory${query}`, who)).body)
  const birthday = async (who: string, value: string | null) => {
    const headers = { authorization: `Bearer ${await company.tokenOf(who)}` }
    const body = JSON.stringify({ birthday: value })
    return fetch(`${company.url}/api/v1/directory/birthday`, { method: 'PUT', headers, body })
  }

  it('names everybody who works here, and finds by name or department', async () => {
    const all = await colleagues('rep1')
    expect(all).toMatchObject({ total: 8, next: null, mine: null })
    expect((await colleagues('rep1', `?q=${encodeURIComponent('南区')}`)).colleagues.map(({ id }) => id)).toEqual(['leadS', 'rep3']) // prettier-ignore
    expect(await colleagues('rep1', '?q=%25')).toMatchObject({ total: 0, colleagues: [] })
  })

  it('shows the birthdays that people gave, soonest first, until they are taken back', async () => {
    expect((await birthday('rep1', '12-01')).status).toBe(200)
    expect((await birthday('rep3', '11-23')).status).toBe(200)
    expect((await birthday('rep2', '06-01')).status).toBe(200)
    const { birthdays } = await colleagues('hr')
    expect(birthdays.map(({ id, inDays }) => [id, inDays])).toEqual([['rep3', 0], ['rep1', 8]]) // prettier-ignore
    expect((await colleagues('rep1')).mine).toBe('12-01')
    await birthday('rep1', null)
    expect((await colleagues('rep1')).mine).toBeNull()
    expect((await colleagues('hr')).birthdays).toHaveLength(1)
  })

  it('refuses a day that no year has, naming the field', async () => {
    const reply = await birthday('rep1', '02-30')
    expect(reply.status).toBe(422)
    expect(await reply.json()).toMatchObject({ error: { details: [{ field: 'birthday' }] } })
  })
})

describe('who may', () => {
  const id = uuid()
  const gets = [
    'announcements',
    'announcements/sent',
    `announcements/${id}/receipts`,
    'directory',
    `announcements/${id}`,
  ]
  const posts = ['announcements', ...['read', 'remind', 'withdraw'].map((verb) => `announcements/${id}/${verb}`)] // prettier-ignore

  it('nobody who is signed out', async () => {
    for (const path of gets) expect((await company.get(`/api/v1/${path}`, null)).status).toBe(401)
    for (const path of posts)
      expect((await company.post(`/api/v1/${path}`, null, input())).status).toBe(401)
    const put = await fetch(`${company.url}/api/v1/directory/birthday`, { method: 'PUT', body: '{}' }) // prettier-ignore
    expect(put.status).toBe(401)
  })

  it('a rep reads and does not write; a device only reports', async () => {
    for (const path of gets.slice(1, 3))
      expect((await company.get(`/api/v1/${path}`, 'rep1')).status).toBe(403)
    for (const path of [posts[0], ...posts.slice(2)])
      expect((await company.post(`/api/v1/${path}`, 'rep1', input())).status).toBe(403)
    expect((await company.get('/api/v1/announcements', 'rep1', 'device')).status).toBe(403)
    expect((await company.get('/api/v1/directory', 'rep1', 'device')).status).toBe(403)
  })

  it.each([
    [{ title: ' ' }, 'title'],
    [{ body: 'x'.repeat(5001) }, 'body'],
    [{ id: 'x' }, 'id'],
    [{ remindHours: 0 }, 'remindHours'],
    [{ departmentIds: ['south'] }, 'departmentIds'],
    [{ departmentIds: [] }, 'departmentIds'],
  ])('%j is refused by the field %s', async (more, field) => {
    const said = input({ departmentIds: ['north'], ...more })
    const { status, body } = await company.post('/api/v1/announcements', 'leadN', said)
    expect(status).toBe(422)
    expect(body).toMatchObject({ error: { code: 'bad_input', details: [{ field }] } })
  })

  it.each(['announcements?before=x', 'announcements/x', 'announcements/sent?before=x', 'announcements/x/receipts', `directory?q=${'x'.repeat(61)}`])('%s is refused', async (path) => {
    expect((await company.get(`/api/v1/${path}`, 'hr')).status).toBe(422)
  }) // prettier-ignore

  it('a department that is none is refused, also of who sees everybody', async () => {
    const reply = await company.post('/api/v1/announcements', 'hr', input({ departmentIds: ['nowhere'] })) // prettier-ignore
    expect(reply.status).toBe(422)
  })
})
