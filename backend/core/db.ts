import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { isAway } from './away.ts'
import { openHosts, type Hosts } from './hosts.ts'
import type { Sql } from './sql.ts'

/** One clock format from table to page: timestamptz comes back as epoch ms, date as its text. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.TIMESTAMPTZ) return Date.parse
    if (oid === pg.types.builtins.DATE) return (text: string) => text
    if (oid === pg.types.builtins.INT8) return Number
    return pg.types.getTypeParser(oid, format)
  },
}

/** A connection or a pool of them, as queries see it. Row types are declared by the query that names the columns. */
export interface Db {
  many<Row extends object>(query: Sql): Promise<Row[]>
  /**
   * The only row, or null.
   * @param name of a statement that comes many times a second, with the very same text each time: a
   *   server plans it once for each connection. The embedded session is shared, names would collide.
   */
  first<Row extends object>(query: Sql, name?: string): Promise<Row | null>
  /** Runs and answers the number of rows touched (for inserts that must count, use `returning` and `many`). */
  run(query: Sql): Promise<number>
  /** One statement text with parameters given by another library (migrations, jobs). */
  raw(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>
  transact<T>(work: (tx: Db) => Promise<T>): Promise<T>
}

export interface Database extends Db {
  readonly kind: 'embedded' | 'server'
  /** For a library that must have a connection of its own (migrations). */
  readonly connection: pg.ClientConfig
  /** How its connections are used at this moment. */
  use(): { busy: number; idle: number; most: number; waiting: number }
  close(): Promise<void>
}

/**
 * Whoever holds a connection must not ask for a second one: with the embedded pool of one that
 * waits for ever, with a big pool it deadlocks under load. Guarded, it fails at once instead.
 */
interface Guard {
  refuseSecond(): void
  holding<T>(work: () => Promise<T>): Promise<T>
}

function guard(): Guard {
  const held = new AsyncLocalStorage<true>()
  return {
    refuseSecond() {
      if (held.getStore())
        throw new Error('a second connection was asked for inside a transaction: pass `tx` on')
    },
    holding: (work) => held.run(true, work),
  }
}

/** Node 20 pays for the guard with every promise of the process, a sixth of its time under load. */
const UNGUARDED: Guard = { refuseSecond: () => {}, holding: (work) => work() }

/**
 * @param options.max 1 for the embedded database, whose connections share one session.
 * @param options.guarded refuse a second connection inside a transaction: where it would wait for
 *   ever, and wherever tests run.
 */
export function openDatabase(options: {
  kind: 'embedded' | 'server'
  /** Of one host, or of several of the same database, of which one takes writes at a time. */
  connections: readonly pg.ClientConfig[]
  max: number
  guarded: boolean
  onError: (error: unknown) => void
}): Database {
  const each = { max: options.max, types, idleTimeoutMillis: 0 }
  const hosts = openHosts(options.connections, each)
  const { pool } = hosts
  pool.on('error', options.onError)
  // the pool hears its idle connections only: one that breaks in somebody's hands would end the process
  pool.on('connect', (client) => client.on('error', options.onError))
  const { refuseSecond, holding } = options.guarded ? guard() : UNGUARDED
  const { kind } = options
  const ask: Ask = (text, values, name) => {
    refuseSecond()
    return hosts.query(named(kind, { text, values, name }))
  }
  return {
    kind,
    get connection() {
      return hosts.connection()
    },
    ...queriesOver(ask),
    transact(work) {
      refuseSecond()
      return transact(hosts, kind, (tx) => holding(() => work(tx)))
    },
    use: () => ({
      busy: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      most: options.max,
      waiting: pool.waitingCount,
    }),
    close: () => pool.end(),
  }
}

type Ask = (text: string, values: unknown[], name?: string) => Promise<pg.QueryResult>

interface Asked {
  text: string
  values: unknown[]
  name: string | undefined
}

const named = (kind: Database['kind'], { name, ...query }: Asked): pg.QueryConfig =>
  name && kind === 'server' ? { ...query, name } : query

function queriesOver(ask: Ask): Omit<Db, 'transact'> {
  return {
    many: async <Row extends object>(query: Sql): Promise<Row[]> =>
      (await ask(query.text, query.values)).rows,
    first: async <Row extends object>(query: Sql, name?: string): Promise<Row | null> =>
      (await ask(query.text, query.values, name)).rows[0] ?? null,
    run: async (query) => (await ask(query.text, query.values)).rowCount ?? 0,
    raw: (text, values = []) => ask(text, values),
  }
}

async function transact<T>(
  hosts: Hosts,
  kind: Database['kind'],
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  const client = await hosts.connect()
  const tx: Db = {
    ...queriesOver((text, values, name) => client.query(named(kind, { text, values, name }))),
    transact: (inner) => inner(tx), // already inside one
  }
  try {
    await client.query('begin')
    const result = await work(tx)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(isAway(error)), // a host that takes no writes any more is looked for anew
      (broken: unknown) => client.release(broken instanceof Error ? broken : true),
    )
    throw error
  }
}
