import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { Ingested } from '../../backend/contract/fixes.ts'
import type { Move } from '../../backend/contract/live.ts'
import type { Watcher } from './liveWatchers.ts'

export interface Reporter {
  readonly id: string
  readonly token: string
}

export type Ledger = ReturnType<typeof createLedger>

/** Who sent what when, and when each of these watchers heard of it. Keys are person and time of the fix. */
export function createLedger(watchers: readonly Watcher[]) {
  const sentAt = new Map<string, number>()
  const newest = new Map<string, number>()
  const delays: number[] = []
  const answers: number[] = []
  let refused = 0
  const sentAtOf = onceOf((moves) => moves.flatMap(({ personId, at }) => sentAt.get(`${personId} ${at}`) ?? [])) // prettier-ignore
  for (const watcher of watchers)
    watcher.heard = (moves) => {
      const now = performance.now()
      for (const sent of sentAtOf(moves)) delays.push(now - sent)
    }
  return {
    sent(personId: string, at: number) {
      sentAt.set(`${personId} ${at}`, performance.now())
    },
    answered(personId: string, at: number) {
      newest.set(personId, at)
      answers.push(performance.now() - (sentAt.get(`${personId} ${at}`) ?? 0))
    },
    refuse(personId: string, at: number) {
      refused++
      sentAt.delete(`${personId} ${at}`)
    },
    /** The last fix of each person, for who has to catch up. */
    newest: (): ReadonlyMap<string, number> => newest,
    /** Until every watcher has heard of all; what has not come in half a minute is lost. */
    async settled() {
      const end = performance.now() + 30_000
      while (delays.length < sentAt.size * watchers.length && performance.now() < end) await wait(100) // prettier-ignore
    },
    result: () => ({
      posts: sentAt.size,
      p50Ms: quantile(delays, 0.5),
      p99Ms: quantile(delays, 0.99),
      postP99Ms: quantile(answers, 0.99),
      lost: sentAt.size * watchers.length - delays.length,
      refused,
    }),
  }
}

/** All watchers of a broadcast are told one array: what belongs to it is looked up once. */
function onceOf(find: (moves: readonly Move[]) => number[]) {
  const found = new WeakMap<readonly Move[], number[]>()
  return (moves: readonly Move[]) => {
    const known = found.get(moves) ?? find(moves)
    found.set(moves, known)
    return known
  }
}

const quantile = (values: readonly number[], share: number) =>
  Math.round(Float64Array.from(values).sort()[Math.floor(values.length * share)] ?? 0)

/** Everybody posts one fix each 10 s, spread evenly over them. */
export async function walk(
  url: string,
  reps: readonly Reporter[],
  { ms, ledger }: { ms: number; ledger: Ledger },
) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'fifo' }) // by turns: none idles until the server closes it
  const start = performance.now()
  const gap = 10_000 / reps.length
  const posts: Promise<void>[] = []
  for (let i = 0; i < Math.round(ms / gap); i++) {
    const due = start + i * gap
    if (due > performance.now()) await wait(due - performance.now())
    const rep = reps[i % reps.length]
    if (rep) posts.push(post(url, rep, { agent, ledger, step: i }))
  }
  await Promise.all(posts)
  agent.destroy()
}

interface Posting {
  agent: Agent
  ledger: Ledger
  step: number
}

async function post(url: string, { id, token }: Reporter, { agent, ledger, step }: Posting) {
  const at = Date.now()
  const place = {
    lng: 114 + (step % 1000) * 1e-4 + step * 1e-6,
    lat: 22.5 + (step % 97) * 1e-3,
    accuracy: 15,
  }
  const body = JSON.stringify({ sentAt: at, fixes: [{ id: randomUUID(), at, ...place }] })
  ledger.sent(id, at)
  const accepted = await new Promise<boolean>((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const call = request(`${url}/api/v1/fixes`, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(response.statusCode === 200 && acceptedIn(text) === 1))
    })
    call.on('error', () => resolve(false))
    call.end(body)
  })
  if (accepted) ledger.answered(id, at)
  else ledger.refuse(id, at)
}

const acceptedIn = (text: string) => Ingested.parse(JSON.parse(text)).accepted
