import { describe, expect, it } from 'vitest'
import { dockOf } from '../../h5/today/dock.ts'
import { appOf } from '../../h5/report/jssdk.ts'
import { ofBridge, troubleOfBridge, within } from '../../h5/report/sources.ts'

const AT = Date.UTC(2026, 10, 23, 1)

describe('what the bridge gives', () => {
  it('may be strings, and may repeat parts of its name before :ok', () => {
    const found = {
      errMsg: 'auto:location:report:location:report:ok',
      latitude: '22.54',
      longitude: '114.05',
      accuracy: '30',
    }
    expect(ofBridge(found, 'wecom', AT)).toMatchObject({
      lng: 114.05,
      lat: 22.54,
      accuracy: 30,
      at: AT,
    })
  })

  it('is no position when it failed, names no place on earth, or is empty', () => {
    const good = { latitude: 22.5, longitude: 114 }
    expect(ofBridge({ ...good, errMsg: 'getLocation:fail' }, 'wecom', AT)).toBeNull()
    expect(ofBridge({ latitude: 122.5, longitude: 14 }, 'wecom', AT)).toBeNull()
    expect(ofBridge({ latitude: '', longitude: 14 }, 'wecom', AT)).toBeNull()
    expect(ofBridge({}, 'wechat', AT)).toBeNull()
  })

  it('never passes on the speed, which is always 0', () => {
    expect(ofBridge({ latitude: 22.5, longitude: 114 }, 'wecom', AT)?.speed).toBeNull()
  })

  it('says by its words why there is none', () => {
    expect(troubleOfBridge('auto:location:report:fail, gps closed.')).toBe('gps_off')
    expect(troubleOfBridge('getLocation:cancel')).toBe('no_permission')
    expect(troubleOfBridge('getLocation:auth deny')).toBe('no_permission')
    expect(troubleOfBridge('getLocation:system:access_denied')).toBe('no_permission')
    expect(troubleOfBridge('getLocation:fail')).toBe('unknown')
    expect(troubleOfBridge('timeout')).toBe('unknown')
  })

  it('is waited for only so long: without a bridge it would never answer', async () => {
    await expect(within(1, new Promise(() => undefined))).rejects.toThrow('timeout')
  })
})

describe('the app that shows the page', () => {
  it('is told by its user agent; WeCom names WeChat too', () => {
    expect(appOf('Mobile/15E148 wxwork/3.1.9 MicroMessenger/7.0.1 Language/zh')).toBe('wecom')
    expect(appOf('Mobile/15E148 MicroMessenger/8.0.1')).toBe('wechat')
    expect(appOf('Mozilla/5.0 Chrome/140.0')).toBe('browser')
  })
})

describe('the docked button', () => {
  const state = { consent: true, elsewhere: false, report: null, customer: null }

  it('asks for consent before anything else', () => {
    expect(dockOf({ ...state, consent: false }).does).toBe('consent')
  })

  it('says how to go on when the permission is refused', () => {
    const report = {
      phase: 'recording' as const,
      waiting: 0,
      last: null,
      trouble: 'no_permission' as const,
      sentAt: null,
      failing: false,
      consentLost: false,
    }
    const dock = dockOf({ ...state, report })
    expect(dock.does).toBe('report')
    expect(dock.hint.key).toBe('today.trouble.no_permission')
  })
})
