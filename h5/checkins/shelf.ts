import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { CheckinInput } from '../../backend/contract/checkins.ts'
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
}

interface Shelves extends DBSchema {
  checkins: { key: string; value: Waiting }
  photos: { key: string; value: ShelvedPhoto }
}

export interface Shelf {
  put(waiting: Waiting): Promise<void>
  putPhoto(photo: ShelvedPhoto): Promise<void>
  photo(id: string): Promise<ShelvedPhoto | null>
  dropPhoto(id: string): Promise<void>
  drop(id: string): Promise<void>
  list(): Promise<Waiting[]>
}

/** What waits on this phone, one database a person: whoever signs in next neither sees nor sends it. */
export async function openShelf(personId: string): Promise<Shelf> {
  const db: IDBPDatabase<Shelves> = await openDB<Shelves>(`zuji.checkins.${personId}`, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('checkins', { keyPath: 'id' })
      fresh.createObjectStore('photos', { keyPath: 'id' })
    },
  })
  return {
    put: async (waiting) => void (await db.put('checkins', waiting)),
    putPhoto: async (photo) => void (await db.put('photos', photo)),
    photo: async (id) => (await db.get('photos', id)) ?? null,
    dropPhoto: (id) => db.delete('photos', id),
    drop: (id) => db.delete('checkins', id),
    list: () => db.getAll('checkins'), // by id, which begins with the time
  }
}
