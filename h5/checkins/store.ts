import { defineStore } from 'pinia'
import { shallowRef, type ShallowRef } from 'vue'
import { v7 as uuid } from 'uuid'
import { CheckinReply, type CheckinInput } from '../../backend/contract/checkins.ts'
import type { PhotoMark } from '../../backend/contract/photoMark.ts'
import { PhotoReply } from '../../backend/contract/photos.ts'
import { call } from '../core/api.ts'
import { useSession } from '../core/session.ts'
import { makeRoom } from '../report/room.ts'
import { noteServer, RUN, serverAtLeast } from './clock.ts'
import { Outbox } from './outbox.ts'
import { openShelf, type Draft, type ShelvedPhoto, type Waiting } from './shelf.ts'
import { SureShelf, type OnlyHere } from './sureShelf.ts'

const RETRY_MS = 20_000
const DRAFT_MS = 24 * 3_600_000 // that unsaid words and their photos are kept

interface Opened {
  shelf: SureShelf
  outbox: Outbox
}

/** What this page alone holds, and whether a check-in that waits is among it or lacks a photo of it. */
export interface Unkept {
  why: OnlyHere['why']
  waits: boolean
}

/** The check-ins of the person signed in that wait on this phone. */
export const useOutbox = defineStore('checkins', () => {
  const session = useSession()
  const waiting = shallowRef<readonly Waiting[]>([])
  const unkept = shallowRef<Unkept | null>(null)
  const opened = new Map<string, Opened>() // by person: what a page holds for one is no other's

  function open(): Opened {
    const personId = session.me?.id ?? ''
    const known = opened.get(personId)
    if (known) return known
    if (opened.size === 0) listen(begin, { waiting, unkept })
    const fresh = openFor(personId)
    opened.set(personId, fresh)
    void fresh.shelf.sweep(Date.now() - DRAFT_MS)
    if (session.me) noteServer(Math.max(session.me.now, serverAtLeast() ?? 0))
    return fresh
  }

  /** Sends what waits, now and whenever the network is back. */
  async function begin(): Promise<void> {
    const { outbox } = open()
    await outbox.flush()
    await renew()
  }

  async function renew(): Promise<void> {
    waiting.value = await open().shelf.list()
    tell()
  }

  const tell = () => void (unkept.value = unkeptOf(open().shelf.onlyHere(), waiting.value))

  /** @returns the server's answer; null while the check-in waits. @throws CallFailed when something is asked for */
  async function submit(input: CheckinInput, place: string): Promise<CheckinReply | null> {
    const { outbox } = open()
    const notBefore = serverAtLeast()
    const reply = await outbox.submit({ ...input, ...(notBefore && { notBefore }) }, place)
    await renew()
    return reply
  }

  /** Forgets one that the server refused for good. */
  const discard = async (id: string) => {
    await open().shelf.drop(id)
    await renew()
  }

  return { waiting, unkept, begin, submit, discard, ...draftsOn(open, tell) }
})

/** What was said and taken and is no check-in yet. */
function draftsOn(open: () => Opened, tell: () => void) {
  async function keepPhoto(blob: Blob, mark: PhotoMark): Promise<string> {
    const { outbox } = open()
    const id = uuid()
    await outbox.keepPhoto(id, blob, mark)
    tell()
    void outbox.hurryPhoto(id).then(tell)
    return id
  }

  /** Keeps what was said under a key; null: forgets it. */
  async function keepDraft(key: string, said: Omit<Draft, 'key' | 'at'> | null): Promise<void> {
    const { shelf } = open()
    await (said ? shelf.putDraft({ key, at: Date.now(), ...said }) : shelf.dropDraft(key))
    tell()
  }

  /** What was kept under a key, with those of its photos that are here. */
  async function draftOf(key: string): Promise<{ draft: Draft | null; photos: ShelvedPhoto[] }> {
    const { shelf } = open()
    const draft = await shelf.draft(key)
    if (draft === null || draft.at < Date.now() - DRAFT_MS) return { draft: null, photos: [] }
    const photos = await Promise.all(draft.photoIds.map((id) => shelf.photo(id)))
    return { draft, photos: photos.filter((photo) => photo !== null) }
  }
  return { keepPhoto, keepDraft, draftOf }
}

function unkeptOf(only: OnlyHere | null, waiting: readonly Waiting[]): Unkept | null {
  if (only === null) return null
  const { why, ids } = only
  const waits = waiting.some(({ id, input }) => [id, ...(input.photoIds ?? [])].some((one) => ids.has(one))) // prettier-ignore
  return { why, waits }
}

function openFor(personId: string): Opened {
  const shelf = new SureShelf({ open: () => openShelf(personId), makeRoom })
  const outbox = new Outbox({
    ...{
      shelf,
      run: RUN,
      mono: () => performance.now(),
      now: () => Date.now(),
    },
    sendPhoto: (id, file) =>
      call(PhotoReply, '/api/v1/photos', {
        ...{ file, query: { id, source: 'camera' }, timeoutMs: 60_000 },
      }),
    sendCheckin: (body) => call(CheckinReply, '/api/v1/checkins', { body }),
  })
  return { shelf, outbox }
}

interface Held {
  waiting: ShallowRef<readonly Waiting[]>
  unkept: ShallowRef<Unkept | null>
}

/** Sends when the network is back and now and then; who closes the page on what it alone holds is asked. */
function listen(begin: () => Promise<void>, { waiting, unkept }: Held): void {
  addEventListener('online', () => void begin())
  setInterval(() => waiting.value.length > 0 && void begin(), RETRY_MS)
  addEventListener('beforeunload', (event) => {
    if (unkept.value?.waits) event.preventDefault()
  })
}
