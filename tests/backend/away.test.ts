import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { isAway } from '../../backend/core/away.ts'

const withCode = (code: string, more: object = {}) =>
  Object.assign(new Error('x'), { code, ...more })

describe('a database that is away', () => {
  it('is told from what is wrong with a question', () => {
    for (const code of [
      '57P01',
      '57P03',
      '08006',
      '53100',
      '53300',
      '25006',
      'ECONNREFUSED',
      'ECONNRESET',
    ])
      expect(isAway(withCode(code)), code).toBe(true)
    expect(isAway(new Error('Connection terminated unexpectedly'))).toBe(true)
    for (const code of ['23505', '42601', '22P02', '40P01', '57014', 'ERR_ASSERTION'])
      expect(isAway(withCode(code)), code).toBe(false)
    expect(isAway('57P01')).toBe(false)
    expect(isAway(new TypeError('x is not a function'))).toBe(false)
  })

  it('is not a file that is missing, but a socket that is', () => {
    expect(isAway(withCode('ENOENT', { syscall: 'open', path: '/photos/1' }))).toBe(false)
    expect(isAway(withCode('ENOENT', { syscall: 'connect', address: '/run/.s.PGSQL.5432' }))).toBe(
      true,
    )
  })

  it('is what pg says of an address where nobody is', async () => {
    const client = new pg.Client({ host: '127.0.0.1', port: 1 })
    const error: unknown = await client.connect().catch((refused: unknown) => refused)
    expect(isAway(error)).toBe(true)
  })
})
