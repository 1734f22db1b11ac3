import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Batch, Post, Queue } from '../../h5/report/ports.ts'
import { openQueue } from '../../h5/report/queue.ts'
import { Sender, waitMs } from '../../h5/report/sender.ts'
import { fixAt } from './queuedFix.ts'

const START = Date.UTC(2026, 10, 23, 1)
let person = 0
let queue: Queue

const fill = async (count: number, everyMs = 8_000) => {
  const fixes = Array.from({ length: count }, (_, i) => fixAt(START + i * everyMs))
  for (const fix of fixes) await queue.addFix(fix)
  return fixes
}

/** A server that remembers, fails where told, and rejects ids it is told to. */
function server(options: { failOn?: (call: number) => boolean; reject?: Set<string> } = {}) {
  const batches: Batch[] = []
  const kept = new Set<string>()
  const acknowledged = new Set<string>()
  let again = 0
  const post: Post = async (batch) => {
    batches.push(batch)
    again += batch.fixes.filter((fix) => acknowledged.has(fix.id)).length
    const rejected = batch.fixes.flatMap((fix, index) =>
      options.reject?.has(fix.id)
        ? [{ index, id: fix.id, code: 'off_duty' as const, message: 'at is off duty' }]
        : [],
    )
    for (const fix of batch.fixes) if (!options.reject?.has(fix.id)) kept.add(fix.id)
    if (options.failOn?.(batches.length)) throw new Error('the answer was lost')
    for (const fix of batch.fixes) acknowledged.add(fix.id)
    return { accepted: batch.fixes.length - rejected.length, duplicate: 0, rejected }
  }
  return { post, batches, kept, sentAgainAfterAck: () => again }
}

/** Waits are run by hand: the sender ends when nothing is left to run and nothing waits. */
function drive(post: Post) {
  const waits: (() => void)[] = []
  let settled: () => void = () => undefined
  const sender = new Sender({
    queue,
    post,
    random: () => 0.5,
    after: (_ms, action) => {
      waits.push(action)
      settled()
      return () => waits.splice(waits.indexOf(action), 1)
    },
    attempted: () => {
      void queue.count().then((left) => left === 0 && settled())
    },
  })
  const round = (start: () => void) =>
    new Promise<void>((resolve) => {
      settled = resolve
      start()
    })
  return { sender, waits, round }
}

beforeEach(async () => {
  queue = await openQueue(`rep${person++}`)
})

describe('what waits on the phone', () => {
  it('goes newest first: a small live batch, then backlog in batches of at most 500', async () => {
    const fixes = await fill(1_200)
    const { post, batches } = server()
    const { sender, round } = drive(post)
    await round(() => sender.kick())

    expect(batches.map((batch) => batch.fixes.length)).toEqual([20, 500, 500, 180])
    const sent = batches.flatMap((batch) => batch.fixes.map((fix) => fix.id))
    expect(sent).toEqual(fixes.map((fix) => fix.id).reverse())
  })

  it('loses nothing and repeats nothing acknowledged when answers get lost', async () => {
    const fixes = await fill(1_100)
    const { post, kept, sentAgainAfterAck } = server({ failOn: (n) => n % 2 === 0 })
    const { sender, waits, round } = drive(post)
    await round(() => sender.kick())
    while (waits.length > 0) {
      const next = waits.shift()
      await round(() => next?.())
    }
    expect(kept.size).toBe(fixes.length)
    expect(sentAgainAfterAck()).toBe(0)
    expect(await queue.count()).toBe(0)
  })

  it('forgets what the server rejected, and nothing that it did not answer', async () => {
    const fixes = await fill(3)
    const rejected = new Set(fixes.slice(0, 1).map((fix) => fix.id))
    const { post } = server({ reject: rejected, failOn: (n) => n === 1 })
    const { sender, waits, round } = drive(post)
    await round(() => sender.kick())
    expect(await queue.count()).toBe(3)

    await round(() => waits.shift()?.())
    expect(await queue.count()).toBe(0)
  })

  it('is sent at once when the network comes back, whatever wait was under way', async () => {
    await fill(2)
    const { post } = server({ failOn: (n) => n === 1 })
    const { sender, waits, round } = drive(post)
    await round(() => sender.kick())
    expect(waits).toHaveLength(1)
    await round(() => sender.wake())
    expect(await queue.count()).toBe(0)
    expect(waits).toHaveLength(0)
  })

  it('holds three days offline, 30,000 fixes, and empties completely', async () => {
    await fill(30_000)
    expect(await queue.count()).toBe(30_000)
    const { post, kept, batches } = server()
    const { sender, round } = drive(post)
    await round(() => sender.kick())
    expect(kept.size).toBe(30_000)
    expect(Math.max(...batches.map((batch) => batch.fixes.length))).toBe(500)
  }, 120_000)

  it('survives closing, and another person signed in on the phone neither sees nor sends it', async () => {
    const mine = await openQueue('lilei')
    await mine.addFix(fixAt(START))
    mine.close()

    const theirs = await openQueue('hanmeimei')
    expect(await theirs.count()).toBe(0)
    theirs.close()

    const again = await openQueue('lilei')
    expect(await again.count()).toBe(1)
  })
})

describe('the wait after a failure', () => {
  it('doubles from 2 s to 5 min, its second half left to chance', () => {
    expect(waitMs(1, 1)).toBe(2_000)
    expect(waitMs(1, 0)).toBe(1_000)
    expect(waitMs(4, 1)).toBe(16_000)
    expect(waitMs(40, 1)).toBe(300_000)
  })
})
