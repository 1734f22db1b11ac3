import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { CheckinInput, FormAnswers } from '../../backend/contract/checkins.ts'
import type { PhotoMark } from '../../backend/contract/photoMark.ts'
import type { FailureCode } from '../core/api.ts'

/** A check-in that the server has not answered. */
export interface Waiting {
  id: string
  input: CheckinInput
  place: string // its name, for the list
  run: string // the opening of the page it was made in
  mono: number // that page's monotonic clock at the press, ms
  failure: FailureCode | null // the server refused it for good
  message: string // its words about that
}

export interface ShelvedPhoto {
  id: string
  blob: Blob
  mark: PhotoMark | null // drawn over it on this phone
  at: number // phone's clock, ms
  sent: boolean // the server has it; kept while its check-in is not answered
}

/** What was said of a check-in that is not made yet. */
export interface Draft {
  key: string // of the act and the place
  note: string
  answers: FormAnswers['answers']
  photoIds: string[]
  at: number // phone's clock, ms
}

interface Shelves extends DBSchema {
  checkins: { key: string; value: Waiting }
  photos: { key: string; value: ShelvedPhoto }
  drafts: { key: string; value: Draft }
}

export interface Shelf {
  put(waiting: Waiting): Promise<void>
  putPhoto(photo: ShelvedPhoto): Promise<void>
  photo(id: string): Promise<ShelvedPhoto | null>
  dropPhoto(id: string): Promise<void>
  drop(id: string): Promise<void>
  list(): Promise<Waiting[]>
  putDraft(draft: Draft): Promise<void>
  draft(key: string): Promise<Draft | null>
  dropDraft(key: string): Promise<void>
  /** Forgets drafts of before, and photos that nothing names any more. */
  sweep(before: number): Promise<void>
  close(): void
}

/** What waits on this phone, one database a person: whoever signs in next neither sees nor sends it. */
export async function openShelf(personId: string): Promise<Shelf> {
  const db: IDBPDatabase<Shelves> = await openDB<Shelves>(`zuji.checkins.${personId}`, 2, {
    upgrade(fresh, from) {
      if (from < 1) fresh.createObjectStore('checkins', { keyPath: 'id' })
      if (from < 1) fresh.createObjectStore('photos', { keyPath: 'id' })
      fresh.createObjectStore('drafts', { keyPath: 'key' })
    },
  })
  return {
    put: async (waiting) => void (await db.put('checkins', waiting)),
    putPhoto: async (photo) => void (await db.put('photos', photo)),
    photo: async (id) => (await db.get('photos', id)) ?? null,
    dropPhoto: (id) => db.delete('photos', id),
    drop: (id) => db.delete('checkins', id),
    list: () => db.getAll('checkins'), // by id, which begins with the time
    putDraft: async (draft) => void (await db.put('drafts', draft)),
    draft: async (key) => (await db.get('drafts', key)) ?? null,
    dropDraft: (key) => db.delete('drafts', key),
    sweep: (before) => sweep(db, before),
    close: () => db.close(),
  }
}

async function sweep(db: IDBPDatabase<Shelves>, before: number): Promise<void> {
  const named = new Set<string>()
  for (const { input } of await db.getAll('checkins'))
    for (const id of input.photoIds ?? []) named.add(id)
  for (const { key, at, photoIds } of await db.getAll('drafts')) {
    if (at < before) await db.delete('drafts', key)
    else for (const id of photoIds) named.add(id)
  }
  for (const { id, at } of await db.getAll('photos'))
    if (!named.has(id) && !(at >= before)) await db.delete('photos', id) // one of an older page has no `at`
}
