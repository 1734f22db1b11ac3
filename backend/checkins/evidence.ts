import type { Whereabouts } from '../contract/checkins.ts'
import { finding, type Finding } from './finding.ts'
import { trackSignals, type TrackFacts } from './track.ts'

/** Everything that is known of a check-in and may speak for or against it. */
export interface EvidenceFacts extends TrackFacts {
  readonly where: Whereabouts | null
  readonly metres: number | null // from the site's middle
  readonly chance: number | null // to be inside
  readonly radius: number | null // of the site, metres
  readonly fixAgeMs: number | null // of the position when the button was pressed
  readonly givesPlace: boolean // the customer had no position, and has this one from now on
  readonly mock: boolean
  readonly source: string | null
  readonly offsetMs: number // of the phone's clock
  readonly movedMs: number // that the clock was moved by meanwhile
  readonly lateMs: number // between the press and the arrival
  readonly offDuty: boolean
  readonly proof: Proof | null // the last check-in before this one
  readonly sameSpotDays: number // earlier days with a check-in at the very same coordinates
  readonly device: DeviceFacts | null
  readonly photos: readonly PhotoFacts[]
  readonly photoNeeded: boolean
  readonly customer: { readonly tookPlace: boolean; readonly rating: number | null } | null // his answer by the link
  readonly questions: readonly string[] // required ones of the form that stay open
  readonly wifi: { readonly known: boolean; readonly matches: boolean } | null // null: none was told
}

export interface Proof {
  readonly metres: number // from here
  readonly ms: number // before this one
}

export interface DeviceFacts {
  readonly usual: boolean // used by him before, or his first one
  readonly others: number // people who used it before him, and lately
}

export interface PhotoFacts {
  readonly readable: boolean // this server can decode the type
  readonly seen: 'other' | 'self' | null // an alike photo was there before
  readonly daysAgo: number
}

export interface Evidence {
  readonly score: number // 0–100
  readonly signals: readonly Finding[]
}

export const MINUTE = 60_000

/** Points of each signal: the sum for a plain honest visit with a photo is 95, and 100 with its Wi-Fi. */
const POINTS = {
  inside: 30,
  noSite: 20,
  near: 10, // outside, but within twice the accuracy of the edge
  fresh: 15,
  quiteFresh: 10,
  usualDevice: 10,
  travel: 5,
  photo: 15,
  wifi: 5,
  customer: 10, // a link can be opened by anybody: not enough to cover a lie
  lie: -60, // no honest phone does this
  doubt: -45, // enough by itself for a look
} as const

/**
 * Weighs what is known: a pure sum of explained signals, kept between 0 and 100. What can not be
 * known takes part of its points, so that silence alone accuses nobody.
 */
export function scoreEvidence(facts: EvidenceFacts): Evidence {
  const signals = [
    placeSignal(facts),
    ageSignal(facts),
    ...trackSignals(facts),
    ...travelSignals(facts),
    ...photoSignals(facts),
    deviceSignal(facts.device),
    ...wifiSignals(facts),
    ...phoneSignals(facts),
    ...clockSignals(facts),
    ...formSignals(facts),
    ...customerSignals(facts),
  ]
  const sum = signals.reduce((total, { points }) => total + points, 0)
  return { score: Math.max(0, Math.min(100, sum)), signals }
}

function placeSignal(facts: EvidenceFacts): Finding {
  if (!facts.position) return finding('no_position', -10)
  if (facts.givesPlace) return finding('first_place', POINTS.noSite)
  return comparedSignal(facts, facts.position)
}

function comparedSignal(
  { where, metres, chance, radius }: EvidenceFacts,
  position: NonNullable<EvidenceFacts['position']>,
): Finding {
  if (where === null || metres === null) return finding('no_site', POINTS.noSite)
  const accuracy = Math.max(position.accuracy ?? 40, 15)
  const values = { metres: Math.round(metres), accuracy: Math.round(accuracy), radius: radius ?? 0 }
  if (where === 'inside') return finding('inside', POINTS.inside, values)
  if (where === 'cannot_tell') {
    const share = chance ?? 0.5
    return finding('cannot_tell', 20 + Math.round(8 * share), {
      ...values,
      percent: Math.round(share * 100),
    })
  }
  const beyond = metres - (radius ?? 0)
  return finding('outside', pointsBeyond(beyond, accuracy), {
    ...values,
    beyond: Math.round(beyond),
  })
}

function pointsBeyond(beyond: number, accuracy: number): number {
  if (beyond <= 2 * accuracy) return POINTS.near
  if (beyond <= 4 * accuracy && beyond < 500) return 0
  return beyond < 500 ? -15 : -30
}

