import 'fake-indexeddb/auto'
import { v7 as uuid } from 'uuid'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CheckinInput, CheckinReply } from '../../backend/contract/checkins.ts'
import { Outbox } from '../../h5/checkins/outbox.ts'
import { openShelf, type Shelf } from '../../h5/checkins/shelf.ts'
import { SureShelf } from '../../h5/checkins/sureShelf.ts'
import { CallFailed } from '../../h5/core/api.ts'

const full = () => Promise.reject(new DOMException('no room', 'QuotaExceededError'))
const broken = () => Promise.reject(new DOMException('closing', 'InvalidStateError'))
const nothing = () => Promise.resolve()
/** A phone that keeps what it has and takes nothing more. */
const stuffed = (disk: Shelf): Shelf => ({ ...disk, put: full, putPhoto: full, putDraft: full })
const on = (disk: Shelf, makeRoom = nothing) =>
  new SureShelf({ open: () => Promise.resolve(disk), makeRoom })

/** A promise that the test settles. */
function later<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve: (value: T) => resolve(value) }
}

const PHOTO = '01a21000-0000-7000-8000-000000000001'
const input = (photoIds: string[] = []): CheckinInput => ({
  ...{ id: uuid(), at: 1_700_000_000_000, kind: 'in', position: null, photoIds },
})
const replyTo = ({ id, at }: CheckinInput): CheckinReply => ({
  ...{ id, at, where: 'inside', metres: 1, decision: 'accepted', ask: null },
  evidence: { score: 90, signals: [] },
})

/** An outbox whose network is in the test's hand; `sent` is what the server took. */
function outboxOn(shelf: Shelf) {
  const sent: string[] = []
  const line = { isUp: false }
  const take = (word: string) => {
    if (!line.isUp) throw new CallFailed('network', 0, 'no network')
    sent.push(word)
  }
  const outbox = new Outbox({
    ...{ shelf, run: 'one', mono: () => 1000, now: () => 1_700_000_000_000 },
    sendPhoto: (id) => Promise.resolve().then(() => take(`photo ${id}`)),
    sendCheckin: (given) =>
      Promise.resolve().then(() => {
        take(`checkin ${given.id}`)
        return replyTo(given)
      }),
  })
  return { outbox, sent, line }
}

let disk: Shelf
beforeEach(async () => {
  disk = await openShelf(uuid())
})

describe('check-ins on a full phone', () => {
  it('are given room first, and kept then', async () => {
    let room = 0
    const put: Shelf['put'] = (waiting) => (room === 0 ? full() : disk.put(waiting))
    const shelf = on({ ...disk, put }, () => Promise.resolve(void (room += 1)))
    const { outbox } = outboxOn(shelf)
    const given = input()
    expect(await outbox.submit(given, '店')).toBeNull()
    expect([room, shelf.onlyHere()]).toEqual([1, null])
    expect(await disk.list()).toMatchObject([{ id: given.id }])
  })

  it('are held by the page with their photos, and sent once from there', async () => {
    const shelf = on(stuffed(disk))
    const { outbox, sent, line } = outboxOn(shelf)
    await outbox.keepPhoto(PHOTO, new Blob(['x']), null)
    const given = input([PHOTO])
    expect(await outbox.submit(given, '店')).toBeNull()
    expect(shelf.onlyHere()).toEqual({ why: 'full', ids: new Set([given.id, PHOTO]) })
    expect([await shelf.list(), await disk.list()]).toMatchObject([[{ id: given.id }], []])
    line.isUp = true
    await Promise.all([outbox.flush(), outbox.flush()])
    expect(sent).toEqual([`photo ${PHOTO}`, `checkin ${given.id}`])
    expect([await shelf.list(), shelf.onlyHere()]).toEqual([[], null])
  })

  it('are answered at once where there is a network', async () => {
    const { outbox, sent, line } = outboxOn(on(stuffed(disk)))
    line.isUp = true
    const given = input()
    expect((await outbox.submit(given, '店'))?.id).toBe(given.id)
    expect(sent).toEqual([`checkin ${given.id}`])
  })

  it('are kept when there is room again, beside what was kept before, in the order of their making', async () => {
    const before = input()
    await outboxOn(disk).outbox.submit(before, '店')
    const room = { isThere: false }
    const put: Shelf['put'] = (waiting) => (room.isThere ? disk.put(waiting) : full())
    const shelf = on({ ...disk, put })
    const { outbox, sent, line } = outboxOn(shelf)
    const given = input()
    await outbox.submit(given, '店')
    expect(shelf.onlyHere()?.why).toBe('full')
    room.isThere = true
    await shelf.list()
    expect(shelf.onlyHere()).toBeNull()
    expect((await disk.list()).map(({ id }) => id)).toEqual([before.id, given.id])
    line.isUp = true
    await outbox.flush()
    expect(sent).toEqual([`checkin ${before.id}`, `checkin ${given.id}`])
    expect(await disk.list()).toEqual([])
  })

  it('leave their drafts and photos in the page while they are written', async () => {
    const shelf = on(stuffed(disk))
    const draft = { key: 'in:a', note: '缺货', answers: {}, photoIds: [PHOTO], at: 1 }
    await shelf.putPhoto({ id: PHOTO, blob: new Blob(['x']), mark: null, at: 1, sent: false })
    await shelf.putDraft(draft)
    expect([await shelf.draft('in:a'), (await shelf.photo(PHOTO))?.id]).toEqual([draft, PHOTO])
    expect(shelf.onlyHere()?.ids).toEqual(new Set(['in:a', PHOTO]))
    await shelf.dropDraft('in:a')
    await shelf.putPhoto({ id: PHOTO, blob: new Blob(['x']), mark: null, at: 1, sent: true })
    expect([await shelf.draft('in:a'), shelf.onlyHere()]).toEqual([null, null]) // the server has the photo
  })
})

