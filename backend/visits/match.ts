import { v5 as named } from 'uuid'
import type { VisitStatus } from '../contract/plans.ts'

/** An intended visit. */
export interface Stop {
  readonly id: string
  readonly customerId: string
}

/** A check-in at a customer until its check-out; without one both ends are the same. Epoch ms. */
export interface Claim {
  readonly id: string
  readonly customerId: string
  readonly from: number
  readonly to: number
}

/** Time at a customer as the track tells it. Epoch ms. */
export interface Stay {
  readonly customerId: string
  readonly from: number
  readonly to: number
}

/** Its person's word that a stay was a visit: named by a moment, so that it survives recomputation. */
export interface Confirmation {
  readonly customerId: string
  readonly at: number
}

/** A person-day as it was meant, claimed and seen. */
export interface Evidence {
  readonly personId: string
  readonly date: string
  readonly stops: readonly Stop[] // in the plan's order
  readonly claims: readonly Claim[]
  readonly stays: readonly Stay[]
  readonly confirmations: readonly Confirmation[]
  readonly over: boolean // the day is past: what was not visited is missed
}

export interface MatchedVisit {
  readonly id: string
  readonly customerId: string
  readonly status: VisitStatus
  readonly stopId: string | null
  readonly checkinIds: readonly string[]
  readonly from: number | null
  readonly to: number | null
  readonly staySeconds: number
  readonly confirmed: boolean
}

export const MATCH_RULES = {
  /** A check-in belongs to a stay that it touches, or misses by no more: phones lock, fixes come seldom. */
  reachMs: 10 * 60_000,
  /** Shorter presence is passing by. */
  stayMs: 5 * 60_000,
} as const

/** Presence at one customer: everything that touches belongs together, so nothing counts twice. */
interface Presence {
  from: number
  to: number
  claims: Claim[]
  stays: Stay[]
  confirmed: boolean
}

/**
 * The visits of a person-day. Check-ins and stays at one customer that touch (within `reachMs`)
 * are one visit; stops take the best-proven visits of their customer first, then the earlier ones.
 * Total, pure, and independent of the order in which evidence is given; only the order of `stops`
 * means something.
 * @returns one entry for each presence and each stop without one, by time, what has none last.
 */
export function matchVisits(evidence: Evidence): MatchedVisit[] {
  const customers = new Set(
    [...evidence.stops, ...evidence.claims, ...evidence.stays].map((each) => each.customerId),
  )
  const visits = [...customers].flatMap((customerId) => visitsAt(customerId, evidence))
  return visits.sort(inTime)
}

const inTime = (a: MatchedVisit, b: MatchedVisit) =>
  (a.from ?? Infinity) - (b.from ?? Infinity) || (a.id < b.id ? -1 : 1)

function visitsAt(customerId: string, evidence: Evidence): MatchedVisit[] {
  const stops = evidence.stops.filter((stop) => stop.customerId === customerId)
  const presences = presencesAt(customerId, evidence)
  const stopOf = new Map(
    [...presences].sort(byProof).flatMap((presence, rank) => {
      const stop = stops[rank]
      return stop ? [[presence, stop] as const] : []
    }),
  )
  const taken = new Set([...stopOf.values()])
  const left = stops.filter((stop) => !taken.has(stop))
  const idOf = (nth: number) =>
    named(`${evidence.personId} ${evidence.date} ${customerId} ${nth}`, named.URL)
  return [
    ...presences.map((presence, nth) =>
      visitOf(presence, stopOf.get(presence) ?? null, {
        id: idOf(nth),
        customerId,
      }),
    ),
    ...left.map((stop, nth) => ({
      id: idOf(presences.length + nth),
      customerId,
      status: evidence.over ? ('missed' as const) : ('planned' as const),
      stopId: stop.id,
      checkinIds: [],
      from: null,
      to: null,
      staySeconds: 0,
      confirmed: false,
    })),
  ]
}

type Piece = { from: number; to: number } & (
  { kind: 'claim'; claim: Claim } | { kind: 'stay'; stay: Stay }
)

/** Claims and stays in time order, cut into presences where nothing reaches over a gap. */
function presencesAt(customerId: string, evidence: Evidence): Presence[] {
  const claims = uniqueById(evidence.claims.filter((each) => each.customerId === customerId))
  const stays = evidence.stays.filter(
    (each) => each.customerId === customerId && each.to - each.from >= MATCH_RULES.stayMs,
  )
  const pieces: Piece[] = [
    ...claims.map((claim) => ({
      kind: 'claim' as const,
      claim,
      from: claim.from,
      to: claim.to,
    })),
    ...stays.map((stay) => ({
      kind: 'stay' as const,
      stay,
      from: stay.from,
      to: stay.to,
    })),
  ]
  pieces.sort((a, b) => a.from - b.from || a.to - b.to || nameOf(a).localeCompare(nameOf(b)))
  const presences: Presence[] = []
  for (const piece of pieces) {
    const last = presences.at(-1)
    if (last && piece.from <= last.to + MATCH_RULES.reachMs) add(last, piece)
    else presences.push(add({ ...piece, claims: [], stays: [], confirmed: false }, piece))
  }
  for (const presence of presences)
    presence.confirmed = evidence.confirmations.some(
      (word) =>
        word.customerId === customerId &&
        word.at >= presence.from - MATCH_RULES.reachMs &&
        word.at <= presence.to + MATCH_RULES.reachMs,
    )
  return presences
}

const uniqueById = (claims: readonly Claim[]) => [
  ...new Map(claims.map((claim) => [claim.id, claim])).values(),
]

const nameOf = (piece: Piece) => (piece.kind === 'claim' ? piece.claim.id : '')

function add(presence: Presence, piece: Piece): Presence {
  presence.to = Math.max(presence.to, piece.to)
  if (piece.kind === 'claim') presence.claims.push(piece.claim)
  else presence.stays.push(piece.stay)
  return presence
}

/** Claimed and seen before claimed, before seen and confirmed, before seen; then the earlier one. */
const byProof = (a: Presence, b: Presence) => proofOf(a) - proofOf(b) || a.from - b.from

function proofOf({ claims, stays, confirmed }: Presence): number {
  if (claims.length > 0 && stays.length > 0) return 0
  if (claims.length > 0) return 1
  return confirmed ? 2 : 3
}

function visitOf(
  presence: Presence,
  stop: Stop | null,
  about: { id: string; customerId: string },
): MatchedVisit {
  const seen = presence.stays.length > 0
  return {
    ...about,
    status: statusOf(presence, stop !== null),
    stopId: stop?.id ?? null,
    checkinIds: presence.claims.map((claim) => claim.id),
    from: presence.from,
    to: presence.to,
    staySeconds: seen ? unionSeconds(presence.stays) : 0,
    confirmed: presence.confirmed && presence.claims.length === 0,
  }
}

function statusOf({ claims, stays, confirmed }: Presence, planned: boolean): VisitStatus {
  if (stays.length === 0) return 'unproven'
  if (claims.length === 0 && !confirmed) return 'unlogged'
  return planned ? 'done' : 'unplanned'
}

/** Seconds that the stays cover together. */
function unionSeconds(stays: readonly Stay[]): number {
  let covered = 0
  let until = -Infinity
  for (const { from, to } of [...stays].sort((a, b) => a.from - b.from || a.to - b.to)) {
    covered += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return covered / 1000
}

/** Visits at which somebody was, as far as can be told without doubt. */
export const isProven = (status: VisitStatus) => status === 'done' || status === 'unplanned'
