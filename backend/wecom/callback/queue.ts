import type { Kit } from '../../core/kit.ts'
import { postponeEvents, settleEvents, takeDue, type DueEvent, type Outcome } from './queries.ts'
import { createRuns, type Runs } from './runs.ts'
import { readCallback, type WecomEvent } from '../events/index.ts'

/** Which fact it is: what a listener stores under this id is stored once. */
export interface Fact {
  orgId: string
  id: string // uuid, made of the content
}

/** Calls who listens. */
export type Tell = (event: WecomEvent, fact: Fact) => Promise<'handled' | 'unheard'>

const MOST = 100
/**
 * Changes of contacts go by themselves: who follows them asks WeCom, and nobody's position shall wait
 * for its answers. `leaseMs` after they were taken, events are taken anew: their process has died.
 */
const LANES = [
  { contacts: false, leaseMs: 60_000 },
  { contacts: true, leaseMs: 600_000 },
] as const
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 3_600_000
const ATTEMPTS = 30 // about a day

interface Task {
  due: DueEvent
  event: WecomEvent | null
}

interface Done {
  due: DueEvent
  outcome: Outcome | 'later'
}

/**
 * Hands what WeCom told to who listens: at once when woken, and when its turn comes what a crash or
 * a failure left behind. Events of one sender go one after the other, in the order of their times.
 */
export function createQueue(kit: Kit, orgId: string, tell: Tell): Runs {
  const handle = createHandle(kit, orgId, tell)
  const lanes = LANES.map((lane) =>
    createRuns(async () => {
      const now = kit.clock.now()
      const taken = await takeDue(kit.db, { ...lane, orgId, now, most: MOST })
      const done = await Promise.all(bySender(taken).map((tasks) => inOrder(tasks, handle)))
      await settle(kit, orgId, done.flat())
      return taken.length === MOST
    }),
  )
  return {
    run: async () => void (await Promise.all(lanes.map((lane) => lane.run()))),
    stop: async () => void (await Promise.all(lanes.map((lane) => lane.stop()))),
  }
}

/** What `sys` tells has no order that counts: it is told at once, and may be followed together. */
function bySender(taken: readonly DueEvent[]): Task[][] {
  const groups = new Map<string, Task[]>()
  for (const due of taken) {
    const reading = readCallback(due.body)
    const sender = reading?.told.userId.toLowerCase() ?? SYSTEM
    const key = sender === SYSTEM ? `${SYSTEM} ${due.id}` : sender
    const tasks = groups.get(key) ?? []
    tasks.push({ due, event: reading?.event ?? null })
    groups.set(key, tasks)
  }
  return [...groups.values()]
}

const SYSTEM = 'sys'

type Handle = (task: Task) => Promise<Done>

async function inOrder(tasks: readonly Task[], handle: Handle): Promise<Done[]> {
  const done: Done[] = []
  for (const task of tasks) done.push(await handle(task))
  return done
}

function createHandle(kit: Kit, orgId: string, tell: Tell): Handle {
  const count = kit.metrics.counter(
    'zuji_wecom_events_total',
    'What WeCom told, by kind and by what became of it',
    ['kind', 'outcome'],
  )
  return async ({ due, event }) => {
    const kind = event?.kind ?? 'unknown'
    const done = (outcome: Done['outcome']): Done => {
      count.inc({ kind, outcome })
      return { due, outcome }
    }
    try {
      return done(event ? await tell(event, { orgId, id: due.id }) : 'unknown')
    } catch (error) {
      const outcome = due.attempts < ATTEMPTS ? 'later' : 'failed'
      kit.log.error({ err: error, event: due.id, kind, outcome }, 'an event of WeCom went wrong')
      return done(outcome)
    }
  }
}

async function settle(kit: Kit, orgId: string, done: readonly Done[]): Promise<void> {
  const now = kit.clock.now()
  const later = done.filter(({ outcome }) => outcome === 'later')
  const settled = done.flatMap(({ due, outcome }) =>
    outcome === 'later' ? [] : [{ id: due.id, outcome, keepBody: !isPlace(due) }],
  )
  if (settled.length > 0) await settleEvents(kit.db, orgId, settled)
  const waits = later.map(({ due }) => ({ id: due.id, dueAt: now + waitOf(due.attempts) }))
  if (waits.length > 0) await postponeEvents(kit.db, orgId, waits)
}

/** A position outlives the handing over only where duty and consent allow it: among the fixes. */
const isPlace = ({ name }: DueEvent) => name.includes('location')

const waitOf = (attempts: number) => Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS)
