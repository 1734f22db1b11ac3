import type { Clock, Listener, Position, PositionSource, Trouble } from './ports.ts'
import { TIMEOUT, troubleOf, wasPutAway } from './trouble.ts'

const POLL_MS = 15_000 // WeChat has no continuous location
const ABSENT_MS = 5_000 // by then an app that has a bridge has put it into the page
const ANSWER_MS = 20_000 // the first answer waits for a person to read a question
const STOP_MS = 5_000
const LASTING_MS = 5 * 60_000
const QUIET_MS = 30_000 // WeCom promises no interval; ask when nothing came for so long

/** What a bridge gives for a position: numbers, or the same as strings. */
export interface BridgePosition {
  errMsg?: string
  latitude?: number | string
  longitude?: number | string
  accuracy?: number | string
}

/** The calls of the JS-SDK that reporting needs. Without a bridge none of them ever settles. */
export interface Bridge {
  isThere(): boolean
  getLocation(): Promise<BridgePosition>
  startAutoLBS(): Promise<unknown>
  stopAutoLBS(): Promise<unknown>
  /** There is one listener; a new one takes the place of the last. */
  onLocationChange(listener: (event: BridgePosition) => void): void
}

/** These stay until an administrator or the person did something: they are asked for at long intervals. */
const LASTING: ReadonlySet<Trouble> = new Set<Trouble>([
  'bad_signature',
  'untrusted_domain',
  'app_not_permitted',
  'not_visible',
  'too_old',
])

/** A bridge's getLocation in WeChat every 15 s; in WeCom once, then its continuous reports. */
export class BridgeSource implements PositionSource {
  readonly #open: () => Promise<Bridge>
  readonly #kind: 'wecom' | 'wechat'
  readonly #clock: Clock
  #current: Listener | null = null
  #asking = false // two getLocation at once collide
  #pending = false // the bridge still owes an answer
  #following = false
  #heardAt = 0
  #pollsFrom = 0

  constructor(open: () => Promise<Bridge>, kind: 'wecom' | 'wechat', clock: Clock) {
    this.#open = open
    this.#kind = kind
    this.#clock = clock
  }

  start(listener: Listener): () => void {
    this.#current = listener
    this.#pollsFrom = 0
    this.ask()
    const timer = setInterval(() => this.#poll(), POLL_MS)
    return () => {
      this.#current = null
      clearInterval(timer)
      void this.#unfollow()
    }
  }

  ask(): void {
    if (this.#asking) return
    this.#asking = true
    void this.#round().finally(() => (this.#asking = false))
  }

  #poll(): void {
    const now = this.#clock.now()
    const quiet = now - this.#heardAt > QUIET_MS
    if (now >= this.#pollsFrom && (quiet || !this.#following)) this.ask()
  }

  async #round(): Promise<void> {
    try {
      const bridge = await within(ANSWER_MS, this.#open()).catch(() => {
        throw new TypeError('the SDK did not load')
      })
      if (this.#pending && !bridge.isThere()) throw new Error(TIMEOUT)
      await this.#locate(bridge)
      await this.#follow(bridge)
    } catch (error) {
      this.#failed(error)
    }
  }

  /** An answer that comes too late to wait for still counts: the bridge came late, or a person thought long. */
  async #locate(bridge: Bridge): Promise<void> {
    this.#pending = true
    const answer = bridge.getLocation().finally(() => (this.#pending = false))
    try {
      this.#hear(await within(bridge.isThere() ? ANSWER_MS : ABSENT_MS, answer))
    } catch (error) {
      if (this.#pending) this.#hearLate(bridge, answer)
      if (troubleOf(error) !== 'unknown') throw error
      this.#failed(error) // indoors; the continuous reports may find a place
    }
  }

  #hearLate(bridge: Bridge, answer: Promise<BridgePosition>): void {
    void answer.then(
      (found) => {
        this.#hear(found)
        void this.#follow(bridge)
      },
      (error: unknown) => this.#failed(error),
    )
  }

  /** Begins the continuous reports, also when a permission came later. Without them it is asked every 15 s. */
  async #follow(bridge: Bridge): Promise<void> {
    if (this.#kind === 'wechat' || this.#following || this.#current === null) return
    bridge.onLocationChange((event) => this.#hear(event))
    this.#following = await within(ANSWER_MS, bridge.startAutoLBS()).then(
      () => true,
      () => false,
    )
  }

  async #unfollow(): Promise<void> {
    if (!this.#following) return
    this.#following = false
    const stop = async () => (await this.#open()).stopAutoLBS()
    await within(STOP_MS, stop()).catch(() => undefined) // leaving the page ends it, too
  }

  #failed(error: unknown): void {
    const trouble = troubleOf(error)
    const rests = LASTING.has(trouble) ? LASTING_MS : 0
    this.#pollsFrom = wasPutAway(error) ? Infinity : this.#clock.now() + rests
    if (trouble === 'no_permission') this.#following = false
    this.#current?.trouble(trouble)
  }

  #hear(found: BridgePosition): void {
    if (this.#current === null) return
    const position = ofBridge(found, this.#kind, this.#clock.now())
    if (position === null) return this.#failed(found)
    this.#pollsFrom = 0
    this.#heardAt = position.at
    this.#current.fix(position)
  }
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
    const timer = setTimeout(() => reject(new Error(TIMEOUT)), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function numberOf(value: number | string | undefined): number | null {
  if (value === undefined || value === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}
