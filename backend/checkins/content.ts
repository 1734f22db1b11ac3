import type { z } from 'zod'
import { toWgs84 } from '../../geo/index.ts'
import type { CheckinInput } from '../contract/checkins.ts'
import type { Claim } from './gather.ts'
import type { KnownPhoto } from './known.ts'
import type { Found, Site } from './place.ts'
import type { Timing } from './when.ts'
import type { WorkDate } from './workDate.ts'

export type Given = z.output<typeof CheckinInput>

export interface Who {
  orgId: string
  personId: string
}

/** The position in WGS-84. */
export function positionOf({ position }: Given) {
  if (!position) return null
  const { lng: east, lat: north, datum = 'wgs84', accuracy } = position
  const [lng, lat] = toWgs84([east, north], datum)
  return { lng, lat, accuracy: accuracy ?? null }
}

/** A check-in with everything that was found out before it is judged. */
interface Known {
  who: Who
  given: Given
  receivedAt: number
  timing: Timing
  day: WorkDate
  position: ReturnType<typeof positionOf>
  site: Site | null
  place: Found
  photos: readonly KnownPhoto[]
}

/** What is kept of it. */
export function contentOf(known: Known): Claim['draft'] {
  const { who, given, receivedAt, timing, day, site, place, photos } = known
  return {
    ...who,
    ...saidOf(given),
    ...placedOf(given, known.position),
    ...clockOf(given, timing),
    ...{ receivedAt, date: day.date, zone: day.zone },
    customerId: site?.kind === 'customer' ? site.id : null,
    workplaceId: site?.kind === 'workplace' ? site.id : null,
    place: site?.name ?? given.place ?? null,
    ...{ found: place.where, metres: place.metres },
    photos: photos.map(({ id, sha256 }) => ({ id, sha256 })),
  }
}

const saidOf = (given: Given) => ({
  id: given.id,
  kind: given.kind,
  note: given.note || null,
  form: given.form ?? null,
  device: given.device ?? null,
  wifi: given.wifi?.bssid ?? null,
})

const clockOf = (given: Given, { at, offsetMs, movedMs }: Timing) => ({
  at,
  phoneAt: given.at,
  sentAt: given.sentAt ?? null,
  clock: { offsetMs, movedMs, ageMs: given.ageMs ?? null, notBefore: given.notBefore ?? null },
})

const UNPLACED = {
  ...{ lng: null, lat: null, rawLng: null, rawLat: null, datum: null },
  ...{ accuracy: null, fixAt: null, mock: null, source: null },
}

function placedOf({ position: raw }: Given, position: Known['position']) {
  if (!raw || !position) return UNPLACED
  return {
    ...position,
    ...{ rawLng: raw.lng, rawLat: raw.lat, datum: raw.datum ?? 'wgs84' },
    fixAt: raw.at ?? null,
    mock: raw.mock ?? null,
    source: raw.source ?? null,
  }
}