describe('check-ins in a browser that keeps nothing', () => {
  it('are held by the page, which says so', async () => {
    const shelf = new SureShelf({ open: broken, makeRoom: nothing })
    const { outbox, sent, line } = outboxOn(shelf)
    await shelf.sweep(0)
    const given = input()
    await outbox.submit(given, '店')
    expect(shelf.onlyHere()).toEqual({ why: 'none', ids: new Set([given.id]) })
    line.isUp = true
    await outbox.flush()
    expect([sent, await shelf.list()]).toEqual([[`checkin ${given.id}`], []])
  })

  it('are told of a full phone where that is why nothing opens, after room was made', async () => {
    let room = 0
    const shelf = new SureShelf({ open: full, makeRoom: () => Promise.resolve(void (room += 1)) })
    await outboxOn(shelf).outbox.submit(input(), '店')
    expect([shelf.onlyHere()?.why, room > 0]).toEqual(['full', true])
  })

  it('do not wait for one that never opens, and move in when it does', async () => {
    const late = later<Shelf>()
    const shelf = new SureShelf({ open: () => late.promise, makeRoom: nothing, patienceMs: 1 })
    const given = input()
    await outboxOn(shelf).outbox.submit(given, '店')
    expect(shelf.onlyHere()?.why).toBe('none')
    late.resolve(disk)
    await expect.poll(async () => [await shelf.list(), shelf.onlyHere()]).toMatchObject([[{ id: given.id }], null]) // prettier-ignore
    expect(await disk.list()).toHaveLength(1)
  })

  it('survive a store that breaks under the open page: it is opened anew', async () => {
    const waiting = { place: '店', run: 'one', mono: 1, failure: null, message: '' }
    const first = input()
    await disk.put({ ...waiting, id: first.id, input: first })
    const opened = [{ ...disk, put: broken, list: broken, close: () => undefined }, disk]
    const open = () => Promise.resolve(opened.shift() ?? disk)
    const shelf = new SureShelf({ open, makeRoom: nothing })
    const second = input()
    await shelf.put({ ...waiting, id: second.id, input: second })
    expect(shelf.onlyHere()).toEqual({ why: 'none', ids: new Set([second.id]) })
    expect((await shelf.list()).map(({ id }) => id)).toEqual([first.id, second.id])
    expect([shelf.onlyHere(), (await disk.list()).length]).toEqual([null, 2])
  })
})

describe('what the server has answered', () => {
  it('does not come back where the phone can not forget it', async () => {
    const stuck = { is: true }
    const drop: Shelf['drop'] = (id) => (stuck.is ? full() : disk.drop(id))
    const shelf = on({ ...disk, drop })
    const { outbox, sent, line } = outboxOn(shelf)
    line.isUp = true
    await outbox.submit(input(), '店')
    await outbox.flush()
    expect([sent.length, await shelf.list(), (await disk.list()).length]).toEqual([1, [], 1])
    stuck.is = false
    await shelf.list()
    expect(await disk.list()).toEqual([])
  })

  it('leaves no photo behind that was on its way twice', async () => {
    const shelf = on(stuffed(disk))
    const slow = later<undefined>()
    const outbox = new Outbox({
      ...{ shelf, run: 'one', mono: () => 1, now: () => 1 },
      sendPhoto: () => slow.promise,
      sendCheckin: (given) => Promise.resolve(replyTo(given)),
    })
    await outbox.keepPhoto(PHOTO, new Blob(['x']), null)
    const hurried = outbox.hurryPhoto(PHOTO)
    await shelf.dropPhoto(PHOTO)
    slow.resolve(undefined)
    await hurried
    expect([await shelf.photo(PHOTO), shelf.onlyHere()]).toEqual([null, null])
  })
})
