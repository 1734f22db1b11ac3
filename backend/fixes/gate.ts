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
const COUNTRIES_MS = 60_000
const REMEMBER_MAX = 50_000 // people; then all are forgotten
const DAY_MS = 86_400_000

/**
 * Duty and consent by person, remembered for 2 s. Those who are asked for in the same moment are
 * loaded together: a thousand phones cost two queries, not two thousand.
 */
export function createGates(kit: Kit, parts: GateParts) {
  const { now } = kit.clock
  const known = new Map<string, { gate: Promise<Gate>; until: number }>()
  const load = createLoad(kit, parts)
  const gather = createGathering(load, now)
  const forget = (who: Who) => known.delete(keyOf(who))
  kit.facts.on('personChanged', forget)
  return {
    /** The gate for fixes of the last 7 days. */
    async of(who: Who): Promise<Gate> {
      const key = keyOf(who)
      const remembered = known.get(key)
      if (remembered && remembered.until > now()) return remembered.gate
      if (known.size >= REMEMBER_MAX) known.clear()
      const gate = gather(who)
      known.set(key, { gate, until: now() + REMEMBER_MS })
      gate.catch(() => forget(who))
      return gate
    },
    /** The gate for any period, asked anew: for imports. */
    async during({ orgId, personId }: Who, span: Span): Promise<Gate> {
      const gates = await load(orgId, [personId], span)
      return gates.get(personId) ?? SHUT
    },
  }
}

/** Collects who is asked for in one turn of the event loop, then loads each org's people together. */
function createGathering(load: Load, now: () => number) {
  let waiting: Waiting = new Map()
  const loadWaiting = async () => {
    const all = waiting
    waiting = new Map()
    const span = { from: now() - 8 * DAY_MS, to: now() + DAY_MS }
    await Promise.all([...all].map(([orgId, people]) => answer(load, { orgId, people, span })))
  }
  return ({ orgId, personId }: Who) =>
    new Promise<Gate>((resolve, reject) => {
      if (waiting.size === 0) setImmediate(() => void loadWaiting())
      const ofOrg: Waiters = waiting.get(orgId) ?? new Map()
      waiting.set(orgId, ofOrg.set(personId, { resolve, reject }))
    })
}

async function answer(load: Load, asked: { orgId: string; people: Waiters; span: Span }) {
  const { orgId, people, span } = asked
  try {
    const gates = await load(orgId, [...people.keys()], span)
    for (const [id, { resolve }] of people) resolve(gates.get(id) ?? SHUT)
  } catch (error) {
    for (const { reject } of people.values()) reject(error)
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
type Waiters = Map<string, { resolve: (gate: Gate) => void; reject: (error: unknown) => void }>
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
