import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TOPICS } from '../../backend/contract/messages.ts'
import { renderCard, type Item } from '../../backend/wecom/messages/cards.ts'
import { cardsNow } from '../../backend/wecom/messages/pace.ts'
import { dueAt, QUIET } from '../../backend/core/quiet.ts'
import { outcomeOfAnswer, outcomeOfFailure } from '../../backend/wecom/messages/sendings.ts'
import { refusal, unreachable } from '../../backend/wecom/api/verdict.ts'
import { bodyMistake, MessageAsk } from '../../fixtures/wecom-sim/messages/rules.ts'

const NOW = Date.parse('2026-11-23T06:05:00Z')
const SECOND = 1_000
const FRAME = {
  cardId: '01936b2e-0000-7000-8000-000000000001',
  publicUrl: 'https://crm.example:8443',
  zone: 'Asia/Shanghai',
}

const item = (more: Partial<Item> = {}): Item => ({
  topic: 'alert',
  title: '王伟 离开了客户区域',
  text: '10:05 在签到后离开了 400 米',
  path: '/alerts/1',
  buttons: [],
  at: NOW,
  ...more,
})
const APPROVE = [
  { key: 'yes', text: '同意 Approve' },
  { key: 'no', text: '驳回 Reject', style: 3 },
] as const

const anyItem: fc.Arbitrary<Item> = fc.record({
  topic: fc.constantFrom(...TOPICS),
  title: fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
    .filter((t) => t.trim() !== ''),
  text: fc.string({ unit: 'grapheme', maxLength: 900 }),
  path: fc.constantFrom('/', '/alerts/1', '/tracks?date=2026-11-23'),
  buttons: fc.constantFrom([], APPROVE),
  at: fc.constant(NOW),
})

test('whatever the words, WeCom takes the card', () => {
  fc.assert(
    fc.property(fc.array(anyItem, { minLength: 1, maxLength: 12 }), (items) => {
      const body = { touser: 'a', agentid: 1, ...renderCard(items, FRAME) }
      expect(bodyMistake(MessageAsk.parse(body), '1')).toBeNull()
      expect(JSON.stringify(body)).not.toMatch(/\\ud[89a-f]../i) // no torn character
    }),
  )
})

test('one message is a text card that leads to its page and holds no markup of ours', () => {
  const body = renderCard([item({ text: '<b>1 & 2</b>', path: '/alerts/1?x=2' })], FRAME)
  expect(body).toEqual({
    msgtype: 'textcard',
    textcard: {
      title: '王伟 离开了客户区域',
      description: '&lt;b&gt;1 &amp; 2&lt;/b&gt;',
      url: `https://crm.example:8443/alerts/1?x=2&card=${FRAME.cardId}`,
      btntxt: '查看',
    },
  })
})

test('a message with buttons is a card with buttons', () => {
  expect(renderCard([item({ buttons: APPROVE })], FRAME)).toMatchObject({
    msgtype: 'template_card',
    template_card: {
      card_type: 'button_interaction',
      task_id: FRAME.cardId,
      button_list: [
        { key: 'yes', text: '同意 Approve', style: 1 },
        { key: 'no', text: '驳回 Reject', style: 3 },
      ],
    },
  })
})

test('many messages are one card: how many, the first six, the way to all', () => {
  const items = Array.from({ length: 500 }, (_, index) => item({ title: `第 ${index + 1} 条` }))
  expect(renderCard(items, FRAME)).toMatchObject({
    template_card: {
      main_title: { title: '500 条预警 · 500 alerts' },
      sub_title_text: '另有 494 条，点开查看全部 · Tap to read all 500',
      horizontal_content_list: [1, 2, 3, 4, 5, 6].map((n) => ({
        keyname: '14:05',
        value: `第 ${n} 条`,
      })),
      card_action: { type: 1, url: `https://crm.example:8443/inbox?card=${FRAME.cardId}` },
    },
  })
  const mixed = renderCard([item(), item({ topic: 'report' })], FRAME)
  expect(mixed).toMatchObject({ template_card: { main_title: { title: '2 条消息 · 2 messages' } } })
})

