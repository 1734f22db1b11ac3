import pg from 'pg'
import { isAway } from './away.ts'

const PARTS = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^/?#]*)([^?#]*)\??(.*)$/

/**
 * One address for each host of `postgres://name@one:5432,two:5432/zuji`, or of `?host=one,two&port=5432,5432`, as libpq
 * has them; an address of one host as it is. `target_session_attrs` is left out: of several hosts the one that takes
 * writes is looked for in any case.
 */
export function addressesOf(databaseUrl: string): string[] {
  const [, head = '', authority = '', path = '', query = ''] = PARTS.exec(databaseUrl) ?? []
  const words = new URLSearchParams(query)
  words.delete('target_session_attrs')
  const named = words.get('host')?.split(',')
  const hosts = named ?? authority.split(',')
  if (hosts.length < 2) return [databaseUrl]
  return hosts.map((host, at) => {
    const own = wordsOf(words, at)
    if (named) own.set('host', host)
    return `${head}${named ? authority : host}${path}${own.size > 0 ? `?${own}` : ''}`
  })
}

/** The words of one host: its own port, or the one that all have. */
function wordsOf(words: URLSearchParams, at: number): URLSearchParams {
  const own = new URLSearchParams(words)
  const ports = words.get('port')?.split(',') ?? []
  const port = ports[at] ?? ports[0]
  if (port !== undefined) own.set('port', port)
  return own
}

/** A pool of connections to whichever host takes writes. */
export interface Hosts {
  readonly pool: pg.Pool
  /** How to reach the host that took writes last. */
  connection(): pg.ClientConfig
  connect(): Promise<pg.PoolClient>
  query(query: pg.QueryConfig): Promise<pg.QueryResult>
}

/** Another host is asked at once, but nobody waits longer than for a connection of one. */
const PATIENCE_MS = 10_000

/**
 * @param connections of one host or several that follow each other (streaming replication): each new connection is
 *   asked whether it takes writes, and the next host is tried where it does not, or does not answer.
 */
export function openHosts(connections: readonly pg.ClientConfig[], options: pg.PoolConfig): Hosts {
  const [first = {}] = connections
  if (connections.length < 2) {
    const pool = new pg.Pool({ ...first, ...options })
    return { pool, connection: () => first, connect: () => pool.connect(), query: (query) => pool.query(query) } // prettier-ignore
  }
  const turn = turnOf(connections)
  const pool = new pg.Pool({ ...first, ...options, Client: turn.Client, verify: turn.verify })
  const connect = () => stubbornly(() => pool.connect(), 2 * connections.length)
  return {
    pool,
    connection: turn.connection,
    connect,
    async query(query) {
      const client = await connect()
      try {
        const result = await client.query(query)
        client.release()
        return result
      } catch (error) {
        client.release(isAway(error))
        throw error
      }
    },
  }
}

/** Whose turn it is: the next host after each try, and the same again after one that went well. */
function turnOf(connections: readonly pg.ClientConfig[]) {
  let next = 0
  const hosts = new WeakMap<object, number>()
  class Client extends pg.Client {
    constructor(given: pg.ClientConfig = {}) {
      super({ ...given, ...connections[next] })
      hosts.set(this, next)
      next = (next + 1) % connections.length
    }
  }
  const verify = (client: pg.PoolClient, done: (error?: Error) => void) => {
    refuseReadOnly(client).then(
      () => {
        next = hosts.get(client) ?? next
        done()
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('not verified')),
    )
  }
  return { Client, verify, connection: () => connections[next] ?? {} }
}

/** PostgreSQL's own code for a write where none is taken: callers wait for a host that takes them. */
async function refuseReadOnly(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ reads: boolean }>(
    "select pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as reads",
  )
  if (rows[0]?.reads !== false)
    throw Object.assign(new Error('this database only answers questions'), { code: '25006' })
}

async function stubbornly<T>(work: () => Promise<T>, times: number): Promise<T> {
  const until = performance.now() + PATIENCE_MS
  for (let left = times - 1; ; left--)
    try {
      return await work()
    } catch (error) {
      if (left <= 0 || performance.now() > until || !isAway(error)) throw error
    }
}
