import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Trouble } from '../../h5/report/ports.ts'
import { BridgeSource } from '../../h5/report/sources.ts'
import { heard, HERE, LANDING, phone, PRESENT } from './jssdkPhone.ts'

const NEXT = 'https://a.example/customers'
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 1) }))
afterEach(() => void vi.useRealTimers())

function follow(kind: 'wecom' | 'wechat' = 'wecom', failsLoading = false) {
  const app = phone()
  app.state.failsLoading = failsLoading
  const source = new BridgeSource(app.open, kind, Date)
  const ears = heard()
  return { ...ears, state: app.state, source, stop: source.start(ears.listener) }
}

describe('a bridge', () => {
  it('is asked once, then followed; numbers may be strings', async () => {
    const { state, told, fixes } = follow()
    await settle()
    state.hear({ errMsg: 'auto:location:report:ok', latitude: '22.5', longitude: '114' })
    expect(told).toEqual(['fix wecom', 'fix wecom'])
    expect(fixes[1]).toMatchObject({ lat: 22.5, lng: 114, speed: null })
    expect(state).toMatchObject({ located: 1, started: 1 })
  })

  it('is asked again only when its reports stop coming', async () => {
    const { state } = follow()
    await settle()
    for (let i = 0; i < 12; i++) {
      await settle(5_000)
      state.hear(HERE)
    }
    expect(state.located).toBe(1)
    await settle(45_000)
    expect(state.located).toBeGreaterThan(1)
  })

  it('of WeChat has no continuous reports and is asked each 15 s', async () => {
    const { state } = follow('wechat')
    await settle(60_000)
    expect(state).toMatchObject({ located: 5, started: 0 })
  })

  it('of an old WeCom without continuous reports is asked each 15 s', async () => {
    const { state, told } = follow()
    state.starting = { errMsg: 'startAutoLBS:functionnotexist' }
    await settle(60_000)
    expect(state.located).toBe(5)
    expect(new Set(told)).toEqual(new Set(['fix wecom']))
  })

  it('is never asked twice at once', async () => {
    const { state, source } = follow()
    state.here = 'never'
    for (let i = 0; i < 5; i++) source.ask()
    await settle(1_000)
    expect(state.located).toBe(1)
  })
})

describe('a refusal', () => {
  const REFUSALS: [string, Trouble][] = [
    ['getLocation:auth deny', 'no_permission'],
    ['getLocation:cancel', 'no_permission'],
    ['getLocation:system:access_denied', 'no_permission'],
    ['getLocation:permission denied', 'app_not_permitted'],
    ['getLocation:nopermission', 'app_not_permitted'],
    ['config:invalid url domain', 'untrusted_domain'],
    ['getLocation:fail, not in visible range', 'not_visible'],
    ['getLocation:fail, gps closed.', 'gps_off'],
    ['getLocation:functionnotexist', 'too_old'],
    ['getLocation:fail', 'unknown'],
  ]

  it.each(REFUSALS)('%s is told, and over when asked again', async (errMsg, trouble) => {
    const { state, told, source, last } = follow()
    state.here = { errMsg }
    await settle()
    expect(told[0]).toBe(trouble)
    state.here = HERE
    source.ask()
    await settle()
    expect(last()).toBe('fix wecom')
    expect(state.started).toBeGreaterThan(0) // followed now, without a new page
    state.hear(HERE)
    expect(state.registered).toBe(1)
  })

  it('that was put away does not come up again by itself', async () => {
    const { state, source } = follow()
    state.here = { errMsg: 'getLocation:cancel' }
    await settle(120_000)
    expect(state.located).toBe(1)
    source.ask()
    await settle()
    expect(state.located).toBe(2)
  })

  it('of the phone is over by itself when the permission comes', async () => {
    const { state, last } = follow()
    state.here = { errMsg: 'getLocation:auth deny' }
    await settle(20_000)
    state.here = HERE
    await settle(15_000)
    expect(last()).toBe('fix wecom')
  })

  it('for GPS in the continuous reports ends with the next place', async () => {
    const { state, told } = follow()
    await settle()
    state.hear({ errMsg: 'auto:location:report:fail, gps closed.' })
    state.hear({ ...HERE, errMsg: 'auto:location:report:location:report:ok' })
    expect(told).toEqual(['fix wecom', 'gps_off', 'fix wecom'])
  })
})

