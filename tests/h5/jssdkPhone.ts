import { Jssdk, type BridgeWifi, type Sdk } from '../../h5/report/jssdk.ts'
import type { Listener, Position } from '../../h5/report/ports.ts'
import type { BridgePosition } from '../../h5/report/sources.ts'

export const HERE = { latitude: 22.54, longitude: 114.05, accuracy: 20 }
export const LANDING = 'https://a.example/?code=1'
export const PRESENT = 'https://a.example/tracks'
const CORP = { corpId: 'ww1', agentId: '1000002' }

type Answer = BridgePosition | 'never'

interface Phone {
  isThere: boolean
  configured: boolean
  loads: number
  registered: number
  listeners: number
  located: number
  started: number
  stopped: number
  signed: string[] // addresses, in order
  accepts: string[] // addresses whose signature is right
  present: string // the page's address
  signing: () => void // what happens while the server signs
  failsLoading: boolean
  here: Answer
  starting: Answer
  photos: string[] // taken with the camera, by the phone's own names
  wifi: BridgeWifi | null
  hear: (event: BridgePosition) => void
  release: () => void // gives whoever was never answered the answer of now
}

/** The app on a phone behind the SDK: signs before each call while that failed, answers what it is told. */
export function phone() {
  let hear: ((event: BridgePosition) => void) | null = null
  let sign: ((url: string) => Promise<unknown>) | null = null
  const waiting: (() => void)[] = []
  const state: Phone = {
    isThere: true,
    configured: false,
    loads: 0,
    registered: 0,
    listeners: 0,
    located: 0,
    started: 0,
    stopped: 0,
    signed: [],
    accepts: [LANDING, PRESENT],
    present: PRESENT,
    signing: () => undefined,
    failsLoading: false,
    here: HERE,
    starting: {},
    photos: ['local-1'],
    wifi: null,
    hear: (event) => hear?.(event),
    release: () => waiting.splice(0).forEach((go) => go()),
  }
  const answered = async (of: () => Answer): Promise<BridgePosition> => {
    while (of() === 'never') await new Promise<void>((go) => waiting.push(go))
    const answer = of()
    if (answer === 'never' || (answer.errMsg && !/:ok$/.test(answer.errMsg))) throw answer
    return answer
  }
  const config = async () => {
    if (state.configured) return
    await sign?.('the SDK’s own idea')
    const url = state.signed.at(-1) ?? ''
    if (!state.accepts.includes(url)) throw { errMsg: 'config:invalid signature', errCode: -1 }
    state.configured = true
  }
  const sdk: Sdk = {
    register: ({ getConfigSignature }) => {
      state.registered++
      sign = getConfigSignature
    },
    getLocation: async () => {
      state.located++
      await config()
      return answered(() => state.here)
    },
    startAutoLBS: async () => {
      state.started++
      await config()
      return answered(() => state.starting)
    },
    stopAutoLBS: async () => void state.stopped++,
    chooseImage: async () => {
      await config()
      return { localIds: state.photos }
    },
    uploadImage: async (localId) => ({ serverId: `media of ${localId}` }),
    onLocationChange: (listener) => {
      state.listeners++
      hear = listener
    },
    startWifi: config,
    getConnectedWifi: async () => {
      if (!state.wifi) throw { errMsg: 'getConnectedWifi:fail wifi not turned on' }
      return { wifi: state.wifi }
    },
  }
  const bridge = new Jssdk({
    load: async () => {
      state.loads++
      if (state.failsLoading) throw new TypeError('Failed to fetch dynamically imported module')
      return sdk
    },
    sign: async (url) => {
      state.signed.push(url)
      state.signing()
      return { timestamp: '1', nonceStr: 'n', signature: 's' }
    },
    addresses: () => [state.present, LANDING],
    isThere: () => state.isThere,
  })
  return { state, open: () => bridge.open(CORP) }
}

/** What a source tells, in order. */
export function heard() {
  const told: string[] = []
  const fixes: Position[] = []
  const listener: Listener = {
    fix: (position) => {
      fixes.push(position)
      told.push(`fix ${position.source}`)
    },
    trouble: (trouble) => told.push(trouble),
    instead: (cause) => told.push(`instead ${cause}`),
  }
  return { told, fixes, listener, last: () => told.at(-1) }
}
