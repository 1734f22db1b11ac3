import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { v7 as uuid } from 'uuid'
import { CheckinReply, type CheckinInput } from '../../backend/contract/checkins.ts'
import type { PhotoMark } from '../../backend/contract/photoMark.ts'
import { PhotoReply } from '../../backend/contract/photos.ts'
import { call } from '../core/api.ts'
import { useSession } from '../core/session.ts'
import { noteServer, RUN, serverAtLeast } from './clock.ts'
import { Outbox } from './outbox.ts'
import { openShelf, type Draft, type Shelf, type ShelvedPhoto, type Waiting } from './shelf.ts'

const RETRY_MS = 20_000
const DRAFT_MS = 24 * 3_600_000 // that unsaid words and their photos are kept

interface Opened {
  personId: string
  shelf: Shelf
  outbox: Outbox
}

/** The check-ins of the person signed in that wait on this phone. */
export const useOutbox = defineStore('checkins', () => {
  const session = useSession()
  const waiting = shallowRef<readonly Waiting[]>([])
  let opened: Opened | null = null

  async function open(): Promise<Opened> {
    const personId = session.me?.id ?? ''
    if (opened?.personId === personId) return opened
    if (opened === null) listen(begin, () => waiting.value.length > 0)
    opened = await openFor(personId)
    void opened.shelf.sweep(Date.now() - DRAFT_MS)
    if (session.me) noteServer(Math.max(session.me.now, serverAtLeast() ?? 0))
    return opened
  }

  /** Sends what waits, now and whenever the network is back. */
  async function begin(): Promise<void> {
    const { outbox } = await open()
    await outbox.flush()
    await renew()
  }

  async function renew(): Promise<void> {
    waiting.value = await (await open()).shelf.list()
  }

  /** @returns the server's answer; null while the check-in waits. @throws CallFailed when something is asked for */
  async function submit(input: CheckinInput, place: string): Promise<CheckinReply | null> {
    const { outbox } = await open()
    const notBefore = serverAtLeast()
    const reply = await outbox.submit({ ...input, ...(notBefore && { notBefore }) }, place)
    await renew()
    return reply
  }

  /** Forgets one that the server refused for good. */
  const discard = async (id: string) => {
    await (await open()).shelf.drop(id)
    await renew()
  }

  return { waiting, begin, submit, discard, ...draftsOn(open) }
})

/** What was said and taken and is no check-in yet. */
function draftsOn(open: () => Promise<Opened>) {
  async function keepPhoto(blob: Blob, mark: PhotoMark): Promise<string> {
    const { outbox } = await open()
    const id = uuid()
    await outbox.keepPhoto(id, blob, mark)
    void outbox.hurryPhoto(id)
    return id
  }

  /** Keeps what was said under a key; null: forgets it. */
  async function keepDraft(key: string, said: Omit<Draft, 'key' | 'at'> | null): Promise<void> {
    const { shelf } = await open()
    await (said ? shelf.putDraft({ key, at: Date.now(), ...said }) : shelf.dropDraft(key))
  }

  /** What was kept under a key, with those of its photos that are here. */
  async function draftOf(key: string): Promise<{ draft: Draft | null; photos: ShelvedPhoto[] }> {
    const { shelf } = await open()
    const draft = await shelf.draft(key)
    if (draft === null || draft.at < Date.now() - DRAFT_MS) return { draft: null, photos: [] }
    const photos = await Promise.all(draft.photoIds.map((id) => shelf.photo(id)))
    return { draft, photos: photos.filter((photo) => photo !== null) }
  }
  return { keepPhoto, keepDraft, draftOf }
}

async function openFor(personId: string): Promise<Opened> {
  const shelf = await openShelf(personId)
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
  return { personId, shelf, outbox }
}

function listen(begin: () => Promise<void>, isWaiting: () => boolean): void {
  addEventListener('online', () => void begin())
  setInterval(() => isWaiting() && void begin(), RETRY_MS)
}
