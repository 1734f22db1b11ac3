import { Fault } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { rawRoute, type RawAsked, type RawReply, type RawRoute } from '../../core/http/route.ts'
import { createNonces } from './nonces.ts'
import {
  cutBody,
  echoOf,
  isEcho,
  isEnvelope,
  isFresh,
  openEnvelope,
  signedQuery,
  type Envelope,
  type Refusal,
} from './open.ts'
import type { Door } from './queries.ts'
import { createRefusals } from './refusals.ts'
import { isSigned, type CallbackKeys } from './crypto.ts'

export interface CallbackSettings {
  orgId: string
  corpId: string // the receiver that every message must name
  keys: Readonly<Record<Door, CallbackKeys | null>> // null: the address is not in use
}

/** Keeps a decrypted message; resolves after commit. */
export type Hear = (door: Door, message: string) => Promise<'new' | 'repeated' | 'unreadable'>

/** One address with its keys. */
interface Address {
  keys: CallbackKeys
  corpId: string
  now: () => number
  nonces: ReturnType<typeof createNonces>
  refuse: (reason: Refusal) => Fault
  count: (outcome: string) => void
  hear: (message: string) => ReturnType<Hear>
}

/** The two addresses that WeCom calls, each verified by GET and used by POST. */
export function callbackRoutes(kit: Kit, settings: CallbackSettings, hear: Hear): RawRoute[] {
  const addressOf = createAddresses(kit, settings, hear)
  return (['app', 'contacts'] as const).flatMap((door) => [
    rawRoute({
      method: 'GET',
      path: `/wecom/callback/${door}`,
      summary: 'WeCom verifies this address',
      raw: async ({ query }) => verify(addressOf(door), query),
    }),
    rawRoute({
      method: 'POST',
      path: `/wecom/callback/${door}`,
      summary: 'WeCom tells of something: sealed, signed, repeated until the answer is 200',
      raw: async (asked) => receive(addressOf(door), asked),
    }),
  ])
}

/** @throws Fault `not_found` for an address that has no keys. */
function createAddresses(kit: Kit, settings: CallbackSettings, hear: Hear) {
  const { refuse, count } = createRefusals(kit)
  const nonces = { app: createNonces(kit.clock), contacts: createNonces(kit.clock) }
  return (door: Door): Address => {
    const keys = settings.keys[door]
    if (!keys) throw new Fault('not_found', 'this callback is not configured')
    return {
      keys,
      corpId: settings.corpId,
      now: kit.clock.now,
      nonces: nonces[door],
      refuse: (reason) => refuse(door, reason),
      count: (outcome) => count(door, outcome),
      hear: (message) =>
        hear(door, message).catch((error: unknown) => {
          kit.log.error({ err: error, door }, 'a callback could not be kept')
          throw error
        }),
    }
  }
}

/** The number that WeCom sealed, in plain text and nothing around it. */
function verify(address: Address, query: URLSearchParams): RawReply {
  const message = unsealed(address, { ...freshQuery(address, query), encrypt: echoOf(query) ?? '' })
  if (!isEcho(message)) throw address.refuse('xml')
  address.count('verified')
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: message }
}

const MOST_BODY = 128_000 // bytes; what WeCom sends has a few thousand. More is refused unread

/** Stored, then answered with nothing: WeCom wants no more, and repeats what is not answered with 200. */
async function receive(address: Address, asked: RawAsked): Promise<RawReply> {
  const signed = freshQuery(address, asked.query)
  if (address.nonces.isTaken(nonceOf(signed))) throw address.refuse('replayed')
  const cut = cutBody(await asked.text(MOST_BODY))
  if (!cut) throw address.refuse('body')
  const message = unsealed(address, { ...signed, encrypt: cut.encrypt })
  if (!isEnvelope(cut)) throw address.refuse('body')
  const heard = await kept(address, message, signed)
  if (heard === 'unreadable') throw address.refuse('xml')
  address.count(heard)
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: '' }
}

type Signed = Omit<Envelope, 'encrypt'>

function freshQuery(address: Address, query: URLSearchParams): Signed {
  const signed = signedQuery(query)
  if (!signed) throw address.refuse('query')
  if (!isFresh(signed, address.now())) throw address.refuse('timestamp')
  return signed
}

/** What is inside, of a text that is signed, not used before, sealed with our key and meant for us. */
function unsealed({ keys, corpId, nonces, refuse }: Address, envelope: Envelope): string {
  if (!isSigned(keys.token, envelope, envelope.signature)) throw refuse('signature')
  if (!nonces.take(nonceOf(envelope))) throw refuse('replayed')
  const opening = openEnvelope(keys, corpId, envelope.encrypt)
  if (!opening.ok) throw refuse(opening.reason)
  return opening.message
}

const nonceOf = ({ timestamp, nonce }: Signed) => `${timestamp} ${nonce}`

const PATIENCE_MS = 4_000 // WeCom's is 5 s

/** A database that is away, or takes too long, is told as 503: WeCom comes again, perhaps with the same nonce. */
async function kept(address: Address, message: string, signed: Signed) {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database takes too long')), PATIENCE_MS)
  })
  try {
    return await Promise.race([address.hear(message), late])
  } catch {
    address.nonces.giveBack(nonceOf(signed))
    address.count('away')
    throw new Fault('not_ready', 'this callback can not be kept at the moment')
  } finally {
    clearTimeout(timer)
  }
}
