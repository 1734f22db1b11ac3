import { expect, test } from 'vitest'
import type { Messages } from '../../backend/contract/messages.ts'
import { sql } from '../../backend/core/sql.ts'
import { deliveriesOf, enqueueMessage } from '../../backend/wecom/index.ts'
import { forgetOld } from '../../backend/wecom/messages/outbox.ts'
import { MINUTE, NOW, ORG } from './company.ts'
import { MESSAGE, outboxStage } from './wecomOutboxStage.ts'

const stage = outboxStage()
const { at, delivery, enqueue, inbox, rounds, shown } = stage
const SEND = '/cgi-bin/message/send'

test('a message goes out once, with the fact that causes it or not at all', async () => {
  await stage
    .db()
    .transact(async (tx) => {
      await enqueueMessage(tx, { ...MESSAGE, at: stage.now() })
      throw new Error('the fact was refused')
    })
    .catch((error: unknown) => expect(String(error)).toContain('the fact was refused'))
  await stage.sendDue()
  expect(shown()).toEqual([])
  expect(await enqueue()).toBe(true)
  expect(await enqueue({ title: 'again' })).toBe(false)
  expect(await delivery()).toMatchObject({ delivery: 'waiting', sentAt: null })
  await stage.sendDue()
  await stage.sendDue()
  expect(shown()).toMatchObject([
    { userid: 'boss', msgtype: 'textcard', content: { title: '离开客户区域' } },
  ])
  expect(await delivery()).toMatchObject({ delivery: 'sent', sentAt: stage.now() })
})

test('500 alerts to one person in a minute are at most 30 cards, and all 500 can be read', async () => {
  for (let n = 0; n < 500; n++) {
    await enqueue({ key: `a ${n}`, title: `预警 ${n}` })
    if (n % 17 === 16) await rounds(2)
  }
  await rounds(20)
  const cards = stage.up().sim.messages.all
  expect(cards.length).toBeLessThanOrEqual(30)
  expect(cards.every((each) => each.fate === 'shown')).toBe(true)
  const counts = cards.map((each) =>
    Number(/(\d+) 条/.exec(JSON.stringify(each.content))?.[1] ?? 1),
  )
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500)
  const read = await readAll()
  expect(new Set(read.map((each) => each.title)).size).toBe(500)
  expect(read[0]?.title).toBe('预警 499')
  const query = /\?card=[\w-]+/.exec(JSON.stringify(cards[0]?.content))?.[0] ?? ''
  expect((await inbox(query)).messages).toHaveLength(counts[0] ?? 0)
})

/** The person's messages, page by page. */
async function readAll() {
  const read = []
  let next: string | null = ''
  while (next !== null) {
    const page: Messages = await inbox(next && `?before=${next}`)
    read.push(...page.messages)
    next = page.next
  }
  return read
}

test('two processes at the same outbox send each card once', async () => {
  const other = stage.process()
  for (let n = 0; n < 5; n++) await enqueue({ key: `${n}`, topic: n < 3 ? 'alert' : 'report' })
  await enqueue({ key: 'x', personId: 'rep1' })
  await Promise.all([stage.sendDue(), other.sendDue(), stage.sendDue(), other.sendDue()])
  await stage.sendDue()
  expect(
    stage
      .up()
      .sim.messages.all.map((each) => each.userid)
      .sort(),
  ).toEqual(['boss', 'boss', 'boss', 'rep1'])
})

test('a card whose answer was lost is sent again and seen once', async () => {
  let lose = 1
  const lossy: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    if (String(input).includes(SEND) && lose-- > 0) throw new TypeError('the line broke')
    return answer
  }
  const other = stage.process(lossy)
  await enqueue()
  await other.sendDue()
  expect(await delivery()).toMatchObject({ delivery: 'waiting' })
  await rounds(4)
  expect(stage.up().sim.messages.all.map((each) => each.fate)).toEqual(['duplicate', 'shown'])
  expect(await delivery()).toMatchObject({ delivery: 'sent' })
})

test('a card claimed by a process that died is sent a minute later', async () => {
  await enqueue()
  const dead = stage.process(() => Promise.reject(new Error('killed')))
  await dead.sendDue()
  await stage.db().run(sql`
    update wecom_cards set next_at = to_timestamp(${stage.now() + MINUTE}::float8 / 1000)
    where org_id = ${ORG}`)
  await rounds(58)
  expect(shown()).toEqual([])
  await rounds(4)
  expect(shown()).toHaveLength(1)
})

test('who is no member is stored as unreachable, and what WeCom refuses as failed', async () => {
  await enqueue({ personId: 'hr', key: 'gone' })
  await stage.sendDue()
  expect(await delivery('gone')).toMatchObject({
    ...{ delivery: 'unreachable', why: 'invalid', errcode: 81013 },
  })
  stage.up().sim.faults.answer(SEND, 45002)
  await enqueue({ key: 'long' })
  await stage.sendDue()
  expect(await delivery('long')).toMatchObject({
    delivery: 'failed',
    why: 'refused',
    errcode: 45002,
  })
  expect((await inbox('')).messages).toMatchObject([{ delivery: 'failed' }])
})

