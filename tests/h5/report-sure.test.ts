import 'fake-indexeddb/auto'
import { v7 } from 'uuid'
import { describe, expect, it } from 'vitest'
import { emptied, isDue, openClean } from '../../h5/report/emptied.ts'
import type { Queue, QueuedFix } from '../../h5/report/ports.ts'
import { openQueue } from '../../h5/report/queue.ts'
import { askToStay, dropOldBuilds, isFull } from '../../h5/report/room.ts'
import { SureQueue } from '../../h5/report/sure.ts'
import { explained, explainedUnkept } from '../../h5/today/trouble.ts'
import { fixAt } from './queuedFix.ts'

const full = () => Promise.reject(new DOMException('no room', 'QuotaExceededError'))
const nothing = () => Promise.resolve()
const silence = { id: v7(), from: 1, to: 2, reason: 'gps_off' as const }
const timesOf = async (queue: Queue) => (await queue.take(500)).fixes.map(({ at }) => at)
/** A phone that keeps what it has and takes nothing more. */
const stuffed = (disk: Queue): Queue => ({ ...disk, addFix: full, addSilence: full })

describe('a full phone', () => {
  it('is given room first, and asked once more', async () => {
    const disk = await openQueue(v7())
    let room = 0
    const addFix = (fix: QueuedFix) => (room === 0 ? full() : disk.addFix(fix))
    const makeRoom = () => Promise.resolve(void (room += 1))
    const queue = new SureQueue({ ...disk, addFix }, makeRoom)
    await queue.addFix(fixAt(1))
    expect([room, queue.unkept(), await disk.count()]).toEqual([1, null, 1])
  })

  it('loses nothing while the page is open: newest first, each once, gone when answered', async () => {
    const disk = await openQueue(v7())
    await disk.addFix(fixAt(1))
    const queue = new SureQueue(stuffed(disk), nothing)
    for (const at of [2, 3]) await queue.addFix(fixAt(at))
    await queue.addSilence(silence)
    expect(queue.unkept()).toEqual({ why: 'full', dropped: 0 })
    expect([await queue.count(), await timesOf(queue)]).toEqual([4, [3, 2, 1]])
    const batch = await queue.take(2)
    expect(batch.silences).toEqual([silence])
    await queue.forget(batch)
    expect(await timesOf(queue)).toEqual([1])
    await queue.forget(await queue.take(20))
    expect([await queue.count(), await disk.count()]).toEqual([0, 0])
  })

  it('says no more of it when there is room again', async () => {
    const disk = await openQueue(v7())
    let isStuffed = true
    const addFix = (fix: QueuedFix) => (isStuffed ? full() : disk.addFix(fix))
    const queue = new SureQueue({ ...disk, addFix }, nothing)
    await queue.addFix(fixAt(1))
    isStuffed = false
    await queue.addFix(fixAt(2))
    expect([queue.unkept(), await timesOf(queue)]).toEqual([null, [2, 1]])
  })

  it('counts what the page could not hold either: the oldest', async () => {
    const queue = new SureQueue(stuffed(await openQueue(v7())), nothing)
    for (let at = 1; at <= 2003; at += 1) await queue.addFix(fixAt(at))
    expect(queue.unkept()).toEqual({ why: 'full', dropped: 3 })
    expect((await queue.take(5000)).fixes.at(-1)?.at).toBe(4)
  })

  it('keeps no sign of life that would tell of a silence that never was', async () => {
    const disk = await openQueue(v7())
    await disk.setPulse({ at: 1, open: null })
    const setPulse: Queue['setPulse'] = (pulse) => (pulse ? full() : disk.setPulse(null))
    await new SureQueue({ ...disk, setPulse }, nothing).setPulse({ at: 2, open: null })
    expect(await disk.pulse()).toBeNull()
  })
})

it('a browser that keeps nothing still reports, and says so', async () => {
  const queue = new SureQueue(null, nothing)
  await queue.addFix(fixAt(1))
  await queue.setPulse({ at: 1, open: null })
  expect([await queue.pulse(), await queue.count(), await timesOf(queue)]).toEqual([null, 1, [1]])
  expect(queue.unkept()).toEqual({ why: 'none', dropped: 0 })
  await queue.clear()
  expect(await queue.count()).toBe(0)
})

it('a store that broke under an open page is told from a full one', async () => {
  const disk = await openQueue(v7())
  const broken = () => Promise.reject(new DOMException('closing', 'InvalidStateError'))
  const queue = new SureQueue({ ...disk, addFix: broken, take: broken, count: broken }, nothing)
  await expect(queue.take(20)).rejects.toThrow('closing') // the sender tries again
  await queue.addFix(fixAt(1))
  expect([queue.unkept()?.why, await timesOf(queue), await queue.count()]).toEqual(['none', [1], 1])
})

