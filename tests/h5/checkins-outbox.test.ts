import 'fake-indexeddb/auto'
import { v7 as uuid } from 'uuid'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CheckinInput, CheckinReply } from '../../backend/contract/checkins.ts'
import { CallFailed, type FailureCode } from '../../h5/core/api.ts'
import { Outbox } from '../../h5/checkins/outbox.ts'
import { openShelf, type Shelf } from '../../h5/checkins/shelf.ts'
import { seenFrom, spotAt, type Spot } from '../../h5/checkins/spots.ts'

const PHOTO = '01a21000-0000-7000-8000-000000000001'

interface World {
  asks: string | null // field that the server wants of a check-in whose person is there
  refusesPhotos: boolean
  fails: FailureCode | null // of every call
  mono: number
  now: number
}

/** A phone whose network and clocks are in the test's hand. */
function phone(shelf: Shelf, run = 'one') {
  const world: World = {
    asks: null,
    refusesPhotos: false,
    fails: null,
    mono: 1000,
    now: 1_700_000_000_000,
  }
  const sent: string[] = []
  const inputs: CheckinInput[] = []
  const send = (word: string) => {
    if (world.fails !== null) throw new CallFailed(world.fails, 0, 'said so')
    sent.push(word)
  }
  const outbox = new Outbox({
    ...{ shelf, run, mono: () => world.mono, now: () => world.now },
    sendPhoto: (id) =>
      Promise.resolve().then(() => {
        if (world.refusesPhotos) throw new CallFailed('bad_input', 422, 'no picture')
        send(`photo ${id}`)
      }),
    sendCheckin: (input) =>
      Promise.resolve().then(() => {
        const wanted = [{ field: world.asks, rule: 'is required' }]
        if (world.asks !== null && !input.unattended)
          throw new CallFailed('bad_input', 422, 'said so', wanted)
        send(`checkin ${input.id}`)
        inputs.push(input)
        return replyTo(input)
      }),
  })
  return { world, sent, inputs, outbox }
}

const replyTo = ({ id, at }: CheckinInput): CheckinReply => ({
  ...{ id, at, where: 'inside', metres: 1, decision: 'accepted', ask: null },
  evidence: { score: 90, signals: [] },
})
const input = (photoIds: string[] = []): CheckinInput => ({
  ...{ id: uuid(), at: 1_700_000_000_000, kind: 'in', position: null, photoIds },
})
let shelf: Shelf
beforeEach(async () => {
  shelf = await openShelf(uuid())
})

