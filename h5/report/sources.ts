import type { Clock, Listener, Position, PositionSource, Trouble } from './ports.ts'

const POLL_MS = 15_000 // WeChat has no continuous location
const ANSWER_MS = 12_000 // a bridge that is missing never answers, and never fails
const QUIET_MS = 30_000 // WeCom promises no interval; ask when nothing came for so long

/** What a bridge gives for a position: numbers, or the same as strings. */
export interface BridgePosition {
  errMsg?: string
  latitude?: number | string
  longitude?: number | string
  accuracy?: number | string
}

/** The calls of the JS-SDK that reporting needs. */
export interface Bridge {
  getLocation(params: { type: 'wgs84' }): Promise<BridgePosition>
  startAutoLBS(params: { type: 'wgs84' }): Promise<unknown>
  stopAutoLBS(): Promise<unknown>
  onLocationChange(listener: (event: BridgePosition) => void): unknown
}

/** The browser's own geolocation. */
export function browserSource(geolocation: Geolocation): PositionSource {
  let current: Listener | null = null
  const seen = (found: GeolocationPosition) => current?.fix(ofBrowser(found))
  const failed = (error: GeolocationPositionError) => current?.trouble(troubleOfBrowser(error.code))
  const options = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 2_000 }
  return {
    start(listener) {
      current = listener
      const watch = geolocation.watchPosition(seen, failed, options)
      return () => {
        current = null
        geolocation.clearWatch(watch)
      }
    },
    ask: () => geolocation.getCurrentPosition(seen, failed, { ...options, maximumAge: 0 }),
  }
}

/** A bridge's getLocation in WeChat every 15 s; in WeCom once, then its continuous reports. */
export class BridgeSource implements PositionSource {
  readonly #open: () => Promise<Bridge>
  readonly #kind: 'wecom' | 'wechat'
  readonly #clock: Clock
  #current: Listener | null = null
  #asking = false // two getLocation at once collide
  #heardAt = 0
  #listening = false // the SDK has no way to take a listener back

  constructor(open: () => Promise<Bridge>, kind: 'wecom' | 'wechat', clock: Clock) {
    this.#open = open
    this.#kind = kind
    this.#clock = clock
  }

  start(listener: Listener): () => void {
    this.#current = listener
    void this.#follow()
    const timer = setInterval(() => this.#poll(), POLL_MS)
    return () => {
      this.#current = null
      clearInterval(timer)
      if (this.#kind === 'wecom') void this.#tried(stopAutoLBS)
    }
  }

  ask(): void {
    if (this.#asking) return
    this.#asking = true
    void this.#locate().finally(() => (this.#asking = false))
  }

  async #follow(): Promise<void> {
    this.ask()
    if (this.#kind === 'wechat') return
    await this.#tried(async (bridge) => {
      await within(ANSWER_MS, bridge.startAutoLBS({ type: 'wgs84' }))
      if (!this.#listening) bridge.onLocationChange((event) => this.#hear(event))
      this.#listening = true
    })
  }

  #poll(): void {
    if (this.#kind === 'wechat' || this.#clock.now() - this.#heardAt > QUIET_MS) this.ask()
  }

  #locate(): Promise<void> {
    return this.#tried(async (bridge) => {
      this.#hear(await within(ANSWER_MS, bridge.getLocation({ type: 'wgs84' })))
    })
  }

  async #tried(act: (bridge: Bridge) => Promise<void>): Promise<void> {
    try {
      await act(await this.#open())
    } catch (error) {
      this.#current?.trouble(troubleOfBridge(textOf(error)))
    }
  }

  #hear(found: BridgePosition): void {
    const position = ofBridge(found, this.#kind, this.#clock.now())
    if (position === null) return this.#current?.trouble(troubleOfBridge(found.errMsg ?? ''))
    this.#heardAt = position.at
    this.#current?.fix(position)
  }
}

async function stopAutoLBS(bridge: Bridge): Promise<void> {
  await within(ANSWER_MS, bridge.stopAutoLBS())
}

/** Why a bridge refused, by the words after the first colon of its errMsg (WeCom and WeChat, all versions seen). */
export function troubleOfBridge(message: string): Trouble {
  const text = message.toLowerCase()
  if (/gps ?closed|location ?off|gpsoff/.test(text)) return 'gps_off'
  if (/cancel|auth ?deny|denied|nopermission|no permission|refuse/.test(text))
    return 'no_permission'
  return 'unknown'
}

/** A bridge's answer as a position, or null when it is a refusal or no place on earth. */
export function ofBridge(
  found: BridgePosition,
  source: 'wecom' | 'wechat',
  at: number,
): Position | null {
  if (found.errMsg !== undefined && !/:ok$/.test(found.errMsg)) return null
  const lng = numberOf(found.longitude)
  const lat = numberOf(found.latitude)
  if (lng === null || lat === null || Math.abs(lng) > 180 || Math.abs(lat) > 90) return null
  const accuracy = numberOf(found.accuracy)
  // speed is left out: WeCom always says 0, which means nothing
  return { at, lng, lat, accuracy, speed: null, heading: null, altitude: null, source }
}

/** Rejects with `timeout` when a promise has not settled after `ms`. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timeout')), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function ofBrowser({ coords, timestamp }: GeolocationPosition): Position {
  return {
    at: Math.round(timestamp),
    lng: coords.longitude,
    lat: coords.latitude,
    accuracy: coords.accuracy,
    speed: coords.speed,
    heading: Number.isNaN(coords.heading) ? null : coords.heading,
    altitude: coords.altitude,
    source: 'browser',
  }
}

/** GeolocationPositionError: 1 permission denied, 2 position unavailable, 3 timeout. */
function troubleOfBrowser(code: number): Trouble {
  if (code === 1) return 'no_permission'
  return code === 2 ? 'gps_off' : 'unknown'
}

function numberOf(value: number | string | undefined): number | null {
  if (value === undefined || value === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

function textOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const text: unknown = Reflect.get(error, 'errMsg') ?? Reflect.get(error, 'message')
  return typeof text === 'string' ? text : ''
}