describe('a signature', () => {
  it('that is refused is made once more, with the other address, which is then kept', async () => {
    const { state, told } = follow()
    state.accepts = [LANDING]
    await settle()
    expect(state.signed).toEqual([PRESENT, LANDING])
    expect(told).toEqual(['fix wecom'])
    state.configured = false // a route changed: the SDK signs again
    await settle(45_000)
    expect(state.signed).toEqual([PRESENT, LANDING, LANDING])
  })

  it('refused twice is told, and tried again when someone asks, else each five minutes', async () => {
    const { state, told, source, last } = follow()
    state.accepts = []
    await settle(120_000)
    expect(state.signed).toHaveLength(2)
    expect(told).toEqual(['bad_signature'])
    await settle(240_000)
    expect(state.signed).toHaveLength(4)
    state.accepts = [PRESENT]
    source.ask()
    await settle()
    expect(last()).toBe('fix wecom')
  })

  it('for an address that was left while it was made is made for the new one', async () => {
    const { state, told } = follow()
    state.accepts = [NEXT]
    state.signing = () => (state.present = NEXT)
    await settle()
    expect(state.signed).toEqual([PRESENT, NEXT])
    expect(told).toEqual(['fix wecom'])
  })

  it('for a route that was left meanwhile is made for the new one', async () => {
    const { state, told } = follow()
    const answers = [{ errMsg: 'SDK Error: Aborted' }]
    Object.defineProperty(state, 'here', { get: () => answers.shift() ?? HERE })
    await settle()
    expect(told).toEqual(['fix wecom'])
  })
})

describe('the SDK', () => {
  it('is loaded, registered and listened to once, whoever signs in', async () => {
    const app = phone()
    for (let i = 0; i < 3; i++) {
      const { listener, told } = heard()
      const stop = new BridgeSource(app.open, 'wecom', Date).start(listener)
      await settle()
      app.state.hear(HERE)
      expect(told).toEqual(['fix wecom', 'fix wecom'])
      stop()
      app.state.hear(HERE)
      expect(told).toHaveLength(2)
      await settle()
    }
    expect(app.state).toMatchObject({ loads: 1, registered: 1, listeners: 1, stopped: 3 })
  })

  it('that did not load is loaded again when asked', async () => {
    const { state, told, last } = follow('wecom', true)
    await settle()
    expect(told).toEqual(['unreachable'])
    state.failsLoading = false
    await settle(15_000)
    expect(last()).toBe('fix wecom')
    expect(state).toMatchObject({ loads: 2, registered: 1 })
  })
})

describe('a bridge that is silent', () => {
  it('is given up after 5 s when it is not there, and not asked in vain again', async () => {
    const { state, told } = follow()
    state.isThere = false
    state.here = 'never'
    await settle(4_900)
    expect(told).toEqual([])
    await settle(200)
    expect(told).toEqual(['silent'])
    await settle(300_000)
    expect(state.located).toBe(1)
  })

  it('is heard when it comes late, and followed', async () => {
    const { state, last } = follow()
    state.isThere = false
    state.here = 'never'
    await settle(60_000)
    state.isThere = true
    state.here = HERE
    state.release()
    await settle()
    expect(last()).toBe('fix wecom')
    expect(state.started).toBe(1)
  })

  it('waits 20 s for a person who reads its question, and hears a late no', async () => {
    const { state, told, last } = follow()
    state.here = 'never'
    await settle(19_000)
    expect(told).toEqual([])
    await settle(2_000)
    expect(told).toEqual(['silent'])
    state.here = { errMsg: 'getLocation:auth deny' }
    state.release()
    await settle()
    expect(last()).toBe('no_permission')
  })
})

describe('the camera of the app', () => {
  it('gives one photo, put into WeCom, and none when it is put away', async () => {
    const { state, open } = phone()
    const sdk = await open()
    const localId = await sdk.takePhoto()
    expect(await sdk.uploadPhoto(localId)).toBe('media of local-1')
    state.photos = []
    await expect(sdk.takePhoto()).rejects.toThrow('chooseImage:cancel')
  })

  it('signs once more for the other address when the first is refused', async () => {
    const { state, open } = phone()
    state.accepts = [LANDING]
    expect(await (await open()).takePhoto()).toBe('local-1')
    expect(state.signed).toEqual([PRESENT, LANDING])
  })
})
