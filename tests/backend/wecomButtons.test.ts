import { expect, test } from 'vitest'
import { sql } from '../../backend/core/sql.ts'
import { closeMessage, enqueueMessage, pressedMessage } from '../../backend/wecom/index.ts'
import { cardPressed } from '../../fixtures/wecom-sim/callbacks/xml.ts'
import { openWholeServer } from '../support/wholeServer.ts'
import { MINUTE, ORG } from './company.ts'
import { MESSAGE, outboxStage } from './wecomOutboxStage.ts'

const stage = outboxStage()
const { at, enqueue, inbox, rounds, shown } = stage
const BUTTONS = [{ key: 'approve', text: '同意' }]

test('a pressed button names its message, and what became of it takes the place of the buttons', async () => {
  await enqueue({ key: 'leave 7', topic: 'approval', buttons: BUTTONS })
  await stage.sendDue()
  const [card] = shown()
  const press = stage.up().sim.messages.press(card?.msgid ?? '', 'boss', 'approve')
  if (!press) throw new Error('no button')
  const asked = { orgId: ORG, at: stage.now(), ...press }
  expect(await pressedMessage(stage.db(), { ...asked, userId: 'BOSS' })).toEqual({
    ...{ personId: 'boss', key: 'leave 7', topic: 'approval' },
  })
  expect(await pressedMessage(stage.db(), { ...asked, userId: 'rep1' })).toBeNull()
  expect(await pressedMessage(stage.db(), { ...asked, userId: 'boss', taskId: "x'" })).toBeNull()
  const closing = {
    orgId: ORG,
    personId: 'boss',
    key: 'leave 7',
    text: '已同意',
    at: stage.now(),
  }
  await stage.db().transact((tx) => closeMessage(tx, closing))
  await stage.sendDue()
  expect(shown()[0]).toMatchObject({ replacedBy: '已同意', pressed: ['approve'] })
  await stage.db().transact((tx) => closeMessage(tx, { ...closing, text: 'again' }))
  await stage.sendDue()
  expect(shown()[0]).toMatchObject({ replacedBy: '已同意' })
  expect((await inbox('')).messages).toMatchObject([{ closed: '已同意' }])
})

test('what was settled on another way closes the card with the code of its sending, within 72 hours', async () => {
  await enqueue({ key: 'k', topic: 'approval', buttons: BUTTONS })
  await enqueue({ key: 'late', topic: 'approval', buttons: BUTTONS })
  await stage.sendDue()
  const close = (key: string) =>
    closeMessage(stage.db(), {
      orgId: ORG,
      personId: 'boss',
      key,
      text: '已驳回',
      at: stage.now(),
    })
  await close('k')
  await rounds(2)
  at(stage.now() + 72 * 60 * MINUTE)
  await close('late')
  await rounds(2)
  expect(shown().map((each) => each.replacedBy)).toEqual([null, '已驳回'])
  const states = await stage.db().many<{ state: string }>(sql`
    select close_state as state from wecom_cards where org_id = ${ORG} order by close_state`)
  expect(states.map((each) => each.state)).toEqual(['done', 'too_late'])
})

const withdrawn = (key: string, recall = true) =>
  closeMessage(stage.db(), { orgId: ORG, personId: 'boss', key, text: '已撤回', recall, at: stage.now() }) // prettier-ignore
const closings = async () => {
  const rows = await stage.db().many<{ state: string | null }>(sql`
    select c.close_state as state from wecom_cards c where c.org_id = ${ORG} order by c.created_at, c.id`)
  return rows.map(({ state }) => state)
}

test('what is taken back leaves the chat, with buttons or without; the card beside it stays', async () => {
  for (const [key, buttons] of [['a', BUTTONS], ['b', []], ['c', []]] as const) {
    await enqueue({ key, topic: 'approval', title: key, buttons })
    await rounds(1)
  } // prettier-ignore
  await withdrawn('a')
  await withdrawn('b')
  await withdrawn('c', false)
  await rounds(2)
  expect(shown()).toHaveLength(1)
  expect((await closings()).sort()).toEqual(['done', 'done', null])
  expect((await inbox('')).messages.map(({ closed }) => closed)).toEqual([
    '已撤回',
    '已撤回',
    '已撤回',
  ])
})

