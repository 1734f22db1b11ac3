/** The datum is in the type: a GCJ-02 position passed to WGS-84 mathematics does not compile. */
export type DatumName = 'wgs84' | 'gcj02' | 'bd09'
declare const datum: unique symbol
/** [lng, lat] in degrees. */
export type Position<D extends DatumName = 'wgs84'> = readonly [lng: number, lat: number] & {
  readonly [datum]?: D
}

/** One reported position as the pipeline takes it: WGS-84, time corrected. */
export interface TrackFix {
  readonly id: string
  readonly at: number // epoch ms
  readonly lng: number
  readonly lat: number
  readonly accuracy: number | null // metres, 68 % radius
  readonly speed?: number | null // m/s
  readonly mock?: boolean | null
  readonly clock?: boolean // the phone's clock was corrected
}

export type SilenceReason = 'page_closed' | 'no_permission' | 'gps_off' | 'no_network' | 'unknown'

export interface SilentPeriod {
  readonly from: number
  readonly to: number
  readonly reason: SilenceReason
}

/** A customer or workplace: a circle. */
export interface Site {
  readonly customerId: string
  readonly lng: number
  readonly lat: number
  readonly radius: number // metres
  readonly name?: string
}

/** Whom a person meant to visit on a day, as said at a moment; the newest counts. */
export interface Intention {
  readonly madeAt: number // epoch ms
  readonly customerIds: readonly string[]
}

/** Half-open duty window, epoch ms. */
export interface Window {
  readonly from: number
  readonly to: number
}