it('a write without room is known by its names', () => {
  const named = (name: string) => isFull(new DOMException('', name))
  expect(['QuotaExceededError', 'NS_ERROR_DOM_QUOTA_REACHED', 'AbortError'].every(named)).toBe(true)
  expect(isFull(new DOMException('Encountered full disk: no space left', 'UnknownError'))).toBe(
    true,
  )
  expect([named('InvalidStateError'), isFull('QuotaExceededError')]).toEqual([false, false])
})

it('builds that are neither the last nor this page’s go, others’ caches stay', async () => {
  const gone: string[] = []
  const builds = (names: string[]) => ({
    keys: () => Promise.resolve(names),
    open: (name: string) => Promise.resolve({ match: () => Promise.resolve(name === 'zuji-own') }),
    delete: (name: string) => Promise.resolve(gone.push(name)),
  })
  await dropOldBuilds(builds(['map', 'zuji-1', 'zuji-own', 'zuji-3']), '/assets/index.js')
  await dropOldBuilds(builds(['zuji-own']), '/assets/index.js')
  await dropOldBuilds(undefined, '/assets/index.js')
  expect(gone).toEqual(['zuji-1'])
})

it('the browser is asked to keep what it has; where it can not be asked that is no fault', async () => {
  const answers = (had: boolean, gives: boolean) => ({
    persisted: () => Promise.resolve(had),
    persist: () => Promise.resolve(gives),
  })
  expect(await askToStay(answers(true, false))).toBe(true)
  expect(await askToStay(answers(false, false))).toBe(false)
  expect(await askToStay({ persist: () => Promise.reject(new Error('no')) })).toBeNull()
  expect([await askToStay({}), await askToStay(undefined)]).toEqual([null, null])
})

it('the rep reads of it, and of what hinders the positions themselves as well', () => {
  const app = { kind: 'wecom', system: 'ios' } as const
  expect(explainedUnkept({ why: 'full', dropped: 0 })).toEqual({ urgent: true, why: 'today.unkept.full', mend: 'today.unkeptMend.full' }) // prettier-ignore
  expect(explainedUnkept({ why: 'none', dropped: 2 })?.mend).toBe('today.unkeptMend.dropped')
  expect(explainedUnkept(null)).toBeNull()
  const both = { trouble: 'gps_off', instead: null, unkept: { why: 'full', dropped: 0 } } as const
  expect(explained(both, app)?.why).toBe('today.trouble.gps_off')
})

describe('consent that is withdrawn', () => {
  const words = () => {
    const kept = new Map<string, string>()
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, word: string) => void kept.set(key, word),
      removeItem: (key: string) => void kept.delete(key),
    }
  }
  const shut = () => Promise.reject(new DOMException('not now', 'UnknownError'))

  it('leaves nothing on the phone', async () => {
    const place = { personId: v7(), marks: words() }
    const disk = await openQueue(place.personId)
    await disk.addFix(fixAt(1))
    expect(await emptied({ ...place, open: () => openQueue(place.personId) })).toBe(true)
    expect([await disk.count(), isDue(place)]).toEqual([0, false])
  })

  it('is told where the phone can not be emptied, which is done before anything else when it can', async () => {
    const place = { personId: v7(), marks: words() }
    const open = () => openQueue(place.personId)
    const disk = await open()
    await disk.addFix(fixAt(1))
    expect(await emptied({ ...place, open: shut })).toBe(false)
    expect([isDue(place), await openClean({ ...place, open: shut })]).toEqual([true, null])
    const stuck = async () => ({ ...(await open()), clear: full })
    expect(await openClean({ ...place, open: stuck })).toBeNull() // not opened with what should be gone
    expect(await disk.count()).toBe(1)
    expect(await (await openClean({ ...place, open }))?.count()).toBe(0)
    await disk.addFix(fixAt(2))
    expect([isDue(place), await (await openClean({ ...place, open }))?.count()]).toEqual([false, 1])
  })

  it('is remembered by a page that was closed meanwhile, and by one whose browser keeps no word', async () => {
    const [closed, wordless] = [v7(), v7()]
    const marks = words()
    marks.setItem(`zuji.report.emptying.${closed}`, 'due')
    expect(isDue({ personId: closed, marks })).toBe(true)
    const refuses = () => {
      throw new DOMException('no room', 'QuotaExceededError')
    }
    const place = { personId: wordless, marks: { getItem: refuses, setItem: refuses, removeItem: refuses } } // prettier-ignore
    expect([isDue(place), await emptied({ ...place, open: shut }), isDue(place)]).toEqual([false, false, true]) // prettier-ignore
    expect(await emptied({ ...place, open: () => openQueue(wordless) })).toBe(true)
    expect(isDue(place)).toBe(false)
  })

  it('clears what the page alone holds, also where the phone’s own store fails', async () => {
    const disk = await openQueue(v7())
    const queue = new SureQueue({ ...stuffed(disk), clear: full }, nothing)
    await queue.addFix(fixAt(1))
    await expect(queue.clear()).rejects.toThrow('no room')
    expect(await queue.count()).toBe(0)
  })
})