test('what is taken back after a day loses its buttons; one without any stays as it was sent', async () => {
  await enqueue({ key: 'a', topic: 'approval', buttons: BUTTONS })
  await enqueue({ key: 'b', topic: 'approval' })
  await stage.sendDue()
  at(stage.now() + 25 * 60 * MINUTE)
  await withdrawn('a')
  await withdrawn('b')
  await rounds(2)
  expect(
    shown()
      .map(({ replacedBy }) => replacedBy)
      .sort(),
  ).toEqual([null, '已撤回'].sort())
  expect((await closings()).sort()).toEqual(['done', 'too_late'])
})

test('a recall that WeCom refuses, or does not answer, ends with words in place of the buttons', async () => {
  await enqueue({ key: 'a', topic: 'approval', buttons: BUTTONS })
  await stage.sendDue()
  stage.up().sim.faults.answer('/cgi-bin/message/recall', 40058)
  await withdrawn('a')
  await rounds(2)
  expect(shown()).toMatchObject([{ replacedBy: '已撤回' }])
  expect(await closings()).toEqual(['done'])
})

test('what is settled before it went out stays in', async () => {
  await enqueue({ key: 'k', topic: 'approval', buttons: BUTTONS })
  await closeMessage(stage.db(), { orgId: ORG, personId: 'boss', key: 'k', text: '已撤回', at: 0 })
  await stage.sendDue()
  expect(stage.up().sim.messages.all).toEqual([])
  expect((await inbox('')).messages).toMatchObject([{ closed: '已撤回' }])
})

test('who listens to a kind of message hears its buttons, and his words take their place', async () => {
  const heard: unknown[] = []
  const messaging = stage.process()
  stage.company().kit.notify.onPress('leave', async (press) => {
    heard.push(press)
    return press.button === 'approve' ? '已同意 Approved' : null
  })
  await enqueue({ key: 'leave:7', topic: 'approval', buttons: BUTTONS })
  await stage.sendDue()
  const press = stage.up().sim.messages.press(shown()[0]?.msgid ?? '', 'boss', 'approve')
  if (!press) throw new Error('no button')
  const { userid: userId, ...card } = press
  const told = { ...card, userId, at: stage.now(), choices: [] }
  await messaging.pressed(told)
  await messaging.pressed({ ...told, taskId: 'of another app' })
  await stage.sendDue()
  expect(heard).toEqual([
    { orgId: ORG, personId: 'boss', key: 'leave:7', button: 'approve', at: stage.now() },
  ])
  expect(shown()[0]?.replacedBy).toBe('已同意 Approved')
})

test('a button pressed in WeCom closes its card by way of the callback, in the whole server', async () => {
  const up = await openWholeServer(ORG, Date.now())
  const { simulator, callbacks, messaging, notify, db, clock, close } = up
  notify.onPress('alert 1', async () => '已同意 Approved')
  const more = { ...MESSAGE, personId: 'lead01', topic: 'approval', buttons: BUTTONS } as const
  await enqueueMessage(db, { ...more, urgent: true, at: clock.at })
  await messaging.sendDue()
  const card = () => simulator.messages.all[0]
  const press = simulator.messages.press(card()?.msgid ?? '', 'lead01', 'approve')
  if (!press) throw new Error('no button')
  const { userid: from, key, taskId, responseCode } = press
  const told = cardPressed({ from, at: Date.now(), key, taskId, responseCode })
  expect(await simulator.callbacks.sendShuffled([told], 2, 'twice')).toMatchObject([
    { delivered: true },
    { delivered: true },
  ])
  await callbacks.settled()
  await messaging.sendDue()
  expect(card()?.replacedBy).toBe('已同意 Approved')
  await close()
})
