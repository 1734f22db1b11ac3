import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import type { SimServer } from './wecomSim.ts'

const SDK = readFileSync(
  new URL('../../node_modules/@wecom/jssdk/dist/wecom.global.js', import.meta.url),
  'utf8',
)
/** The page's address, and where its phone is. */
export const PAGE = 'https://crm.example:8443/today?x=1'
export const HERE = { latitude: 22.5349, longitude: 114.0248, accuracy: 18 }

/** Speaks with the bridge itself: the SDK leaves a refusal of its first request unhandled. */
const SAID = `const said = (name, params) =>
  new Promise((resolve) => WeixinJSBridge.invoke(name, params, (reply) => resolve(reply.err_msg)))`

class FakeDocument extends EventTarget {
  hidden = false
  currentScript: object
  constructor(phone: string) {
    super()
    this.currentScript = { dataset: { phone } }
  }
  see(hidden: boolean) {
    this.hidden = hidden
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

/** A page in a phone: the bridge, then WeCom's real SDK, registered with signatures of our client. */
export async function openPage(
  up: SimServer,
  { phone = 'wecom-ios', sim = {}, registers = true } = {},
) {
  const wecom = up.client()
  const document = new FakeDocument(phone)
  const ticks = new Map<number, () => void>()
  const paces: number[] = []
  const page: Record<string, unknown> = createContext({
    document,
    location: new URL(PAGE),
    navigator: { userAgent: 'a desk browser' },
    URLSearchParams,
    Event,
    setTimeout,
    clearTimeout,
    console,
    setInterval: (step: () => void, ms: number) => {
      paces.push(ms)
      return ticks.set(ticks.size + 1, step).size
    },
    clearInterval: (id: number) => ticks.delete(id),
    fetch: (path: string, init?: RequestInit) => fetch(new URL(path, up.base), init),
    sign: (kind: 'config' | 'agentConfig', url = PAGE) => wecom.jssdkSignature({ url, kind }),
    heard: [],
    __zujiSim: sim,
  })
  page['window'] = page
  const run = async (code: string): Promise<unknown> => runInContext(code, page)
  await run(await (await up.get('/bridge.js')).text())
  await run(SDK)
  const register = (more = '') =>
    run(`ww.register({ corpId: 'ww0000000000000001', agentId: '1000002',
      jsApiList: ['getLocation', 'startAutoLBS', 'stopAutoLBS', 'onLocationChange',
        'chooseImage', 'uploadImage', 'getLocalImgData'],
      getConfigSignature: () => sign('config') ${more} })`)
  await run(SAID)
  if (registers) await register()
  return {
    run,
    register,
    document,
    paces, // of what comes round, ms
    give: (name: string, value: unknown) => void (page[name] = value),
    tick: () => {
      for (const step of [...ticks.values()]) step()
    },
    heard: () => run('JSON.parse(JSON.stringify(heard))'),
  }
}
