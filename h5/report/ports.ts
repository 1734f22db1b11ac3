/** What the reporting engine needs from the world; tests bring their own. Times are epoch ms of the phone. */
import type { Ingested } from '../../backend/contract/fixes.ts'
import type { SilenceReason } from '../../backend/contract/terms.ts'

export interface Position {
  at: number
  lng: number // degrees, WGS-84
  lat: number // degrees, WGS-84
  accuracy: number | null // metres, 68 % radius
  speed: number | null // m/s
  heading: number | null // degrees from north
  altitude: number | null // metres
  source: 'wecom' | 'wechat' | 'browser'
}

/** What a fix says of the phone itself; absent where the phone does not tell. */
export interface PhoneState {
  battery?: number // per cent
  network?: string // wifi, 4g, 3g, 2g, slow-2g
}

export interface QueuedFix extends Position, PhoneState {
  id: string // uuid, made once; the server answers a repetition as duplicate
  datum: 'wgs84'
}

export interface QueuedSilence {
  id: string
  from: number
  to: number
  reason: SilenceReason
}

export interface Batch {
  fixes: QueuedFix[]
  silences: QueuedSilence[]
}

/** The last sign of life, kept so that a killed page can be told on the next start. */
export interface Pulse {
  at: number
  open: { reason: SilenceReason; from: number } | null // a silence under way
}

/** What the phone could not keep: the page alone holds it. */
export interface Unkept {
  why: 'full' | 'none' // the phone is full; this browser keeps nothing
  dropped: number // fixes that the page could not hold either
}

export interface Queue {
  /** Null while all is kept; absent of queues that always keep or fail. */
  unkept?(): Unkept | null
  addFix(fix: QueuedFix): Promise<void>
  addSilence(silence: QueuedSilence): Promise<void>
  /** Newest fixes first, at most `size`, with up to 200 silences. Takes nothing out. */
  take(size: number): Promise<Batch>
  forget(batch: Batch): Promise<void>
  count(): Promise<number>
  pulse(): Promise<Pulse | null>
  setPulse(pulse: Pulse | null): Promise<void>
  clear(): Promise<void>
  close(): void
}

/** Sends one batch; resolves with the server's answer after its commit, rejects when there was none. */
export type Post = (batch: Batch, options: { leaving: boolean }) => Promise<Ingested>

/** Why no position comes; `unknown` is worth another try. */
export type Trouble =
  | 'no_permission' // the person, or the phone for the app, said no
  | 'gps_off'
  | 'app_not_permitted' // the app lacks the right in the console of WeCom
  | 'not_visible' // the person is not in the app's visible range
  | 'bad_signature' // also when signed again
  | 'untrusted_domain' // this page's host is not the app's trusted domain
  | 'too_old' // the app on this phone does not know the call
  | 'silent' // the app has no bridge, or it does not answer
  | 'unreachable' // no signature: our server, or WeCom behind it, did not answer
  | 'desktop' // WeCom and WeChat on a desk can not locate
  | 'unsupported' // a browser without geolocation, or a page without https
  | 'unknown'

export interface Listener {
  fix(position: Position): void
  trouble(trouble: Trouble): void
  /** Positions come from a lesser source from now on, and why; null: from the first one again. */
  instead(cause: Trouble | null): void
}

export interface PositionSource {
  /** Starts to listen; the function it returns ends that. */
  start(listener: Listener): () => void
  /** One fresh position for the same listener, now. */
  ask(): void
}

export interface Clock {
  now(): number
}

/** Runs `action` once after `ms`; the function it returns takes that back. */
export type After = (ms: number, action: () => void) => () => void
