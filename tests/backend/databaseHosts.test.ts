import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../backend/core/config.ts'
import { openDatabase, type Database } from '../../backend/core/db.ts'
import { addressesOf } from '../../backend/core/hosts.ts'
import { sql } from '../../backend/core/sql.ts'
import { borrowDatabase } from '../support/database.ts'

let borrowed: Awaited<ReturnType<typeof borrowDatabase>>
beforeAll(async () => {
  borrowed = await borrowDatabase()
})
afterAll(() => borrowed.close())

describe('an address of several hosts', () => {
  it('is one for each of them, as libpq has it', () => {
    const after = '/zuji?sslmode=require&target_session_attrs=read-write'
    expect(addressesOf(`postgres://me:p%40@one:5433,two${after}`)).toEqual([
      'postgres://me:p%40@one:5433/zuji?sslmode=require',
      'postgres://me:p%40@two/zuji?sslmode=require',
    ])
    expect(addressesOf('postgres://me@x/zuji?host=/run/a,/run/b&port=5432,5433')).toEqual([
      'postgres://me@x/zuji?host=%2Frun%2Fa&port=5432',
      'postgres://me@x/zuji?host=%2Frun%2Fb&port=5433',
    ])
    expect(addressesOf('postgres://me@one/zuji?a=b')).toEqual(['postgres://me@one/zuji?a=b'])
  })

  it('is a setting like one of a single host; what is no address is refused', () => {
    const of = (text: string) => readConfig({ DATABASE_URL: text }).databaseUrl
    expect(of('postgresql://me@one,two:5433/zuji')).toBe('postgresql://me@one,two:5433/zuji')
    for (const wrong of ['mysql://me@one/zuji', 'postgres://one:x,two/zuji', 'one,two'])
      expect(() => of(wrong), wrong).toThrow('DATABASE_URL: must be postgres://')
  })
})

describe('several hosts', () => {
  const through = async <T>(work: (db: Database) => Promise<T>): Promise<T> => {
    const { connection } = borrowed.db
    const readOnly = { ...connection, options: '-c default_transaction_read_only=on' }
    const nobody = { host: '127.0.0.1', port: 1, connectionTimeoutMillis: 1_000 }
    const onError = () => undefined
    const db = openDatabase({ kind: 'server', connections: [nobody, readOnly, connection], max: 3, guarded: true, onError }) // prettier-ignore
    return work(db).finally(() => db.close())
  }

  it('are gone through until one takes writes, by questions and by transactions at once', async () => {
    await through(async (db) => {
      const mode = sql`select current_setting('transaction_read_only') as mode`
      const told = await Promise.all([
        ...[1, 2, 3].map(() => db.first<{ mode: string }>(mode)),
        db.transact((tx) => tx.first<{ mode: string }>(mode)),
      ])
      expect(told.map((row) => row?.mode)).toEqual(['off', 'off', 'off', 'off'])
      expect(db.connection).toBe(borrowed.db.connection)
      await expect(db.first(sql`select no_such_column`)).rejects.toThrow('no_such_column')
      expect(db.use().busy).toBe(0)
    })
  })

  it('leave a host that stopped taking writes, whether a question hears so or a transaction', async () => {
    const write = sql`create table written_nowhere ()`
    for (const ask of [
      (db: Database) => db.run(write),
      (db: Database) => db.transact((tx) => tx.run(write)),
    ])
      await through(async (db) => {
        await db.raw('set session characteristics as transaction read only')
        await expect(ask(db)).rejects.toThrow('read-only')
        const undone = db.transact(async (tx) => {
          await tx.run(write)
          throw new Error('all is well')
        })
        await expect(undone).rejects.toThrow('all is well')
      })
  })
})
