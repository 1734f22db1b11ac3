import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Batch, Pulse, Queue, QueuedFix, QueuedSilence } from './ports.ts'

const MAX_SILENCES = 200 // of one batch, as the contract allows

interface Shelves extends DBSchema {
  fixes: { key: string; value: QueuedFix; indexes: { at: number } }
  silences: { key: string; value: QueuedSilence }
  pulse: { key: string; value: Pulse }
}

const PREFIX = 'zuji.report.'

/** What belongs to one person's reporting on this phone: his database, his lock, his background sync. */
export const nameOf = (personId: string) => PREFIX + personId

/** Whose it is, by `nameOf`; null when it is no such name. */
export const personOf = (name: string) =>
  name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null

/**
 * The queue of one person in IndexedDB. Each person has his own database, so whoever signs in next
 * on this phone neither sees nor sends what is waiting here.
 * @param personId WeCom userid
 */
export async function openQueue(personId: string): Promise<Queue> {
  const db = await openDB<Shelves>(nameOf(personId), 1, {
    upgrade(fresh) {
      fresh.createObjectStore('fixes', { keyPath: 'id' }).createIndex('at', 'at')
      fresh.createObjectStore('silences', { keyPath: 'id' })
      fresh.createObjectStore('pulse')
    },
  })
  return {
    addFix: async (fix) => void (await db.put('fixes', fix)),
    addSilence: async (silence) => void (await db.put('silences', silence)),
    take: (size) => take(db, size),
    forget: (batch) => forget(db, batch),
    count: async () => (await db.count('fixes')) + (await db.count('silences')),
    pulse: async () => (await db.get('pulse', 'last')) ?? null,
    setPulse: async (pulse) => {
      await (pulse === null ? db.delete('pulse', 'last') : db.put('pulse', pulse, 'last'))
    },
    clear: () => clear(db),
    close: () => db.close(),
  }
}

async function take(db: IDBPDatabase<Shelves>, size: number): Promise<Batch> {
  const fixes: QueuedFix[] = []
  const newestFirst = db.transaction('fixes').store.index('at').iterate(null, 'prev')
  for await (const cursor of newestFirst) {
    fixes.push(cursor.value)
    if (fixes.length >= size) break
  }
  return { fixes, silences: await db.getAll('silences', null, MAX_SILENCES) }
}

async function forget(db: IDBPDatabase<Shelves>, batch: Batch): Promise<void> {
  const work = db.transaction(['fixes', 'silences'], 'readwrite')
  const fixes = work.objectStore('fixes')
  const silences = work.objectStore('silences')
  await Promise.all([
    ...batch.fixes.map((fix) => fixes.delete(fix.id)),
    ...batch.silences.map((silence) => silences.delete(silence.id)),
    work.done,
  ])
}

async function clear(db: IDBPDatabase<Shelves>): Promise<void> {
  const work = db.transaction(['fixes', 'silences', 'pulse'], 'readwrite')
  await Promise.all([
    work.objectStore('fixes').clear(),
    work.objectStore('silences').clear(),
    work.objectStore('pulse').clear(),
    work.done,
  ])
}
