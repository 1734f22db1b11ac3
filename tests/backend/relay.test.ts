import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFacts, type FactBus } from '../../backend/core/facts.ts'
import { createLog } from '../../backend/core/log.ts'
import { createMetrics } from '../../backend/core/metrics.ts'
import { relayFacts, type Relay } from '../../backend/core/relay.ts'
import { startRedis, type RedisServer } from '../support/redis.ts'

let redis: RedisServer
let direct: Redis
beforeAll(async () => {
  redis = await startRedis()
  direct = new Redis(redis.url, { retryStrategy: () => 50 })
  direct.on('error', () => undefined)
})
afterAll(async () => {
  direct.disconnect()
  await redis.kill()
})

/** A process as far as facts go, and what it has heard from everywhere. */
interface Member {
  facts: FactBus
  relay: Relay
  joined(): Promise<unknown>
  heard: string[]
  /** Resolves when it has heard these words, in whatever order, since the last time. */
  hears(...words: string[]): Promise<void>
}

const members: Member[] = []
let a: Member
let b: Member
beforeEach(async () => {
  await direct.del('zuji:facts')
  a = join()
  b = join()
  await Promise.all([a.joined(), b.joined()])
})
afterEach(async () => {
  for (const member of members.splice(0)) await member.relay.close()
})

function join(): Member {
  const facts = createFacts((error) => {
    throw error
  })
  const metrics = createMetrics()
  const heard: string[] = []
  const waiting: (() => void)[] = []
  const note = (word: string) => {
    heard.push(word)
    for (const wake of waiting.splice(0)) wake()
  }
  facts.onEverywhere('fixesStored', ({ orgId, people }) => {
    for (const { personId, fixes } of people) note(`${orgId} ${personId} ${fixes.length}`)
  })
  facts.onEverywhere('personChanged', ({ orgId, personId }) => note(`${orgId} ${personId} changed`))
  facts.onEverywhere('alertChanged', ({ orgId, personId, id }) => note(`${orgId} ${personId} alert ${id}`)) // prettier-ignore
  facts.onEverywhere('factsMissed', () => note('missed'))
  const until = async (holds: () => boolean | Promise<boolean>, wait: () => Promise<unknown>) => {
    while (!(await holds())) await wait()
  }
  const relay = relayFacts(redis.url, { facts, metrics, log: createLog('silent') })
  const member = {
    facts,
    relay,
    heard,
    joined: () =>
      until(
        async () => /^zuji_processes_joined 1$/m.test(await metrics.registry.metrics()),
        () => direct.ping(),
      ),
    hears: (...words: string[]) =>
      until(
        () => words.every((word) => heard.includes(word)),
        () => new Promise<void>((resolve) => waiting.push(resolve)),
      ),
  }
  members.push(member)
  return member
}

const FIX = { id: 'f', at: 1, lng: 114, lat: 22.5, accuracy: 9, date: '2026-11-26' }
const report = (member: Member, personId: string) =>
  member.facts.publish('fixesStored', { orgId: 'o', people: [{ personId, fixes: [FIX] }] })

test('what one process publishes the others hear, once, and without positions', async () => {
  report(a, 'rep1')
  report(a, 'rep1')
  a.facts.publish('personChanged', { orgId: 'o', personId: 'rep2' })
  await b.hears('o rep1 0', 'o rep2 changed')
  expect(b.heard.sort()).toEqual(['o rep1 0', 'o rep2 changed'])
  expect(a.heard.sort()).toEqual(['o rep1 1', 'o rep1 1', 'o rep2 changed'])
  expect(JSON.stringify(await direct.xrange('zuji:facts', '-', '+'))).not.toContain('114')
})

test('an alert of one process reaches the sockets of the others', async () => {
  a.facts.publish('alertChanged', { orgId: 'o', personId: 'rep1', id: '7' })
  await b.hears('o rep1 alert 7')
})

test('work that one process does is not done again by those who hear of it', async () => {
  const working: string[] = []
  b.facts.on('personChanged', ({ personId }) => working.push(personId))
  a.facts.publish('personChanged', { orgId: 'o', personId: 'rep1' })
  await b.hears('o rep1 changed')
  expect(working).toEqual([])
})

test('a lost connection loses no fact, and what may have been missed is said', async () => {
  await direct.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  report(a, 'rep1')
  await b.hears('missed', 'o rep1 0')
  report(b, 'rep2')
  await a.hears('missed', 'o rep2 0')
})

test('facts wait for a Redis that is away, each person once; all doubt what they know when it is back, empty', async () => {
  await redis.kill()
  for (const personId of ['rep1', 'rep2', 'rep1']) report(a, personId)
  a.facts.publish('personChanged', { orgId: 'o', personId: 'rep3' })
  expect(b.heard).toEqual([])
  await redis.start()
  await b.hears('missed', 'o rep1 0', 'o rep2 0', 'o rep3 changed')
  expect(b.heard.filter((word) => word === 'o rep1 0')).toHaveLength(1)
  report(b, 'rep9')
  await a.hears('missed', 'o rep9 0')
})

test('a number left out, and what is no parcel, is noticed', async () => {
  const send = (n: number, text: string) =>
    direct.xadd('zuji:facts', '*', 'by', 'elsewhere', 'n', String(n), 'parcel', text)
  await send(1, JSON.stringify({ reported: { o: ['rep1'] }, changed: [] }))
  await a.hears('o rep1 0')
  expect(a.heard).not.toContain('missed')
  await send(3, 'nonsense {')
  await a.hears('missed')
  await send(4, JSON.stringify({ reported: {}, changed: [['o', 'rep2']] }))
  await a.hears('o rep2 changed')
})
