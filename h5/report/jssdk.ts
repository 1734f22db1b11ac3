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

/** What we use of `@wecom/jssdk`. Positions are WGS-84. */
export interface Sdk {
  register(options: Registration): void
  getLocation(): Promise<BridgePosition>
  startAutoLBS(): Promise<unknown>
  stopAutoLBS(): Promise<unknown>
  onLocationChange(listener: (event: BridgePosition) => void): unknown
}

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
  async open(corp: Me['wecom']): Promise<Bridge> {
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

  onLocationChange(listener: (event: BridgePosition) => void): void {
    this.#hear = listener
  }

  async #register(corp: Me['wecom']): Promise<Sdk> {
    const sdk = await this.#needs.load()
    sdk.register({
      ...corp,
      jsApiList: ['getLocation', 'startAutoLBS', 'stopAutoLBS', 'onLocationChange'],
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
export function bridgeOf(me: Me, app: App): () => Promise<Bridge> {
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
  const { register, getLocation, startAutoLBS, stopAutoLBS, onLocationChange, LocationType } =
    await import('@wecom/jssdk')
  const type = LocationType.wgs84
  return {
    register,
    getLocation: () => getLocation({ type }),
    startAutoLBS: () => startAutoLBS({ type }),
    stopAutoLBS: () => stopAutoLBS(),
    onLocationChange,
  }
}

function sign(url: string): Promise<Signature> {
  const body = { url, kind: 'config' }
  return call(Signature, '/api/v1/wecom/jssdk-signature', { body, timeoutMs: SIGN_MS })
}