test('few messages come one by one, three of a topic together', () => {
  const two = [item(), item({ topic: 'report' })]
  expect(cardsNow({ items: two, sent: [], now: NOW })).toEqual(two.map((each) => [each]))
  const three = [item(), item(), item()]
  expect(cardsNow({ items: [...three, ...two.slice(1)], sent: [], now: NOW })).toEqual([
    three,
    [two[1]],
  ])
})

test('after five cards in a minute all come together, every ten seconds', () => {
  const items = [item(), item({ topic: 'report' })]
  const sent = [50, 40, 30, 20, 9].map((ago) => NOW - ago * SECOND)
  expect(cardsNow({ items, sent, now: NOW })).toEqual([])
  expect(cardsNow({ items, sent, now: NOW + SECOND })).toEqual([items])
})

test('when the messages of the day run out all come together once an hour, at once with something urgent', () => {
  const items = [item(), item({ topic: 'approval', buttons: APPROVE })]
  const asked = { items, now: NOW, scarce: true }
  const ago = (seconds: number) => [NOW - seconds * SECOND]
  expect(cardsNow({ ...asked, sent: [] })).toEqual([items])
  expect(cardsNow({ ...asked, sent: ago(3599) })).toEqual([])
  expect(cardsNow({ ...asked, sent: ago(3600) })).toEqual([items])
  const urgent = [...items, item({ urgent: true })]
  expect(cardsNow({ ...asked, items: urgent, sent: ago(9) })).toEqual([])
  expect(cardsNow({ ...asked, items: urgent, sent: ago(10) })).toEqual([urgent])
})

test('a message with buttons keeps its own card while there is room', () => {
  const items = Array.from({ length: 20 }, () => item({ topic: 'approval', buttons: APPROVE }))
  const cards = cardsNow({ items, sent: [], now: NOW })
  expect(cards.filter((card) => card.length === 1)).toHaveLength(15)
  expect(cards.flat()).toHaveLength(20)
})

test('a storm of any shape is at most 25 cards in any minute, and every message goes out once', () => {
  const arrival = fc.record({ second: fc.integer({ min: 0, max: 120 }), it: anyItem })
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 120 }), (arrivals) => {
      const waiting = new Set<Item>()
      const out: Item[] = []
      const sent: number[] = []
      for (let second = 0; second < 400; second += 2) {
        const now = NOW + second * SECOND
        for (const each of arrivals)
          if (each.second <= second && each.second > second - 2) waiting.add({ ...each.it })
        for (const card of cardsNow({ items: [...waiting], sent, now })) {
          sent.push(now)
          for (const each of card) {
            expect(waiting.delete(each)).toBe(true)
            out.push(each)
          }
        }
      }
      expect(out).toHaveLength(arrivals.length)
      for (const from of sent)
        expect(
          sent.filter((at) => at >= from && at < from + 60 * SECOND).length,
        ).toBeLessThanOrEqual(25)
    }),
    { numRuns: 40 },
  )
})

test('buttons that come every second for three hours are at most 1,000 cards in any hour', () => {
  const sent: number[] = []
  let waiting: Item[] = []
  for (let second = 0; second < 3 * 3_600; second += 2) {
    const now = NOW + second * SECOND
    waiting.push(item({ buttons: APPROVE }), item({ buttons: APPROVE }))
    const cards = cardsNow({ items: waiting, sent: sent.slice(-1_200), now })
    const out = new Set(cards.flat())
    waiting = waiting.filter((each) => !out.has(each))
    sent.push(...cards.map(() => now))
  }
  expect(waiting.length).toBeLessThan(20)
  const inHour = sent.map((from, index) => {
    const after = sent.findIndex((at) => at >= from + 3_600 * SECOND)
    return (after < 0 ? sent.length : after) - index
  })
  expect(Math.max(...inHour)).toBeLessThanOrEqual(1_000)
})

