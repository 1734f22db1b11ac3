import { describe, expect, it } from 'vitest'
import { CallFailed } from '../../h5/core/api.ts'
import { en as english, zh as words } from '../../h5/messages/today.ts'
import type { Trouble } from '../../h5/report/ports.ts'
import { explained } from '../../h5/today/trouble.ts'
import { dockOf } from '../../h5/today/dock.ts'
import { appOf, hasBridge, signingAddresses } from '../../h5/report/app.ts'
import { ofBridge, within } from '../../h5/report/sources.ts'
import { troubleOf, troubleOfBridge } from '../../h5/report/trouble.ts'

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

  it.each([
    ['auto:location:report:fail, gps closed.', 'gps_off'],
    ['getLocation:cancel', 'no_permission'],
    ['getLocation:auth deny', 'no_permission'],
    ['getLocation:auth denied', 'no_permission'],
    ['getLocation:system:access_denied', 'no_permission'],
    ['getLocation:system:accessdenied', 'no_permission'],
    ['getLocation:permission denied', 'app_not_permitted'],
    ['geoLocation:fail_nopermission', 'app_not_permitted'],
    ['getLocation:nopermission', 'app_not_permitted'],
    ['startAutoLBS:the permission value is offline verifying', 'app_not_permitted'],
    ['config:invalid signature', 'bad_signature'],
    ['preVerifyJSAPI:fail_invalid signature', 'bad_signature'],
    ['config:invalid url domain', 'untrusted_domain'],
    ['agentConfig:fail, not in visible range', 'not_visible'],
    ['startAutoLBS:functionnotexist', 'too_old'],
    ['startAutoLBS:function_not_exist', 'too_old'],
    ['startAutoLBS:function not exist', 'too_old'],
    ['getLocation:fail', 'unknown'],
    ['', 'unknown'],
  ])('says by its words why there is none: %s', (errMsg, trouble) => {
    expect(troubleOfBridge(errMsg)).toBe(trouble)
    expect(troubleOf({ errMsg, errCode: -1 })).toBe(trouble)
  })

  it('may be missing because nobody answered, the server did not sign, or it refused to', () => {
    expect(troubleOf(new Error('timeout'))).toBe('silent')
    expect(troubleOf(new CallFailed('network', 0, ''))).toBe('unreachable')
    expect(troubleOf(new CallFailed('not_allowed', 403, ''))).toBe('untrusted_domain')
    expect(troubleOf(new TypeError('Failed to fetch dynamically imported module'))).toBe(
      'unreachable',
    )
    expect(troubleOf(null)).toBe('unknown')
  })

  it('is waited for only so long: without a bridge it would never answer', async () => {
    await expect(within(1, new Promise(() => undefined))).rejects.toThrow('timeout')
  })
})

const UA = {
  oldIphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 10_3_2 like Mac OS X) AppleWebKit/603.2.4 (KHTML, like Gecko) Mobile/14F89 wxwork/2.2.0 MicroMessenger/6.3.2',
  newIphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 16_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 wxwork/3.1.9 MicroMessenger/7.0.1 Language/zh ColorScheme/Light',
  android:
    'Mozilla/5.0 (Linux; Android 7.0; MI 5) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/53 Mobile MQQBrowser/6.2 TBS/043508 Safari/537.36 wxwork/2.2.0 MicroMessenger/6.3.22 NetType/WIFI Language/zh',
  windows:
    'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 Chrome/53 Safari/537.36 wxwork/2.1.3 (MicroMessenger/6.2) WindowsWechat QBCore/3.43 QQBrowser/9.0',
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_4) AppleWebKit/603.1.30 wxwork/2.2.0 (MicroMessenger/6.2) WeChat/2.0.4',
  wechatIphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.49 NetType/4G',
  wechatAndroid:
    'Mozilla/5.0 (Linux; Android 13; V2254A) Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.49',
  chrome: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
  safari: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/17.4 Mobile/15E148',
}

describe('the app that shows the page', () => {
  it.each([
    [UA.oldIphone, 'wecom', 'ios'],
    [UA.newIphone, 'wecom', 'ios'],
    [UA.android, 'wecom', 'android'],
    [UA.windows, 'wecom', 'desktop'],
    [UA.mac, 'wecom', 'desktop'],
    [UA.wechatIphone, 'wechat', 'ios'],
    [UA.wechatAndroid, 'wechat', 'android'],
    [UA.chrome, 'browser', 'desktop'],
    [UA.safari, 'browser', 'ios'],
    ['', 'browser', 'desktop'],
  ])('is told by its user agent; WeCom names WeChat too: %s', (agent, kind, system) => {
    expect(appOf(agent)).toEqual({ kind, system })
  })

  it('on a tablet that calls itself a Mac is told by its fingers', () => {
    expect(appOf(UA.mac, 5)).toEqual({ kind: 'wecom', system: 'ios' })
    expect(appOf(UA.windows, 10).system).toBe('desktop') // a desk with a touch screen
  })

  it('has a bridge that can locate on phones only', () => {
    const having = Object.entries(UA).filter(([, agent]) => hasBridge(appOf(agent)))
    expect(having.map(([name]) => name)).toEqual([
      'oldIphone',
      'newIphone',
      'android',
      'wechatIphone',
      'wechatAndroid',
    ])
  })
})

describe('the address that is signed', () => {
  const [landing, present] = ['https://a.example/?code=1#x', 'https://a.example/tracks?d=1#y']
  const of = (agent: string) => signingAddresses(appOf(agent), landing, present)

  it('is the present one, in WeChat on iOS the one the page was opened by', () => {
    const [opened, now] = ['https://a.example/?code=1', 'https://a.example/tracks?d=1']
    expect(of(UA.wechatIphone)).toEqual([opened, now])
    for (const agent of [UA.newIphone, UA.android, UA.wechatAndroid])
      expect(of(agent)).toEqual([now, opened])
  })
})

const isTrouble = (key: string): key is Trouble => key in words.trouble

function wordsAt(language: typeof words, key: string): string {
  const [, group, name] = key.split('.')
  const found: unknown = Reflect.get(Reflect.get(language, group ?? ''), name ?? '')
  return typeof found === 'string' ? found : ''
}

describe('what a rep is told', () => {
  const app = appOf(UA.newIphone)
  const troubles: Record<Trouble, string> = words.trouble // a trouble without words does not compile

  it.each(Object.keys(troubles).filter(isTrouble))(
    'has words and a way out on every system, in both languages: %s',
    (trouble) => {
      for (const system of ['ios', 'android', 'desktop'] as const) {
        const said = explained({ trouble, instead: null }, { ...app, system })
        for (const key of [said?.why ?? '', said?.mend ?? ''])
          for (const language of [words, english]) expect(wordsAt(language, key), key).toMatch(/\S/)
      }
    },
  )

  it('is urgent only while nothing is recorded', () => {
    expect(explained({ trouble: null, instead: 'silent' }, app)).toEqual({
      urgent: false,
      why: 'today.trouble.silent',
      mend: 'today.mend.silent',
    })
    expect(explained({ trouble: 'silent', instead: 'silent' }, app)?.urgent).toBe(true)
    expect(explained({ trouble: null, instead: null }, app)).toBeNull()
    expect(explained(null, app)).toBeNull()
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
      instead: null,
      sentAt: null,
      failing: false,
      unkept: null,
      consentLost: false,
    }
    const dock = dockOf({ ...state, report })
    expect(dock.does).toBe('report')
    expect(dock.hint.key).toBe('today.trouble.no_permission')
  })
})
