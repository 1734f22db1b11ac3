import type { Kit } from '../core/kit.ts'
import type { QueueState } from '../core/queues.ts'
import { createAttempts } from './attempts.ts'
import type { Who } from './gate.ts'
import type { FixRow, SilenceRow } from './judge.ts'
import { createStore, type Outcome } from './store.ts'

/** What one request wants stored. */
export interface Entry extends Who {
  device: string | undefined
  fixes: readonly FixRow[]
  silences: readonly SilenceRow[]
  /** An import writes the past: it says nothing of where somebody is now. */
  past: boolean
}

interface Waiting {
  entry: Entry
  since: number // by performance.now()
  resolve: (outcome: Outcome) => void
  reject: (error: unknown) => void
}

const MOST_ROWS = 2_000 // in one statement
const FLUSHES = { server: 2, embedded: 1 } as const // more only wait for the same disk

/**
 * Group commit: while statements are under way, requests gather; the next statement takes all of
 * them that belong to one org. Each is answered after its own rows are committed. Two statements
 * never hold rows of the same person, so an id that comes twice at once is stored once.
 */
export function createWriter(kit: Kit, ready: () => Promise<void>) {
  const means = meansOf(kit, ready)
  const busy = new Set<string>()
  const idle: (() => void)[] = []
  let [waiting, running, scheduled]: [Waiting[], number, boolean] = [[], 0, false]

  const schedule = () => {
    if (scheduled) return
    scheduled = true
    setImmediate(pump) // what this turn of the event loop still reads comes along
  }
  const pump = () => {
    scheduled = false
    while (running < FLUSHES[kit.db.kind]) {
      const { group, rest } = nextGroup(waiting, busy)
      if (group.length === 0) break
      waiting = rest
      running++
      void flush(group)
    }
    if (running === 0 && waiting.length === 0) idle.splice(0).forEach((resolve) => resolve())
  }
  const flush = async (group: Waiting[]) => {
    const free = hold(busy, group)
    await settle(group, means)
    free()
    running--
    schedule()
  }
  return {
    /** Resolves after commit, with what became of each row; rejects when nothing of it is stored. */
    write(entry: Entry) {
      schedule()
      return enter(waiting, entry)
    },
    /** Requests that no statement has taken yet. */
    waiting: () => stateOf(waiting, kit.clock.now()),
    /** Waits until everything that was given is answered. */
    drain() {
      schedule()
      return new Promise<void>((resolve) => idle.push(resolve))
    },
  }
}

/** While a statement holds their rows, other requests of these people wait. @returns lets them go */
function hold(busy: Set<string>, group: readonly Waiting[]): () => void {
  const people = new Set(group.map(({ entry }) => keyOf(entry)))
  for (const person of people) busy.add(person)
  return () => {
    for (const person of people) busy.delete(person)
  }
}

const enter = (waiting: Waiting[], entry: Entry) =>
  new Promise<Outcome>((resolve, reject) =>
    waiting.push({ entry, since: performance.now(), resolve, reject }),
  )

function stateOf(waiting: readonly Waiting[], now: number): QueueState {
  const [oldest] = waiting
  return {
    waiting: waiting.length,
    since: oldest ? now - (performance.now() - oldest.since) : null,
  }
}

/** How long requests waited for their statement to begin. */
function measureWaits({ metrics }: Kit) {
  const waits = metrics.histogram(
    'zuji_fixes_wait_seconds',
    'Time from a request to the beginning of its group commit',
    [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3],
  )
  return (group: readonly Waiting[]) => {
    const now = performance.now()
    for (const { since } of group) waits.observe((now - since) / 1000)
  }
}

const keyOf = ({ orgId, personId }: Who) => `${orgId} ${personId}`

/** The first waiting request whose person is free, and those after it that may go with it. */
function nextGroup(waiting: readonly Waiting[], busy: ReadonlySet<string>) {
  const group: Waiting[] = []
  const rest: Waiting[] = []
  let rows = 0
  for (const each of waiting) {
    const size = each.entry.fixes.length + each.entry.silences.length
    const fits = group.length === 0 || (rows + size <= MOST_ROWS && together(group, each))
    if (fits && !busy.has(keyOf(each.entry))) {
      group.push(each)
      rows += size
    } else rest.push(each)
  }
  return { group, rest }
}

const together = ([first]: readonly Waiting[], { entry }: Waiting) =>
  first !== undefined && first.entry.orgId === entry.orgId && first.entry.past === entry.past

type Store = (entries: readonly Entry[]) => Promise<PromiseSettledResult<Outcome>[]>

const meansOf = (kit: Kit, ready: () => Promise<void>): Means => ({
  ready,
  store: createAttempts(createStore(kit), kit.log),
  begun: measureWaits(kit),
})

interface Means {
  ready: () => Promise<void>
  store: Store
  begun: (group: readonly Waiting[]) => void
}

async function settle(group: readonly Waiting[], { ready, store, begun }: Means) {
  begun(group)
  try {
    await ready()
    const outcomes = await store(group.map(({ entry }) => entry))
    group.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index]
      if (outcome?.status === 'fulfilled') resolve(outcome.value)
      else reject(outcome?.reason)
    })
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}