test.each([
  ['2026-11-23T06:05:00Z', '2026-11-23T06:05:00Z'], // 14:05
  ['2026-11-23T13:59:59Z', '2026-11-23T13:59:59Z'], // 21:59
  ['2026-11-23T14:00:00Z', '2026-11-23T23:01:00Z'], // 22:00, to 07:01 of the next day
  ['2026-11-23T20:00:00Z', '2026-11-23T23:01:00Z'], // 04:00
  ['2026-11-23T23:00:30Z', '2026-11-23T23:01:00Z'], // 07:00, a busy minute
  ['2026-11-23T06:30:10Z', '2026-11-23T06:31:00Z'],
])('what becomes due at %s goes out at %s', (now, due) => {
  expect(new Date(dueAt(Date.parse(now), 'Asia/Shanghai', QUIET)).toISOString()).toBe(
    new Date(due).toISOString(),
  )
})

test('quiet hours may lie within a day, be none, and meet a changed clock', () => {
  const noon = { from: '12:00', to: '13:30' }
  const at = (text: string) => Date.parse(text)
  expect(dueAt(at('2026-11-23T04:10:00Z'), 'Asia/Shanghai', noon)).toBe(at('2026-11-23T05:31:00Z'))
  const none = { from: '00:00', to: '00:00' }
  expect(dueAt(at('2026-11-23T20:05:00Z'), 'Asia/Shanghai', none)).toBe(at('2026-11-23T20:05:00Z'))
  const night = { from: '22:00', to: '02:30' } // half past two does not exist on that night
  expect(dueAt(at('2026-03-29T00:15:00Z'), 'Europe/Berlin', night)).toBe(at('2026-03-29T01:31:00Z'))
})

const TRY = { userId: 'Rep02', attempts: 1, createdAt: NOW, now: NOW }
const SENT = { invaliduser: '', unlicenseduser: '', msgid: 'm', response_code: '' }

test('what WeCom answers tells whether the member was reached', () => {
  expect(outcomeOfAnswer(SENT, TRY)).toEqual({ state: 'sent', msgid: 'm', responseCode: null })
  expect(outcomeOfAnswer({ ...SENT, response_code: 'r' }, TRY)).toMatchObject({ responseCode: 'r' })
  expect(outcomeOfAnswer({ ...SENT, invaliduser: 'x|rep02' }, TRY)).toMatchObject({
    state: 'unreachable',
    why: 'invalid',
  })
  expect(outcomeOfAnswer({ ...SENT, unlicenseduser: 'rep02' }, TRY)).toMatchObject({
    why: 'unlicensed',
  })
})

test('a failure waits, is given up, or means that nobody is there', () => {
  const api = '/cgi-bin/message/send'
  const after = (errcode: number, more = {}) =>
    outcomeOfFailure(refusal(api, errcode, NOW + 90_000), { ...TRY, ...more })
  expect(after(81013)).toMatchObject({ state: 'unreachable', errcode: 81013 })
  expect(after(45002)).toMatchObject({ state: 'failed', why: 'refused' })
  expect(after(45009)).toMatchObject({ state: 'waiting', nextAt: NOW + 90_000 })
  expect(after(60020)).toMatchObject({ state: 'waiting', nextAt: NOW + 300_000 })
  expect(after(60020, { createdAt: NOW - 25 * 3_600_000 })).toMatchObject({ why: 'too_late' })
  const lost = (attempts: number) =>
    outcomeOfFailure(unreachable(api, 'timeout'), { ...TRY, attempts })
  expect([1, 2, 3, 20].map((n) => lost(n))).toMatchObject(
    [2_000, 4_000, 8_000, 300_000].map((ms) => ({ state: 'waiting', nextAt: NOW + ms })),
  )
})
