import { scoreEvidence, type EvidenceFacts } from '../../backend/checkins/evidence.ts'
import { foundAt } from '../../backend/checkins/place.ts'
import { isReplay, wayBefore } from '../../backend/checkins/replay.ts'
import { honestTime } from '../../backend/checkins/when.ts'
import { CHEATS, claimsOf, type Cheat, type Claim } from '../../fixtures/claims.ts'
import { metresBetween } from '../../geo/index.ts'

export const REVIEW_BELOW = 60
const MINUTE = 60_000
const ALIKE_BITS = 5 // as known.ts asks the database

/**
 * Cheats found and honest check-ins accused at the default threshold, when everything of the time after
 * is known. Recall is the mean over the ways to cheat, so that no easy one hides a hard one; the worst
 * is told too. Honest ones are judged as the phone has them, and with 60 m noise indoors.
 */
export function scoreCheats(seed: string, days: number) {
  const recalls = CHEATS.map((cheat) => share(claims(seed, days, cheat), isFound))
  const usual = claims(seed, days * 2, 'none')
  const noisy = claims(seed, days * 2, 'none', 60)
  return {
    evidenceRecall: recalls.reduce((sum, each) => sum + each, 0) / recalls.length,
    evidenceRecallWorst: Math.min(...recalls),
    evidenceFalseAlarm: share([...usual, ...noisy], isFound),
    evidenceFalseAlarm60: share(noisy, isFound),
    evidenceClaims: usual.length + noisy.length,
    ...Object.fromEntries(CHEATS.map((cheat, i) => [`recall_${cheat}`, recalls[i] ?? 0])),
  }
}

const claims = (seed: string, days: number, cheat: Cheat, indoors?: number): Claim[] =>
  Array.from({ length: days }, (_, index) => claimsOf(seed, index, cheat, indoors)).flat()

const isFound = (claim: Claim) => scoreEvidence(factsOf(claim)).score < REVIEW_BELOW

const share = <T>(all: readonly T[], is: (each: T) => boolean) =>
  all.filter(is).length / Math.max(1, all.length)

/** What the server would know of a claim half an hour later. */
export function factsOf(claim: Claim): EvidenceFacts {
  const { phoneAt: said, sentAt, ageMs, notBefore, receivedAt, site, position } = claim
  const timing = honestTime({ at: said, sentAt, ageMs, notBefore }, receivedAt)
  const around = claim.track.filter(
    (fix) => fix.at > timing.at - 95 * MINUTE && fix.at < timing.at + 35 * MINUTE,
  )
  const place = { id: 's', kind: 'customer', name: '', at: site, radius: site.radius, wifi: [], tags: [], tier: null } as const // prettier-ignore
  return {
    ...foundAt(position, place),
    ...{ at: timing.at, position, track: around, settled: true, replay: replayOf(claim, around) },
    ...{ radius: site.radius, fixAgeMs: claim.fixAgeMs, mock: claim.mock, source: 'wecom' },
    ...{ offsetMs: timing.offsetMs, movedMs: timing.movedMs, lateMs: receivedAt - timing.at },
    ...{ offDuty: false, sameSpotDays: 0, photoNeeded: false, wifi: null },
    ...{ givesPlace: false, questions: [], customer: null },
    proof: claim.proof && {
      metres: metresBetween(claim.proof, position),
      ms: timing.at - claim.proof.at,
    },
    device: { usual: !claim.newPhone, others: claim.others },
    photos: claim.photo ? [{ readable: true, daysAgo: 1, seen: seenIn(claim.photo.bits) }] : [],
  }
}

const seenIn = (bits: number | null) => (bits !== null && bits <= ALIKE_BITS ? 'other' : null)

function replayOf(claim: Claim, around: Claim['track']): EvidenceFacts['replay'] {
  const way = wayBefore(around, claim.at)
  const same = way.length > 0 && claim.earlier.some((day) => isReplay(way, day))
  return same ? { daysAgo: 1 } : null
}
