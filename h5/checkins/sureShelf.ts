import { isFull, withRoom } from '../report/room.ts'
import { within } from '../report/sources.ts'
import type { Draft, Shelf, ShelvedPhoto, Waiting } from './shelf.ts'

const PATIENCE_MS = 5_000 // some of iOS 14 never open a database; one that opens later is used from then on

/** What the phone did not take: the page alone holds it. */
export interface OnlyHere {
  why: 'full' | 'none' // the phone is full; this browser keeps nothing
  ids: ReadonlySet<string> // of check-ins and of photos that the server has not, and keys of drafts
}

export interface SureNeeds {
  open: () => Promise<Shelf>
  makeRoom: () => Promise<void> // before a second try on a full phone
  patienceMs?: number // for the first opening
}

type Act = (disk: Shelf) => Promise<void>

/** Things of one kind that the phone did not take, and what it could not forget. */
class Drawer<T> {
  readonly held = new Map<string, T>()
  readonly gone = new Set<string>()
  readonly put: (disk: Shelf, item: T) => Promise<void>
  readonly drop: (disk: Shelf, id: string) => Promise<void>

  constructor(put: Drawer<T>['put'], drop: Drawer<T>['drop']) {
    this.put = put
    this.drop = drop
  }

  /** Brings the phone up to date. @throws what the phone says */
  async settle(disk: Shelf): Promise<void> {
    for (const id of this.gone) {
      await this.drop(disk, id)
      this.gone.delete(id)
    }
    for (const [id, item] of this.held) {
      await this.put(disk, item)
      this.held.delete(id)
    }
  }
}

/**
 * A shelf that also takes what the phone can not keep: the page holds it until it is sent, or until the phone
 * keeps again. It never throws: a check-in that was pressed once is there once, and its id stays the same.
 */
export class SureShelf implements Shelf {
  readonly #needs: SureNeeds
  readonly #checkins = new Drawer<Waiting>(
    (disk, item) => disk.put(item),
    (disk, id) => disk.drop(id),
  )
  readonly #photos = new Drawer<ShelvedPhoto>(
    (disk, item) => disk.putPhoto(item),
    (disk, id) => disk.dropPhoto(id),
  )
  readonly #drafts = new Drawer<Draft>(
    (disk, item) => disk.putDraft(item),
    (disk, key) => disk.dropDraft(key),
  )
  #disk: Shelf | null = null
  #opening: Promise<void> | null = null
  #ready: Promise<void>
  #turn: Promise<unknown> = Promise.resolve()
  #why: OnlyHere['why'] = 'none'

  constructor(needs: SureNeeds) {
    this.#needs = needs
    this.#ready = this.#opened()
  }

  /** Null while the phone keeps all. */
  onlyHere(): OnlyHere | null {
    const unsent = [...this.#photos.held.values()].filter(({ sent }) => !sent)
    const ids = new Set([
      ...this.#checkins.held.keys(),
      ...this.#drafts.held.keys(),
      ...unsent.map(({ id }) => id),
    ])
    return ids.size === 0 ? null : { why: this.#why, ids }
  }

  put(waiting: Waiting): Promise<void> {
    return this.#put(this.#checkins, waiting.id, waiting)
  }

  putPhoto(photo: ShelvedPhoto): Promise<void> {
    return this.#put(this.#photos, photo.id, photo)
  }

  putDraft(draft: Draft): Promise<void> {
    return this.#put(this.#drafts, draft.key, draft)
  }

  drop(id: string): Promise<void> {
    return this.#drop(this.#checkins, id)
  }

  dropPhoto(id: string): Promise<void> {
    return this.#drop(this.#photos, id)
  }

  dropDraft(key: string): Promise<void> {
    return this.#drop(this.#drafts, key)
  }

  photo(id: string): Promise<ShelvedPhoto | null> {
    return this.#get(this.#photos, id, (disk) => disk.photo(id))
  }

  draft(key: string): Promise<Draft | null> {
    return this.#get(this.#drafts, key, (disk) => disk.draft(key))
  }

  /** What waits, the page's too; before that, what only the page holds is offered to the phone once more. */
  async list(): Promise<Waiting[]> {
    if (this.#disk === null && this.#opening === null) this.#ready = this.#opened()
    await this.#inTurn(() => this.#settle())
    const held = [...this.#checkins.held]
    const kept = await this.#read((disk) => disk.list(), [])
    const all = new Map(kept.map((waiting) => [waiting.id, waiting]))
    for (const [id, waiting] of held) all.set(id, waiting)
    for (const id of this.#checkins.gone) all.delete(id)
    return [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  sweep(before: number): Promise<void> {
    return this.#read((disk) => disk.sweep(before), undefined)
  }

  close(): void {
    this.#disk?.close()
  }

  #put<T>(drawer: Drawer<T>, id: string, item: T): Promise<void> {
    return this.#inTurn(async () => {
      drawer.gone.delete(id)
      drawer.held.set(id, item)
      if (await this.#written((disk) => drawer.put(disk, item))) drawer.held.delete(id)
    })
  }

  #drop<T>(drawer: Drawer<T>, id: string): Promise<void> {
    return this.#inTurn(async () => {
      drawer.held.delete(id)
      drawer.gone.add(id)
      if (await this.#written((disk) => drawer.drop(disk, id))) drawer.gone.delete(id)
    })
  }

  async #get<T>(drawer: Drawer<T>, id: string, ask: (disk: Shelf) => Promise<T | null>) {
    if (drawer.gone.has(id)) return null
    return drawer.held.get(id) ?? (await this.#read(ask, null))
  }

  /** Writes follow each other, so that what was dropped does not come back. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work)
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  async #settle(): Promise<void> {
    await this.#ready
    const disk = this.#disk
    if (disk === null) return
    for (const drawer of [this.#checkins, this.#drafts, this.#photos])
      await drawer.settle(disk).catch((error: unknown) => this.#failed(disk, error))
  }

  /** @returns whether the phone did it. */
  async #written(act: Act): Promise<boolean> {
    await this.#ready
    const disk = this.#disk
    if (disk === null) return false
    try {
      await withRoom(() => act(disk), this.#needs.makeRoom)
      return true
    } catch (error) {
      this.#failed(disk, error)
      return false
    }
  }

  async #read<T>(ask: (disk: Shelf) => Promise<T>, otherwise: T): Promise<T> {
    await this.#ready
    const disk = this.#disk
    if (disk === null) return otherwise
    return ask(disk).catch((error: unknown) => {
      this.#failed(disk, error)
      return otherwise
    })
  }

  /** One that broke under the open page, as iOS does, is opened anew at the next list. */
  #failed(disk: Shelf, error: unknown): void {
    this.#why = isFull(error) ? 'full' : 'none'
    if (isFull(error) || this.#disk !== disk) return
    this.#disk = null
    disk.close()
  }

  #opened(): Promise<void> {
    const { open, makeRoom, patienceMs = PATIENCE_MS } = this.#needs
    this.#opening = withRoom(open, makeRoom)
      .then(
        (disk) => void (this.#disk = disk),
        (error: unknown) => void (this.#why = isFull(error) ? 'full' : 'none'),
      )
      .finally(() => (this.#opening = null))
    return within(patienceMs, this.#opening).catch(() => undefined)
  }
}
