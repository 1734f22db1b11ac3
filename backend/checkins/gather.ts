import { metresBetween } from '../../geo/index.ts'
import type { Db } from '../core/db.ts'
import { findAnswer } from './answers.ts'
import type { EvidenceFacts, Proof } from './evidence.ts'
import { countSameSpot, findDevice, findProof, listTrack, type KnownPhoto } from './known.ts'
import type { Found, Site } from './place.ts'
import { givesPlace, type Draft } from './store.ts'

/** What the check-in itself tells, before anything around it is looked up. */
export interface Claim {
  readonly draft: Omit<Draft, 'evidence' | 'decision'>
  readonly site: Site | null
  readonly found: Found
  readonly photos: readonly KnownPhoto[]
  readonly photoNeeded: boolean
  readonly onDuty: boolean
  readonly questions: readonly string[] // of the form that stay open
}

/** Looks up what speaks for or against a check-in as far as it is known now. */
export async function gatherFacts(
  db: Db,
  claim: Claim,
  after: Pick<EvidenceFacts, 'settled' | 'replay'>,
): Promise<EvidenceFacts> {
  const { draft, site, found } = claim
  const spot = spotOf(draft)
  const [track, proof, sameSpotDays, device, customer] = await Promise.all([
    listTrack(db, draft),
    findProof(db, draft),
    spot ? countSameSpot(db, draft, spot) : 0,
    draft.device === null ? null : findDevice(db, draft, draft.device),
    findAnswer(db, draft),
  ])
  return {
    ...after,
    ...found,
    customer,
    at: draft.at,
    position: positionOf(draft),
    track,
    radius: site?.radius ?? null,
    fixAgeMs: draft.fixAt === null ? null : draft.phoneAt - draft.fixAt,
    givesPlace: site !== null && givesPlace(draft),
    ...phoneOf(claim),
    proof: proofOf(draft, proof),
    sameSpotDays,
    device,
    wifi: wifiOf(draft.wifi, site),
  }
}

const phoneOf = ({ draft, photos, photoNeeded, questions, onDuty }: Claim) => ({
  mock: draft.mock === true,
  source: draft.source,
  offsetMs: draft.clock.offsetMs,
  movedMs: draft.clock.movedMs,
  lateMs: draft.receivedAt - draft.at,
  offDuty: !onDuty,
  photos: photos.map(({ readable, seenBy, daysAgo }) => ({
    readable,
    seen: seenBy,
    daysAgo,
  })),
  photoNeeded,
  questions,
})

const positionOf = ({ lng, lat, accuracy }: Claim['draft']) =>
  lng === null || lat === null ? null : { lng, lat, accuracy }

const spotOf = ({ rawLng, rawLat, date }: Claim['draft']) =>
  rawLng === null || rawLat === null ? null : { date, rawLng, rawLat }

function proofOf(
  { lng, lat, at }: Claim['draft'],
  proof: { lng: number; lat: number; at: number } | null,
): Proof | null {
  if (!proof || lng === null || lat === null) return null
  return { metres: metresBetween(proof, { lng, lat }), ms: at - proof.at }
}

function wifiOf(bssid: string | null, site: Site | null): EvidenceFacts['wifi'] {
  if (bssid === null || site === null) return null
  const wanted = site.wifi.map(bssidOf)
  return { known: wanted.length > 0, matches: wanted.includes(bssidOf(bssid)) }
}

/** Lower case with colons and two digits each: an iPhone leaves leading zeros out. */
const bssidOf = (text: string) =>
  text
    .toLowerCase()
    .split(/[:-]/)
    .map((part) => part.padStart(2, '0'))
    .join(':')
