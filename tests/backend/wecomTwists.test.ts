import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Twists } from '../../fixtures/wecom-sim/callbacks/index.ts'
import { click, openStage, type Stage } from './callbackStage.ts'
import { MINUTE } from './company.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.company.close())
beforeEach(() => stage.reset())

/** Ways in which WeCom, or somebody else, may send the same message, and what each is answered with. */
const TWISTS: Record<keyof Twists, [twist: Twists, status: number][]> = {
  signature: [[{ signature: 'wrong' }, 403]],
  receiveId: [
    [{ receiveId: 'ww0000000000000002' }, 403],
    [{ receiveId: '' }, 403],
  ],
  withoutAgent: [[{ withoutAgent: true }, 200]],
  swapped: [[{ swapped: true }, 200]],
  ageMs: [
    [{ ageMs: 9 * MINUTE }, 200],
    [{ ageMs: 11 * MINUTE }, 403],
    [{ ageMs: -11 * MINUTE }, 403],
  ],
  nonce: [[{ nonce: '1616140317' }, 200]],
}
const CASES = Object.values(TWISTS).flat()

test.each(CASES)('with %j it is answered with %i, and only what was taken is a fact', async (twist, status) => {
  expect(await stage.once(click(JSON.stringify(twist)), twist)).toBe(status)
  await stage.callbacks.settled()
  expect(stage.heard).toHaveLength(status === 200 ? 1 : 0)
  expect(stage.logged.join('\n')).not.toContain(stage.keys.app.token)
}) // prettier-ignore

test('sent four times, each sealed anew and out of order, each is one fact', async () => {
  const messages = CASES.map(([twist], index) => click(`${index} ${JSON.stringify(twist)}`))
  const deliveries = await stage.sim.sendShuffled(messages, 4, 'twists')
  await stage.callbacks.settled()
  expect(deliveries.every(({ delivered }) => delivered)).toBe(true)
  expect(stage.heard).toHaveLength(CASES.length)
})
