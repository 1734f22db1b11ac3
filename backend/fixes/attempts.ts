import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../core/log.ts'
import type { Outcome } from './store.ts'
import type { Entry } from './writer.ts'

type Store = (entries: readonly Entry[]) => Promise<Outcome[]>

const PAUSES_MS = [20, 80, 300, 1000] // before each further attempt

/**
 * Serialisation failure, deadlock, lock timeout, server going down, connection lost; and the unique
 * key, when another process stored the same id in the same moment: the next attempt sees it.
 */
const PASSING = /^(40001|40P01|55P03|57P01|57P02|57P03|23505|08...|ECONN.*|EPIPE)$/

/**
 * Stores a group: again when the database says "later", one by one when it says "no", so that one
 * request never costs the others; and row by row at last, so that one row never costs the rest.
 */
export function createAttempts(store: Store, log: Log) {
  return async (entries: readonly Entry[]): Promise<PromiseSettledResult<Outcome>[]> => {
    try {
      const outcomes = await persistently(store, entries)
      return outcomes.map((value) => ({ status: 'fulfilled', value }))
    } catch (error) {
      log.warn(
        { err: error, requests: entries.length },
        'a group of fixes failed, going one by one',
      )
      const settled: PromiseSettledResult<Outcome>[] = []
      for (const entry of entries) settled.push(await alone(store, entry, error))
      return settled
    }
  }
}

async function persistently(store: Store, entries: readonly Entry[]): Promise<Outcome[]> {
  for (const pause of PAUSES_MS) {
    try {
      return await store(entries)
    } catch (error) {
      if (!PASSING.test(codeOf(error))) throw error
      await wait(pause * (0.5 + Math.random()))
    }
  }
  return store(entries)
}

async function alone(
  store: Store,
  entry: Entry,
  groupError: unknown,
): Promise<PromiseSettledResult<Outcome>> {
  if (PASSING.test(codeOf(groupError))) return { status: 'rejected', reason: groupError }
  try {
    const [value] = await persistently(store, [entry])
    return value ? { status: 'fulfilled', value } : { status: 'rejected', reason: groupError }
  } catch (error) {
    if (!isDataError(error)) return { status: 'rejected', reason: error }
    return { status: 'fulfilled', value: await rowByRow(store, entry) }
  }
}

async function rowByRow(store: Store, entry: Entry): Promise<Outcome> {
  const known = new Set<string>()
  const refused = new Set<string>()
  const single = { ...entry, fixes: [], silences: [] }
  const parts: { id: string; entry: Entry }[] = [
    ...entry.fixes.map((row) => ({ id: row.id, entry: { ...single, fixes: [row] } })),
    ...entry.silences.map((row) => ({ id: row.id, entry: { ...single, silences: [row] } })),
  ]
  for (const part of parts) {
    try {
      const [outcome] = await persistently(store, [part.entry])
      if (outcome?.known.has(part.id)) known.add(part.id)
    } catch (error) {
      if (!isDataError(error)) throw error
      refused.add(part.id)
    }
  }
  return { known, refused }
}

/** Class 22 (data exception) and 23 (integrity): the row's own fault. */
const isDataError = (error: unknown) => /^2[23]/.test(codeOf(error))

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
