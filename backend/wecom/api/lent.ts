import { createHash, hkdfSync, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../core/db.ts'
import { createSafe } from '../../core/seal.ts'
import { sql } from '../../core/sql.ts'
import type { Lender, Lent } from './kept.ts'

interface Sealed {
  sealed: string
  digest: string
  until: number // epoch ms
}

/** The rows that processes share. `sealed` is a value nobody can read without the app's secret. */
export interface LentStore {
  /** The row, if it is still good at `now`. */
  read(name: string, now: number): Promise<Sealed | null>
  /** Makes `holder` the one who fetches; false while another one does, or when the row is good. */
  claim(name: string, holder: string, now: number): Promise<boolean>
  write(name: string, holder: string, row: Sealed): Promise<void>
  release(name: string, holder: string): Promise<void>
  /** Forgets the value with this digest, and no newer one. */
  drop(name: string, digest: string): Promise<void>
}

const CLAIM_SECONDS = 20 // longer than a fetch with all its repetitions; then another may try
const MARGIN_SECONDS = 300 // renewed so long before its end; half the life if that is shorter
const LOOK_AGAIN_MS = 60

/** Tokens and tickets of one company in its database. A claim is a row with an end, not a lock: the embedded database has one session for all. */
export function lentIn(db: Db, orgId: string): LentStore {
  return {
    read: (name, now) =>
      db.first(sql`
        select sealed, digest, good_until as until
        from wecom_lent
        where org_id = ${orgId} and name = ${name} and sealed is not null
          and good_until > to_timestamp(${now}::float8 / 1000)`),
    claim: async (name, holder, now) =>
      (await db.run(sql`
        insert into wecom_lent (org_id, name, holder, held_until)
        values (${orgId}, ${name}, ${holder}, now() + make_interval(secs => ${CLAIM_SECONDS}::float8))
        on conflict (org_id, name) do update
        set holder = excluded.holder, held_until = excluded.held_until
        where (wecom_lent.held_until is null
            or wecom_lent.held_until < excluded.held_until - make_interval(secs => ${CLAIM_SECONDS}::float8)) -- the moment itself
          and (wecom_lent.sealed is null
            or wecom_lent.good_until <= to_timestamp(${now}::float8 / 1000))`)) > 0,
    write: async (name, holder, row) =>
      void (await db.run(sql`
        update wecom_lent
        set sealed = ${row.sealed}, digest = ${row.digest}, holder = null, held_until = null,
          good_until = to_timestamp(${row.until}::float8 / 1000)
        where org_id = ${orgId} and name = ${name} and holder = ${holder}`)),
    release: async (name, holder) =>
      void (await db.run(sql`
        update wecom_lent set holder = null, held_until = null
        where org_id = ${orgId} and name = ${name} and holder = ${holder}`)),
    drop: async (name, digest) =>
      void (await db.run(sql`
        update wecom_lent set sealed = null, digest = null
        where org_id = ${orgId} and name = ${name} and digest = ${digest}`)),
  }
}

interface LenderOptions {
  corpId: string
  secret: string
  clock: Clock
  store?: LentStore
  wait?: (ms: number) => Promise<void>
}

type Load = () => Promise<{ value: string; seconds: number }>

/**
 * Lends a value once for all processes that share the store: who finds none claims the fetch, the
 * others look again until it is there. Without a store each process fetches its own.
 */
export function createLender(options: LenderOptions): (name: string, load: Load) => Lender {
  const { clock, store } = options
  const safe = safeOf(options)
  return (kind, load) => {
    const fresh = async (): Promise<Lent> => {
      const { value, seconds } = await load()
      const good = Math.max(seconds - MARGIN_SECONDS, seconds / 2)
      return { value, until: clock.now() + good * 1000 }
    }
    if (!store) return { get: fresh, drop: async () => undefined }
    const name = `${kind} ${safe.mark}`
    const known = async () => {
      const row = await store.read(name, clock.now())
      const lent = row && safe.open(name, row)
      if (row && !lent) await store.drop(name, row.digest) // not written by us
      return lent
    }
    const get = async (): Promise<Lent> => {
      const holder = randomUUID()
      for (;;) {
        const found = await known()
        if (found) return found
        if (await store.claim(name, holder, clock.now())) break
        await sleep(LOOK_AGAIN_MS)
      }
      try {
        const lent = await fresh()
        await store.write(name, holder, safe.seal(name, lent))
        return lent
      } catch (error) {
        await store.release(name, holder)
        throw error
      }
    }
    return { get, drop: (value) => store.drop(name, digestOf(value)) }
  }
}

/**
 * Seals with a key made of the app's secret: who has that may fetch a token anyway, so no other
 * secret is needed, and a new secret of the app leaves the old rows closed.
 */
function safeOf({ corpId, secret }: LenderOptions) {
  const derived = (use: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, corpId, `zuji wecom ${use}`, bytes))
  const safe = createSafe(derived('lent', 32))
  return {
    mark: derived('mark', 6).toString('hex'), // rows of another secret have other names
    seal: (name: string, { value, until }: Lent): Sealed => ({
      sealed: safe.seal(name, value),
      digest: digestOf(value),
      until,
    }),
    open(name: string, row: Sealed): Lent | null {
      const value = safe.open(name, row.sealed)
      return value === null ? null : { value, until: row.until }
    },
  }
}

const digestOf = (value: string) => createHash('sha256').update(value).digest('hex')