test('while WeCom throttles or is not there nothing is lost, and it comes together afterwards', async () => {
  stage.up().sim.faults.answer(SEND, 45009)
  await enqueue({ key: 'first' })
  await stage.sendDue()
  for (let n = 0; n < 40; n++) {
    await rounds(2)
    await enqueue({ key: `later ${n}` })
  }
  await rounds(20)
  expect(shown().length).toBeGreaterThan(1)
  expect(shown().length).toBeLessThan(8)
  const states = await deliveriesOf(stage.db(), ORG, ['first', 'later 0', 'later 39'])
  expect(states.map((each) => each.delivery)).toEqual(['sent', 'sent', 'sent'])
})

test('near what WeCom lets an app send in a day, cards come once an hour, urgent ones at once, and all can be read', async () => {
  await stage.db().run(sql`
    insert into wecom_cards (org_id, person_id, id, created_at, message_count, body, state, next_at, sent_at)
    select ${ORG}, 'rep1', gen_random_uuid(), t.at, 1, '{}'::jsonb, 'sent', t.at, t.at
    from generate_series(1, 170 * 8) n, (select to_timestamp(${stage.now()}::float8 / 1000) - interval '2 hours' as at) t`)
  await enqueue({ key: 'first' })
  await rounds(4)
  expect(shown()).toHaveLength(1)
  for (const key of ['second', 'third']) await enqueue({ key })
  await rounds(30)
  expect(shown()).toHaveLength(1)
  await enqueue({ key: 'sos', urgent: true })
  await rounds(4)
  expect(shown()).toHaveLength(2)
  await enqueue({ key: 'fourth' })
  at(stage.now() + 60 * MINUTE)
  await rounds(2)
  expect(shown()).toHaveLength(3)
  expect((await inbox('')).messages.map(({ delivery }) => delivery)).toEqual(Array(5).fill('sent'))
})

test('at night only what is urgent goes out; the rest in the morning, together', async () => {
  at(Date.parse('2026-11-23T15:05:00Z')) // 23:05 in Shanghai
  await enqueue({ key: 'sos', urgent: true })
  for (const key of ['a', 'b', 'c']) await enqueue({ key })
  await stage.sendDue()
  expect(shown()).toHaveLength(1)
  at(Date.parse('2026-11-23T22:59:00Z'))
  await stage.sendDue()
  expect(shown()).toHaveLength(1)
  at(Date.parse('2026-11-23T23:01:00Z'))
  await stage.sendDue()
  expect(shown()).toHaveLength(2)
})

test('a company sets its own quiet hours', async () => {
  const settings = { quietHours: { from: '13:00', to: '15:00' } }
  await stage
    .db()
    .run(sql`update orgs set settings = ${JSON.stringify(settings)}::jsonb where id = ${ORG}`)
  await enqueue() // 14:05
  await stage.sendDue()
  expect(shown()).toEqual([])
  await stage.db().run(sql`update orgs set settings = '{}' where id = ${ORG}`)
  at(NOW + 61 * MINUTE)
  await stage.sendDue()
  expect(shown()).toHaveLength(1)
})

test('no words and no settings of a company keep the fact from being written', async () => {
  const settings = { quietHours: { from: '25:00', to: 'soon' } }
  await stage.db().run(sql`
    update orgs set settings = ${JSON.stringify(settings)}::jsonb where id = ${ORG}`)
  const text = `a\0b\ud800${'长'.repeat(5_000)}`
  expect(await enqueue({ title: text, text })).toBe(true)
  await stage.db().run(sql`update orgs set settings = '{}' where id = ${ORG}`)
  await stage.sendDue()
  expect(shown()).toHaveLength(1)
})

test('messages lead to pages of ours only', async () => {
  await expect(enqueue({ path: 'https://evil.example' })).rejects.toThrow()
  await expect(enqueue({ path: '//evil.example' })).rejects.toThrow()
})

test('old messages go after half a year', async () => {
  await enqueue()
  await stage.sendDue()
  await forgetOld(stage.db(), ORG, stage.now() + 179 * 24 * 60 * MINUTE)
  expect((await inbox('')).messages).toHaveLength(1)
  await forgetOld(stage.db(), ORG, stage.now() + 181 * 24 * 60 * MINUTE)
  expect((await inbox('')).messages).toEqual([])
})

test('my messages are mine: signed out, a device, bad input, and nobody else sees them', async () => {
  await enqueue({ personId: 'rep1' })
  expect((await stage.company().get('/api/v1/messages', null)).status).toBe(401)
  expect((await stage.company().get('/api/v1/messages', 'rep1', 'device')).status).toBe(403)
  expect((await stage.company().get('/api/v1/messages?before=x', 'rep1')).status).toBe(422)
  expect((await stage.company().get("/api/v1/messages?card=1'or'1", 'rep1')).status).toBe(422)
  expect((await inbox('', 'rep1')).messages).toHaveLength(1)
  expect((await inbox('', 'admin')).messages).toEqual([])
})
