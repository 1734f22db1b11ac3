import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { z } from 'zod'
import type { Kit } from './kit.ts'

const STREAM = 'zuji:facts'
const KEPT = 10_000 // entries: several minutes of a busy company, for a process that stood still
const GATHER_MS = 20 // so many facts of a burst travel together
const WAIT_MS = 5_000 // of one reading, when there is nothing
const AGAIN_MS = [100, 2_000] as const // first and longest pause between two connections

/** What travels: whose, never what. Positions stay in the database. */
const Parcel = z.object({
  reported: z.record(z.string(), z.array(z.string())), // person ids by org: they have new fixes
  changed: z.array(z.tuple([z.string(), z.string()])), // org and person
  alerts: z.array(z.tuple([z.string(), z.string(), z.string()])).default([]), // org, person and alert
})
type Parcel = z.infer<typeof Parcel>

export interface Relay {
  /** In words what is wrong; null: joined. */
  trouble(): string | null
  /** Sends what is pending and leaves. */
  close(): Promise<void>
}

/**
 * Joins processes of one company by a Redis stream: what one publishes the others hear within some
 * 20 ms. A stream and not publish/subscribe, because it can be read on from where a lost connection
 * stopped; and facts and not socket messages, because each process makes those for its own sockets
 * from the database. Without Redis each process goes on alone; once it is back, all hear
 * `factsMissed`, as they do whenever a number of a sender is left out.
 */
export function relayFacts(url: string, kit: Pick<Kit, 'facts' | 'log' | 'metrics'>): Relay {
  const open = () => new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: pauseOf })
  const [writer, reader] = [open(), open()]
  for (const redis of [writer, reader]) redis.on('error', tellOnce(redis, kit))
  const isJoined = () => writer.status === 'ready' && reader.status === 'ready'
  kit.metrics.gauge(
    'zuji_processes_joined',
    'Connected to the other processes by Redis: 1, else 0',
    () => (isJoined() ? 1 : 0),
  )
  const me = randomUUID()
  const sending = sendFrom(writer, kit, me)
  const reading = readInto(reader, kit, me)
  return {
    trouble: () =>
      isJoined() ? null : 'Redis does not answer: this process does not hear of the others',
    async close() {
      await sending.stop()
      reading.stop()
      writer.disconnect()
      reader.disconnect()
      await reading.ended
    },
  }
}

const pauseOf = (tries: number) => Math.min(tries * AGAIN_MS[0], AGAIN_MS[1])

/** A Redis that is away says so with every attempt; the log has the first of them. */
function tellOnce(redis: Redis, { log }: Pick<Kit, 'log'>) {
  let told = false
  redis.on('ready', () => (told = false))
  return (error: Error) => {
    if (!told) log.warn({ err: error }, 'Redis is away: processes do not hear of each other')
    told = true
  }
}

/** What is to be told: each person once, however often he is reported meanwhile. */
function createPending() {
  const reported = new Map<string, Set<string>>()
  const changed = new Map<string, [string, string]>()
  const alerts = new Map<string, [string, string, string]>()
  const pending = {
    report(orgId: string, personIds: readonly string[]) {
      const known = reported.get(orgId) ?? new Set<string>()
      for (const id of personIds) known.add(id)
      reported.set(orgId, known)
    },
    change(orgId: string, personId: string) {
      changed.set(JSON.stringify([orgId, personId]), [orgId, personId])
    },
    alert: (...alert: [orgId: string, personId: string, id: string]) =>
      void alerts.set(JSON.stringify(alert), alert),
    /** All of it, which is gone from here then; null when there is nothing. */
    take(): Parcel | null {
      if (reported.size + changed.size + alerts.size === 0) return null
      const ids = [...reported].map(([orgId, people]): [string, string[]] => [orgId, [...people]])
      const reports = Object.fromEntries(ids)
      const parcel = { reported: reports, changed: [...changed.values()], alerts: [...alerts.values()] } // prettier-ignore
      for (const each of [reported, changed, alerts]) each.clear()
      return parcel
    },
    giveBack(parcel: Parcel) {
      for (const [orgId, ids] of Object.entries(parcel.reported)) pending.report(orgId, ids)
      for (const each of parcel.changed) pending.change(...each)
      for (const each of parcel.alerts) pending.alert(...each)
    },
  }
  return pending
}

