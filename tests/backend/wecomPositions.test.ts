import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as say from '../../fixtures/wecom-sim/callbacks/xml.ts'
import { toWgs84 } from '../../geo/index.ts'
import { HERE, openStage, position, rep1, type Stage } from './callbackStage.ts'
import { DUTY, MINUTE, NOW } from './company.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.company.close())
beforeEach(() => stage.reset())

describe('a position', () => {
  it('of a LOCATION event becomes a fix of its sender, in our datum', async () => {
    await stage.deliver(position())
    const [lng, lat] = toWgs84([HERE.lng, HERE.lat], 'gcj02')
    const [event] = await stage.rows()
    expect(await stage.fixes()).toEqual([
      {
        id: event?.id,
        personId: 'rep1',
        at: rep1.at,
        lng: expect.closeTo(lng, 9),
        lat: expect.closeTo(lat, 9),
        rawLng: HERE.lng,
        rawLat: HERE.lat,
        datum: 'gcj02',
        accuracy: 65,
        source: 'wecom_event',
      },
    ])
    expect(event).toMatchObject({ outcome: 'handled', name: 'event/location', dueAt: null })
  })

  it('of a pin too, its X being the latitude', async () => {
    const messageId = '7300000000000000001'
    await stage.deliver(say.locationMessage({ ...rep1, ...HERE, label: '某路 106号', messageId }))
    expect(await stage.fixes()).toMatchObject([
      { rawLng: HERE.lng, rawLat: HERE.lat, accuracy: null, source: 'wecom_message' },
    ])
  })

  it('picked from a menu leaves none: its message follows', async () => {
    await stage.deliver(say.locationSelect({ ...rep1, ...HERE, key: 'k', label: '某路' }))
    expect(await stage.fixes()).toEqual([])
  })

  it('is of the person also when WeCom spells him otherwise', async () => {
    await stage.deliver(position({ from: 'REP1' }))
    expect(await stage.fixes()).toMatchObject([{ personId: 'rep1' }])
  })

  it.each([
    ['off duty', { at: DUTY.from - MINUTE }],
    ['without consent', { from: 'rep2' }],
    ['of nobody of ours', { from: 'stranger' }],
    ['of last month', { at: NOW - 30 * 24 * 60 * MINUTE }],
  ])('%s is not kept, nowhere', async (_name, change) => {
    await stage.deliver(position(change))
    expect(await stage.fixes()).toEqual([])
    expect(await stage.rows()).toMatchObject([{ outcome: 'handled', body: null }])
  })

  it('leaves no body behind and no trace in the log', async () => {
    const label = '某路 106号'
    await stage.deliver(
      position(),
      say.locationMessage({ ...rep1, ...HERE, label, messageId: '1' }),
      say.locationSelect({ ...rep1, ...HERE, key: 'k', label }),
    )
    expect((await stage.rows()).map(({ body }) => body)).toEqual([null, null, null])
    expect(stage.logged.join('\n')).not.toMatch(/22\.54|114\.06|某路/)
  })

  it('that can not be read is no position, and is not kept either', async () => {
    await stage.deliver(position({ lat: 123.456 }))
    expect(await stage.rows()).toMatchObject([
      { name: 'event/location', outcome: 'unknown', body: null },
    ])
  })
})
