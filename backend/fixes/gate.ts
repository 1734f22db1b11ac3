import type { Kit } from '../core/kit.ts'
import type { loadDuty } from '../people/index.ts'
import type { loadConsent } from '../privacy/index.ts'
import type { Gate } from './judge.ts'
import { findCountries } from './queries.ts'

export interface Who {
  orgId: string
  personId: string
}

/** What the gate asks the rooms below. */
export interface GateParts {
  duty: typeof loadDuty
  consent: typeof loadConsent
}

const REMEMBER_MS = 2_000 // a change made by another process takes effect within this
const ACTIVE_MS = 10_000 // who was asked for within this is loaded anew together with others
const COUNTRIES_MS = 60_000
const DAY_MS = 86_400_000

interface Known {
  who: Who
  gate: Promise<Gate>
  until: number
  askedAt: number
}

/**
 * Duty and consent by person, remembered for 2 s. Whoever is asked for first after that has all
 * those loaded with him who report at the time: a thousand phones cost two queries each 2 s.
 */
export function createGates(kit: Kit, parts: GateParts) {
  const { now } = kit.clock
  const known = new Map<string, Known>()
  const load = createLoad(kit, parts)
  const forget = (who: Who) => known.delete(keyOf(who))
  const gather = createGathering(load, now, () => dueOf(known, now()).map(({ who }) => ask(who)))
  const ask = (who: Who) => {
    const entry = { who, gate: gather(who), until: now() + REMEMBER_MS, askedAt: now() }
    const before = known.get(keyOf(who))
    known.set(keyOf(who), before ? { ...entry, askedAt: before.askedAt } : entry)
    entry.gate.catch(() => forget(who))
    return entry.gate
  }
  kit.facts.onEverywhere('personChanged', forget)
  return {
    /** The gate for fixes of the last 7 days. */
    of(who: Who): Promise<Gate> {
      const remembered = known.get(keyOf(who))
      if (remembered) remembered.askedAt = now()
      return remembered && remembered.until > now() ? remembered.gate : ask(who)
    },
    /** The gate for any period, asked anew: for imports. */
    async during({ orgId, personId }: Who, span: Span): Promise<Gate> {
      const gates = await load(orgId, [personId], span)
      return gates.get(personId) ?? SHUT
    },
  }
}

/** Those who report at the time and whose gate soon is too old; the others are forgotten. */
function dueOf(known: Map<string, Known>, now: number): Known[] {
  const due: Known[] = []
  for (const [key, entry] of known) {
    if (entry.askedAt < now - ACTIVE_MS) known.delete(key)
    else if (entry.until <= now + REMEMBER_MS / 2) due.push(entry)
  }
  return due
}

/** Collects who is asked for in one turn of the event loop, then loads each org's people together. */
function createGathering(load: Load, now: () => number, askDue: () => unknown) {
  let waiting: Waiting = new Map()
  const loadWaiting = async () => {
    askDue()
    const all = waiting
    waiting = new Map()
    const span = { from: now() - 8 * DAY_MS, to: now() + DAY_MS }
    await Promise.all([...all].map(([orgId, people]) => answer(load, { orgId, people, span })))
  }
  return ({ orgId, personId }: Who) =>
    new Promise<Gate>((resolve, reject) => {
      if (waiting.size === 0) setImmediate(() => void loadWaiting())
      const ofOrg: Waiters = waiting.get(orgId) ?? new Map()
      const each = ofOrg.get(personId) ?? []
      waiting.set(orgId, ofOrg.set(personId, [...each, { resolve, reject }]))
    })
}

async function answer(load: Load, asked: { orgId: string; people: Waiters; span: Span }) {
  const { orgId, people, span } = asked
  try {
    const gates = await load(orgId, [...people.keys()], span)
    for (const [id, waiters] of people)
      for (const { resolve } of waiters) resolve(gates.get(id) ?? SHUT)
  } catch (error) {
    for (const waiters of people.values()) for (const { reject } of waiters) reject(error)
  }
}

type Load = (orgId: string, people: string[], span: Span) => Promise<Map<string, Gate>>

/** One org's gates by two queries; people without duty and consent are there, shut. */
function createLoad(kit: Kit, parts: GateParts): Load {
  const countriesOf = rememberCountries(kit)
  return async (orgId, people, span) => {
    const [duty, consent, countries] = await Promise.all([
      parts.duty(kit.db, orgId, people, span),
      parts.consent(kit.db, orgId, people),
      countriesOf(orgId),
    ])
    const gateOf = (id: string): Gate => ({
      duty: duty.get(id) ?? [],
      consentAt: consent.get(id) ?? null,
      countries,
    })
    return new Map(people.map((id) => [id, gateOf(id)]))
  }
}

interface Span {
  from: number
  to: number
}
type Waiter = { resolve: (gate: Gate) => void; reject: (error: unknown) => void }
type Waiters = Map<string, Waiter[]>
type Waiting = Map<string, Waiters>

const SHUT: Gate = { duty: [], consentAt: null, countries: [] }

const keyOf = ({ orgId, personId }: Who) => `${orgId} ${personId}`

function rememberCountries(kit: Kit) {
  const known = new Map<string, { codes: Promise<readonly string[]>; until: number }>()
  return (orgId: string): Promise<readonly string[]> => {
    const remembered = known.get(orgId)
    if (remembered && remembered.until > kit.clock.now()) return remembered.codes
    const codes = findCountries(kit.db, orgId).then((org) => org?.countries ?? [])
    known.set(orgId, { codes, until: kit.clock.now() + COUNTRIES_MS })
    codes.catch(() => known.delete(orgId))
    return codes
  }
}