/** Tells the facts of this process. What can not be sent waits until it can. */
function sendFrom(writer: Redis, { facts }: Pick<Kit, 'facts'>, me: string) {
  const pending = createPending()
  let number = 0
  let timer: NodeJS.Timeout | undefined
  let sent: Promise<unknown> = Promise.resolve()
  const send = () => {
    timer = undefined
    const parcel = writer.status === 'ready' ? pending.take() : null
    if (!parcel) return
    const content = ['by', me, 'n', String(++number), 'parcel', JSON.stringify(parcel)]
    sent = writer
      .xadd(STREAM, 'MAXLEN', '~', KEPT, '*', ...content)
      .catch(() => pending.giveBack(parcel)) // sent with the next one; twice does no harm
  }
  const later = () => (timer ??= setTimeout(send, GATHER_MS))
  const offs = [
    facts.on('fixesStored', ({ orgId, people }) => {
      pending.report(orgId, people.map(({ personId }) => personId)) // prettier-ignore
      later()
    }),
    facts.on('personChanged', ({ orgId, personId }) => {
      pending.change(orgId, personId)
      later()
    }),
    facts.on('alertChanged', ({ orgId, personId, id }) => {
      pending.alert(orgId, personId, id)
      later()
    }),
  ]
  writer.on('ready', send)
  return {
    async stop() {
      for (const off of offs) off()
      clearTimeout(timer)
      send()
      await sent
    },
  }
}

/** Reads on and on. Each sender numbers its parcels: a gap means that something was missed. */
function readInto(reader: Redis, kit: Pick<Kit, 'facts' | 'log'>, me: string) {
  const numbers = new Map<string, number>()
  const place = { last: '', stopped: false }
  const missed = () => kit.facts.hear('factsMissed', {})
  const take = ([id, fields]: Entry) => {
    place.last = id
    const [, by = '', , n = '', , text = ''] = fields
    if (by === me) return
    const before = numbers.get(by)
    const number = Number(n)
    if (before !== undefined && number <= before) return
    numbers.set(by, number)
    if (before !== undefined && number > before + 1) missed()
    pass(text, kit)
  }
  return {
    stop: () => void (place.stopped = true),
    ended: readOn(reader, place, { take, missed }),
  }
}

type Entry = [id: string, fields: string[]]

interface Place {
  last: string // id of the newest entry read; '' before the first connection
  stopped: boolean
}

async function readOn(
  reader: Redis,
  place: Place,
  heard: { take: (entry: Entry) => void; missed: () => void },
): Promise<void> {
  while (!place.stopped) {
    try {
      await ready(reader)
      const entries = await read(reader, place)
      entries.forEach(heard.take)
    } catch {
      if (place.stopped) return
      if (place.last !== '') place.last = '0-0' // the stream may have begun anew; what is known is passed over
      await sleep(AGAIN_MS[0])
      await ready(reader).then(heard.missed, () => undefined)
    }
  }
}

async function read(reader: Redis, place: Place): Promise<Entry[]> {
  if (place.last === '') {
    const [newest] = await reader.xrevrange(STREAM, '+', '-', 'COUNT', 1)
    place.last = newest?.[0] ?? '0-0'
  }
  const from = ['STREAMS', STREAM, place.last] as const
  const found = await reader.xread('COUNT', 500, 'BLOCK', WAIT_MS, ...from)
  return found?.flatMap(([, entries]) => entries) ?? []
}

/** Resolves when commands can be sent; rejects when the connection is given up. */
function ready(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve()
  if (redis.status === 'end') return Promise.reject(new Error('the connection has ended'))
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => () => {
      redis.off('ready', onReady).off('end', onEnd)
      end()
    }
    const onReady = settle(resolve)
    const onEnd = settle(() => reject(new Error('the connection has ended')))
    redis.once('ready', onReady).once('end', onEnd)
  })
}

function pass(text: string, { facts, log }: Pick<Kit, 'facts' | 'log'>): void {
  const parcel = parcelOf(text)
  if (!parcel) return log.warn('another process sent what is no parcel of facts')
  for (const [orgId, ids] of Object.entries(parcel.reported))
    facts.hear('fixesStored', {
      orgId,
      people: ids.map((personId) => ({ personId, fixes: [] })),
    })
  for (const [orgId, personId] of parcel.changed) facts.hear('personChanged', { orgId, personId })
  for (const [orgId, personId, id] of parcel.alerts)
    facts.hear('alertChanged', { orgId, personId, id })
}

function parcelOf(text: string): Parcel | null {
  try {
    return Parcel.parse(JSON.parse(text))
  } catch {
    return null
  }
}
