import { z } from 'zod'
import type { Me } from '../../backend/contract/people.ts'
import { call } from '../core/api.ts'
import { signingAddresses, type App } from './app.ts'
import { LANDING } from './landing.ts'
import type { Bridge, BridgePosition } from './sources.ts'
import { textOf, troubleOfBridge } from './trouble.ts'

const SIGN_MS = 8_000

const Signature = z.object({
  timestamp: z.coerce.string(),
  nonceStr: z.string(),
  signature: z.string(),
})
type Signature = z.infer<typeof Signature>

interface Registration {
  corpId: string
  agentId: string
  jsApiList: string[]
  getConfigSignature: (url: string) => Promise<Signature>
}

/** The Wi-Fi that a phone is connected to, as its app tells it. */
export interface BridgeWifi {
  SSID?: string
  BSSID?: string
}

/** What we use of `@wecom/jssdk`. Positions are WGS-84. */
export interface Sdk {
  register(options: Registration): void
  getLocation(): Promise<BridgePosition>
  startAutoLBS(): Promise<unknown>
  stopAutoLBS(): Promise<unknown>
  onLocationChange(listener: (event: BridgePosition) => void): unknown
  /** One photo taken now with the camera; the phone's own name of it. */
  chooseImage(): Promise<{ localIds: string[] }>
  uploadImage(localId: string): Promise<{ serverId: string }>
  startWifi(): Promise<unknown>
  getConnectedWifi(): Promise<{ wifi?: BridgeWifi }>
}

const API_LIST = [
  ...['getLocation', 'startAutoLBS', 'stopAutoLBS', 'onLocationChange'],
  ...['chooseImage', 'uploadImage'],
  ...['startWifi', 'getConnectedWifi'],
]

export interface JssdkNeeds {
  load: () => Promise<Sdk>
  sign: (url: string) => Promise<Signature>
  addresses: () => [string, string] // that may be signed, the likelier first
  isThere: () => boolean // whether the app has put its bridge into the page
}

/**
 * The SDK of one page: loaded on first use, registered once, and listened to once, since it can take
 * back neither. It signs a page again by itself when the address changed or the last try failed.
 */
export class Jssdk implements Bridge {
  readonly isThere: () => boolean
  readonly #needs: JssdkNeeds
  #sdk: Promise<Sdk> | null = null
  #other = false // the likelier address was refused
  #signedFor = ''
  #hear: ((event: BridgePosition) => void) | null = null

  constructor(needs: JssdkNeeds) {
    this.#needs = needs
    this.isThere = needs.isThere
  }

  /** Loads and registers; harmless when that is done. @throws when the SDK can not be loaded now. */
  async open(corp: Me['wecom']): Promise<Jssdk> {
    this.#sdk ??= this.#register(corp).catch((error: unknown) => {
      this.#sdk = null // a network that failed may come back
      throw error
    })
    await this.#sdk
    return this
  }

  getLocation(): Promise<BridgePosition> {
    return this.#signed((sdk) => sdk.getLocation())
  }

  startAutoLBS(): Promise<unknown> {
    return this.#signed((sdk) => sdk.startAutoLBS())
  }

  stopAutoLBS(): Promise<unknown> {
    return this.#opened().then((sdk) => sdk.stopAutoLBS())
  }

  /** Of WeCom on a phone, 2.4.16 and later. @throws what the app says, as without Wi-Fi */
  async connectedWifi(): Promise<BridgeWifi | undefined> {
    await this.#signed((sdk) => sdk.startWifi())
    return (await this.#signed((sdk) => sdk.getConnectedWifi())).wifi
  }

  onLocationChange(listener: (event: BridgePosition) => void): void {
    this.#hear = listener
  }

  /** @returns the phone's own name of a photo taken now. @throws the app's answer, also when the person puts the camera away */
  async takePhoto(): Promise<string> {
    const { localIds } = await this.#signed((sdk) => sdk.chooseImage())
    const [localId] = localIds
    if (localId === undefined) throw new Error('chooseImage:cancel')
    return localId
  }

  /** Puts a photo of this phone into WeCom. @returns its media_id, which is good for three days */
  async uploadPhoto(localId: string): Promise<string> {
    return (await this.#signed((sdk) => sdk.uploadImage(localId))).serverId
  }

  async #register(corp: Me['wecom']): Promise<Sdk> {
    const sdk = await this.#needs.load()
    sdk.register({
      ...corp,
      jsApiList: API_LIST,
      getConfigSignature: () => this.#needs.sign((this.#signedFor = this.#address())),
    })
    sdk.onLocationChange((event) => this.#hear?.(event))
    return sdk
  }

  #address(): string {
    return this.#needs.addresses()[this.#other ? 1 : 0]
  }

  #opened(): Promise<Sdk> {
    return this.#sdk ?? Promise.reject(new Error('the SDK is not open'))
  }

  /** Once more after a refused signature: for the new address when the route changed meanwhile, else for the other one. */
  async #signed<T>(act: (sdk: Sdk) => Promise<T>): Promise<T> {
    const sdk = await this.#opened()
    try {
      return await act(sdk)
    } catch (error) {
      const refused = troubleOfBridge(textOf(error)) === 'bad_signature'
      if (!refused && !/aborted/i.test(textOf(error))) throw error
      if (refused && this.#signedFor === this.#address()) this.#other = !this.#other
      return await act(sdk)
    }
  }
}

let page: Jssdk | null = null

/** Opens the SDK of this page; whoever signs in later on the same page finds it registered. */
export function bridgeOf(me: Me, app: App): () => Promise<Jssdk> {
  page ??= new Jssdk({
    load,
    sign,
    addresses: () => signingAddresses(app, LANDING, location.href),
    isThere: () => Reflect.has(window, 'WeixinJSBridge'),
  })
  const sdk = page
  return () => sdk.open(me.wecom)
}

async function load(): Promise<Sdk> {
  const sdk = await import('@wecom/jssdk')
  const type = sdk.LocationType.wgs84
  return {
    register: sdk.register,
    getLocation: () => sdk.getLocation({ type }),
    startAutoLBS: () => sdk.startAutoLBS({ type }),
    stopAutoLBS: () => sdk.stopAutoLBS(),
    onLocationChange: sdk.onLocationChange,
    chooseImage: () =>
      sdk.chooseImage({
        count: 1,
        sizeType: [sdk.SizeType.compressed],
        sourceType: [sdk.SourceType.camera], // a picture of now, none out of the album
        isSaveToAlbum: false,
      }),
    uploadImage: (localId) => sdk.uploadImage({ localId, isShowProgressTips: false }),
    startWifi: () => sdk.startWifi(),
    getConnectedWifi: () => sdk.getConnectedWifi(),
  }
}

function sign(url: string): Promise<Signature> {
  const body = { url, kind: 'config' }
  return call(Signature, '/api/v1/wecom/jssdk-signature', { body, timeoutMs: SIGN_MS })
}
