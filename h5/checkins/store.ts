import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { v7 as uuid } from 'uuid'
import { CheckinReply, type CheckinInput } from '../../backend/contract/checkins.ts'
import { PhotoReply } from '../../backend/contract/photos.ts'
import { call } from '../core/api.ts'
import { useSession } from '../core/session.ts'
import { noteServer, RUN, serverAtLeast } from './clock.ts'
import { Outbox } from './outbox.ts'
import { openShelf, type Shelf, type Waiting } from './shelf.ts'

const RETRY_MS = 20_000

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

  async function keepPhoto(blob: Blob): Promise<string> {
    const { outbox } = await open()
    const id = uuid()
    await outbox.keepPhoto(id, blob)
    void outbox.hurryPhoto(id)
    return id
  }

  /** @returns the server's answer; null while the check-in waits. */
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

  return { waiting, begin, keepPhoto, submit, discard }
})

async function openFor(personId: string): Promise<Opened> {
  const shelf = await openShelf(personId)
  const outbox = new Outbox({
    ...{ shelf, run: RUN, mono: () => performance.now(), now: () => Date.now() },
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