describe('the outbox of check-ins', () => {
  it('sends the photo before the check-in, and forgets both when they are answered', async () => {
    const { outbox, sent } = phone(shelf)
    await outbox.keepPhoto(PHOTO, new Blob(['x']), null)
    const given = input([PHOTO])
    expect((await outbox.submit(given, '店'))?.id).toBe(given.id)
    expect(sent).toEqual([`photo ${PHOTO}`, `checkin ${given.id}`])
    expect(await shelf.list()).toEqual([])
    expect(await shelf.photo(PHOTO)).toBeNull()
  })

  it('keeps what has no answer, over a closed page, and sends it then without a monotonic age', async () => {
    const first = phone(shelf)
    first.world.fails = 'network'
    await first.outbox.keepPhoto(PHOTO, new Blob(['x']), null)
    const given = input([PHOTO])
    expect(await first.outbox.submit(given, '店')).toBeNull()
    expect(await shelf.list()).toHaveLength(1)
    const second = phone(shelf, 'two')
    await second.outbox.flush()
    expect(second.sent).toEqual([`photo ${PHOTO}`, `checkin ${given.id}`])
    expect(second.inputs[0]).not.toHaveProperty('ageMs')
    expect(second.inputs[0]?.at).toBe(given.at)
  })

  it('tells the age by the clock that nobody can set, however the phone’s own was set meanwhile', async () => {
    const { outbox, world, inputs } = phone(shelf)
    world.fails = 'network'
    await outbox.submit(input(), '店')
    world.fails = null
    world.mono += 40 * 60_000
    world.now -= 3_600_000
    await outbox.flush()
    expect(inputs[0]).toMatchObject({ ageMs: 40 * 60_000, sentAt: 1_700_000_000_000 - 3_600_000 })
  })

  it('shows what is refused for good, and goes on with the others', async () => {
    const { outbox, world, sent } = phone(shelf)
    world.fails = 'network'
    const [bad, good] = [input(), input()]
    await outbox.submit(bad, '店')
    world.fails = 'bad_input'
    await outbox.flush()
    world.fails = null
    expect((await outbox.submit(good, '店'))?.id).toBe(good.id)
    expect(sent).toEqual([`checkin ${good.id}`])
    expect(await shelf.list()).toMatchObject([
      { id: bad.id, failure: 'bad_input', message: 'said so' },
    ])
  })

  it('gives back what lacks an answer while its person looks on, and never what waits by itself', async () => {
    const { outbox, world, sent } = phone(shelf)
    world.asks = 'form.answers.shelf'
    await expect(outbox.submit(input(), '店')).rejects.toThrow('said so')
    expect(await shelf.list()).toEqual([])
    world.fails = 'network'
    world.asks = null
    const offline = input()
    await outbox.submit(offline, '店')
    world.fails = null
    world.asks = 'form.answers.shelf' // the form changed meanwhile
    await outbox.flush()
    expect(sent).toEqual([`checkin ${offline.id}`])
    expect(await shelf.list()).toEqual([])
  })

  it('loses no check-in to a photo that the server never takes', async () => {
    const { outbox, world, inputs } = phone(shelf)
    await outbox.keepPhoto(PHOTO, new Blob(['x']), null)
    world.fails = 'network'
    const given = input([PHOTO])
    await outbox.submit(given, '店')
    world.fails = null
    world.refusesPhotos = true
    await outbox.flush()
    expect(inputs).toMatchObject([{ id: given.id, photoIds: [], unattended: true }])
    await outbox.keepPhoto(PHOTO, new Blob(['x']), null)
    await expect(outbox.submit(input([PHOTO]), '店')).rejects.toThrow('no picture')
  })

  it('keeps drafts with their photos for a day, and photos of nothing no longer', async () => {
    const { outbox, world } = phone(shelf)
    const lost = PHOTO.replace(/1$/, '2')
    const mark = { place: '店', time: '2026-11-26 周四 09:00:00', who: '林 · ±8 米' }
    for (const id of [PHOTO, lost]) await outbox.keepPhoto(id, new Blob(['x']), mark)
    const draft = { key: 'in:a', note: '缺货', answers: { shelf: 4 }, photoIds: [PHOTO], at: world.now } // prettier-ignore
    await shelf.putDraft(draft)
    await shelf.sweep(world.now + 1 - 24 * 3_600_000)
    expect(await shelf.draft('in:a')).toEqual(draft)
    await shelf.sweep(world.now)
    expect((await shelf.photo(PHOTO))?.mark).toEqual(mark)
    await shelf.sweep(world.now + 1)
    expect([await shelf.draft('in:a'), await shelf.photo(lost)]).toEqual([null, null])
  })

  it('sends each once when it is asked twice at the same time', async () => {
    const { outbox, world, sent } = phone(shelf)
    world.fails = 'network'
    await outbox.submit(input(), '店')
    world.fails = null
    await Promise.all([outbox.flush(), outbox.flush(), outbox.flush()])
    expect(sent).toHaveLength(1)
  })
})

describe('the place that the button is about', () => {
  const spot = (id: string, north: number): Spot => ({
    ...{ id, kind: 'customer', name: id, tags: [], tier: null },
    circle: { lng: 114, lat: 22.5 + north / 111_320, radius: 80 },
  })
  const here = { lng: 114, lat: 22.5, accuracy: 15 }

  it('is the nearest where I am or may be, and none when I am far from all', () => {
    expect(spotAt(here, [spot('b', 60), spot('a', 20), spot('c', 900)])?.id).toBe('a')
    expect(spotAt(here, [spot('c', 900)])).toBeNull()
    expect(spotAt(null, [spot('a', 0)])).toBeNull()
  })

  it('can not be told without a position', () => {
    expect(seenFrom(null, spot('a', 0)).where).toBe('cannot_tell')
    expect(seenFrom(here, null)).toEqual({ where: null, metres: null })
    expect(seenFrom(here, spot('a', 500))).toEqual({ where: 'outside', metres: 499 })
  })
})