function ageSignal({ position, fixAgeMs }: EvidenceFacts): Finding {
  if (!position) return finding('no_fix', 0)
  if (fixAgeMs === null) return finding('fix_age_unknown', POINTS.quiteFresh)
  const values = { seconds: Math.max(0, Math.round(fixAgeMs / 1000)) }
  if (fixAgeMs <= 30_000) return finding('fix_fresh', POINTS.fresh, values)
  if (fixAgeMs <= 2 * MINUTE) return finding('fix_fresh', POINTS.quiteFresh, values)
  return fixAgeMs <= 10 * MINUTE ? finding('fix_old', 0, values) : finding('fix_old', -30, values)
}

const CITY = 25 // m/s, what traffic allows
const IMPOSSIBLE = 45 // m/s, door to door

/** Speed since the last check-in, and whether these coordinates were used before, to the last digit. */
function travelSignals({ proof, position, sameSpotDays }: EvidenceFacts): Finding[] {
  const again =
    sameSpotDays > 0 ? [finding('same_spot', sameSpotDays > 1 ? POINTS.doubt : -20, { days: sameSpotDays })] : [] // prettier-ignore
  if (!proof || !position) return [finding('no_proof', 3), ...again]
  const speed = proof.metres / Math.max(1, proof.ms / 1000)
  const values = {
    metres: Math.round(proof.metres),
    minutes: Math.round(proof.ms / MINUTE),
    kmh: Math.round(speed * 3.6),
  }
  if (proof.metres > 1000 && speed > IMPOSSIBLE)
    return [finding('impossible_travel', POINTS.lie, values), ...again]
  return [finding('travel', proof.metres > 1000 && speed > CITY ? 0 : POINTS.travel, values), ...again] // prettier-ignore
}

function photoSignals({ photos, photoNeeded }: EvidenceFacts): Finding[] {
  const seen = photos.find((photo) => photo.seen === 'other') ?? photos.find((photo) => photo.seen)
  if (seen) {
    const code = seen.seen === 'other' ? 'photo_of_other' : 'photo_again'
    return [finding(code, POINTS.lie, { days: seen.daysAgo })]
  }
  if (photos.length === 0) return [photoNeeded ? finding('photo_missing', 0) : finding('no_photo', 10)] // prettier-ignore
  const readable = photos.some((photo) => photo.readable)
  return [readable ? finding('photo_new', POINTS.photo) : finding('photo_unread', 8)]
}

function deviceSignal(device: DeviceFacts | null): Finding {
  if (!device) return finding('device_unknown', 5)
  if (device.others > 0) return finding('device_shared', POINTS.doubt, { people: device.others })
  return device.usual ? finding('device_usual', POINTS.usualDevice) : finding('device_new', 0)
}

function wifiSignals({ wifi, where }: EvidenceFacts): Finding[] {
  if (!wifi?.known) return wifi ? [finding('wifi_unregistered', 0)] : []
  if (!wifi.matches) return [finding('wifi_other', 0)]
  return [finding('wifi_match', where === 'inside' ? POINTS.wifi : 15)]
}

function phoneSignals({ mock, source }: EvidenceFacts): Finding[] {
  return [
    ...(mock ? [finding('mock', POINTS.lie)] : []),
    ...(source === 'wecom_message' ? [finding('pin', -30)] : []),
  ]
}

function clockSignals({ movedMs, offsetMs, lateMs, offDuty }: EvidenceFacts): Finding[] {
  const signals: Finding[] = []
  if (movedMs !== 0) signals.push(finding('clock_moved', POINTS.doubt - 5, { seconds: Math.round(movedMs / 1000) })) // prettier-ignore
  const off = Math.abs(offsetMs)
  if (off > MINUTE) signals.push(finding('clock_off', off > 10 * MINUTE ? -8 : -3, { seconds: Math.round(offsetMs / 1000) })) // prettier-ignore
  if (lateMs > 2 * MINUTE)
    signals.push(finding('late', 0, { minutes: Math.round(lateMs / MINUTE) }))
  if (offDuty) signals.push(finding('off_duty', 0))
  return signals
}

/** What was not filled in says nothing of where somebody was: it is named and costs nothing. */
function formSignals({ questions }: EvidenceFacts): Finding[] {
  if (questions.length === 0) return []
  return [finding('form_incomplete', 0, { questions: questions.join('、') })]
}

/** What the customer himself answered by the link of the visit. */
function customerSignals({ customer }: EvidenceFacts): Finding[] {
  if (!customer) return []
  if (!customer.tookPlace) return [finding('customer_denied', POINTS.lie)]
  if (customer.rating === null) return [finding('customer_confirmed', POINTS.customer)]
  return [finding('customer_rated', POINTS.customer, { rating: customer.rating })]
}
