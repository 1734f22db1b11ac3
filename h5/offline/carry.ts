import type { Queue } from '../report/ports.ts'
import { answersAll, BACKLOG, isEmpty, type Answered } from '../report/sender.ts'

/** What the worker has of the world; tests bring their own. */
export interface Carrying {
  open: (personId: string) => Promise<Queue>
  ask: (path: string, init: RequestInit) => Promise<Response>
  now: () => number // phone clock, epoch ms
}

/**
 * Sends what waits of a person, without a page: only while he is who is signed in on this phone and agrees; only what the
 * server answered is forgotten. What it refuses as a whole is left to the page, which can say why.
 * @throws when there was no answer, so that the browser tries again
 */
export async function carry(personId: string, { open, ask, now }: Carrying): Promise<void> {
  const queue = await open(personId)
  try {
    let batch = await queue.take(BACKLOG)
    if (isEmpty(batch) || !(await mayReport(personId, ask))) return
    for (; !isEmpty(batch); batch = await queue.take(BACKLOG)) {
      const body = JSON.stringify({ sentAt: now(), ...batch })
      const headers = { 'content-type': 'application/json' }
      const answer = await jsonOf(await ask('/api/v1/fixes', { method: 'POST', headers, body }))
      if (answer === null) return
      if (!answersAll(batch, ingested(answer))) throw new Error('not all of it was answered')
      await queue.forget(batch)
    }
  } finally {
    queue.close()
  }
}

async function mayReport(personId: string, ask: Carrying['ask']): Promise<boolean> {
  const me: { id?: unknown; consent?: { current?: unknown } } = Object(await jsonOf(await ask('/api/v1/me', {}))) // prettier-ignore
  return me.id === personId && me.consent?.current === true
}

/** The body of an answer; null when it is a refusal. @throws when the server could not answer, or asks to wait */
async function jsonOf(response: Response): Promise<unknown> {
  const { ok, status } = response
  if (status >= 500 || status === 429) throw new Error(`answers ${status}`)
  return ok ? response.json() : null
}

/** The contract's counts without its schema: zod would make the worker ten times as large. @throws when it is no such answer */
function ingested(answer: unknown): Answered {
  const { accepted, duplicate, rejected }: Partial<Record<keyof Answered, unknown>> = Object(answer)
  if (typeof accepted !== 'number' || typeof duplicate !== 'number' || !Array.isArray(rejected))
    throw new Error('not an answer of ours')
  return { accepted, duplicate, rejected }
}
