import fc from 'fast-check'
import { serialize } from 'pg-protocol'
import { expect, test } from 'vitest'
import { OneSession, readyOnce } from '../../backend/core/embedded/oneSession.ts'
import { createTurnReader } from '../../backend/core/embedded/turns.ts'

const hello = serialize.startup({ user: 'postgres', database: 'postgres' })
const extended = Buffer.concat([
  serialize.parse({ text: 'select $1::int' }),
  serialize.bind({ values: ['4'] }),
  serialize.execute({}),
  serialize.sync(),
])
const simple = serialize.query('select 1')
const ready = (status: string) => Buffer.from(`Z\0\0\0\x05${status}`, 'latin1')
const error = Buffer.from('E\0\0\0\x05\0', 'latin1')

test('turns are cut the same wherever the chunks end', () => {
  const stream = Buffer.concat([hello, extended, simple, extended, serialize.end()])
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
      const reader = createTurnReader()
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length]
      const heard = edges.flatMap((from, index) => reader(stream.subarray(from, edges[index + 1])))
      const turns = heard.map((each) =>
        each.kind === 'turn' ? Buffer.from(each.bytes) : each.kind,
      )
      expect(turns).toEqual([hello, extended, simple, extended, 'bye'])
    }),
  )
})

test('an error is followed by one ReadyForQuery', () => {
  const answer = Buffer.concat([error, ready('I'), ready('I')])
  expect(readyOnce(answer)).toEqual({ bytes: Buffer.concat([error, ready('I')]), status: 'I' })
  expect(readyOnce(ready('T'))).toEqual({ bytes: ready('T'), status: 'T' })
  expect(readyOnce(error)).toEqual({ bytes: error, status: null })
})

test('a connection in a transaction is served before those that came earlier', async () => {
  const ran: string[] = []
  const session = new OneSession(async (turn) => {
    const text = Buffer.from(turn).toString()
    ran.push(text)
    return ready(text.startsWith('a') && text !== 'a3' ? 'T' : 'I')
  })
  const [a, b] = [Symbol('a'), Symbol('b')]
  const say = (client: symbol, text: string) => session.ask(client, Buffer.from(text))
  await Promise.all([say(a, 'a1'), say(b, 'b1'), say(a, 'a2'), say(a, 'a3'), say(b, 'b2')])
  expect(ran).toEqual(['a1', 'a2', 'a3', 'b1', 'b2'])
})

test('after a turn that the database could not run, the others go on', async () => {
  const session = new OneSession(async (turn) => {
    if (turn.length === 0) throw new Error('out of memory')
    return ready('I')
  })
  const client = Symbol('client')
  const failed = session.ask(client, Buffer.alloc(0))
  const next = session.ask(client, simple)
  await expect(failed).rejects.toThrow('out of memory')
  expect(await next).toEqual(ready('I'))
})
