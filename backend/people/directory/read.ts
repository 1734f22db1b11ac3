import { z } from 'zod'
import type { SyncError } from '../../contract/contacts.ts'
import { Fault } from '../../core/errors.ts'
import type { SourceDepartment, SourceMember } from './directory.ts'

/** The company's directory, as a program may ask for it. */
export interface ContactsSource {
  /** All departments that we may see. */
  listDepartments(): Promise<SourceDepartment[]>
  /** Members of one department, without those below it; nobody when it is gone. */
  membersOf(departmentId: number): Promise<SourceMember[]>
  /** One member; null when there is none whom we may see. */
  memberAt(userId: string): Promise<SourceMember | null>
}

/** The work was left: the process stops, or another one has taken over. */
export class Interrupted extends Error {}

export interface Patience {
  now: () => number
  /** Waits, and throws Interrupted when there is no reason to wait on. */
  wait: (ms: number, until: number) => Promise<void>
}

const TOGETHER = 4 // calls at a time: WeCom limits how many, and does not say to what
const BROKEN_WAITS_MS = [2_000, 5_000, 15_000, 30_000, 60_000]
const SLICE_MS = 15_000 // of a long wait, so that one sees that somebody is still there
const BLOCK_MS = 60_000 // the shortest block that WeCom sets
const MOST_BLOCKS = 30

const Details = z.object({
  verdict: z.string().optional(),
  errcode: z.number().int().optional(),
  reason: z.string().optional(),
  retryAt: z.number().optional(),
})

/**
 * Asks until there is an answer: through WeCom's blocks for asking too often, and through a broken
 * line for two minutes. Any other refusal is thrown at once.
 */
export async function patiently<T>(ask: () => Promise<T>, patience: Patience): Promise<T> {
  const broken = [...BROKEN_WAITS_MS]
  for (let blocks = 0; ;) {
    try {
      return await ask()
    } catch (error) {
      const { verdict, reason, retryAt } = detailsOf(error)
      const blocked = verdict === 'throttled' && blocks++ < MOST_BLOCKS
      const pause = reason === undefined ? undefined : broken.shift()
      if (!blocked && pause === undefined) throw error
      const now = patience.now()
      await waitUntil(
        blocked ? Math.max(retryAt ?? now + BLOCK_MS, now + 1) : now + (pause ?? 0),
        patience,
      )
    }
  }
}

async function waitUntil(until: number, patience: Patience): Promise<void> {
  for (let left = until - patience.now(); left > 0; left = until - patience.now())
    await patience.wait(Math.min(left, SLICE_MS), until)
}

const REASONS: Record<string, SyncError['reason']> = {
  throttled: 'throttled',
  configuration: 'settings',
  stale_token: 'settings',
  busy: 'unreachable',
}

/** Why something failed, in the words of the contract. */
export function syncErrorOf(error: unknown): SyncError {
  const { verdict, errcode = null, reason } = detailsOf(error)
  if (reason !== undefined) return { reason: 'unreachable', errcode }
  if (verdict === undefined) return { reason: 'internal', errcode }
  return { reason: REASONS[verdict] ?? 'refused', errcode }
}

function detailsOf(error: unknown): z.infer<typeof Details> {
  if (!(error instanceof Fault) || error.code !== 'wecom_failed') return {}
  return Details.safeParse(error.details).data ?? {}
}

/** Does `work` for all, a few at a time, answers in order. The first error ends it when those under way are done. */
export async function fewAtATime<T, R>(
  all: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>()
  const waiting = all.entries()
  let failed = false
  const worker = async () => {
    for (const [index, each] of waiting) {
      if (failed) return
      results.set(
        index,
        await work(each).catch((error: unknown) => {
          failed = true
          throw error
        }),
      )
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: TOGETHER }, worker))
  for (const each of workers) if (each.status === 'rejected') throw each.reason
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result)
}
