import type { Move } from '../contract/live.ts'
import { concerns, type Sighting, type Topic } from './topic.ts'

const KEEP_MS = 120_000 // how far back a lost connection can be made good from memory
const KEEP_SIGHTINGS = 200_000 // of one org, about 40 MB

interface Entry {
  seq: number
  at: number // epoch ms of the tick
  sightings: readonly Sighting[]
}

/** The last two minutes of one org's ticks. Pure memory: time and numbers come from outside. */
export interface Ring {
  add(entry: Entry): void
  /** Every move of the topic after `since`, of each person only the newest; null when that is forgotten. */
  after(since: number, topic: Topic, now: number): Move[] | null
  /** From here on nobody can resume from before `seq`: somebody's rights or duty changed. */
  forgetPerson(personId: string, seq: number): void
}

/** @param start the number before the first tick: `since` below it belongs to another process. */
export function createRing(start: number): Ring {
  let floor = start
  let entries: Entry[] = []
  let kept = 0
  const trim = (now: number) => {
    const old = entries.findLastIndex((entry) => entry.at < now - KEEP_MS) + 1
    let gone = old
    kept -= sightingsIn(entries.slice(0, old))
    while (kept > KEEP_SIGHTINGS) kept -= entries[gone++]?.sightings.length ?? kept
    floor = Math.max(floor, entries[gone - 1]?.seq ?? floor)
    entries = entries.slice(gone)
  }
  return {
    add(entry) {
      entries.push(entry)
      kept += entry.sightings.length
      trim(entry.at)
    },
    after(since, topic, now) {
      if (since < floor) return null
      return newestOf(
        entries.filter((entry) => entry.seq > since),
        topic,
        now,
      )
    },
    forgetPerson(personId, seq) {
      floor = seq
      entries = entries.map((entry) => ({
        ...entry,
        sightings: entry.sightings.filter((sighting) => sighting.move.personId !== personId),
      }))
      kept = sightingsIn(entries)
    },
  }
}

const sightingsIn = (entries: readonly Entry[]) =>
  entries.reduce((sum, entry) => sum + entry.sightings.length, 0)

/** Merged by person: later ticks win. Who has gone off duty since is left out. */
function newestOf(entries: readonly Entry[], topic: Topic, now: number): Move[] {
  const newest = new Map<string, Move>()
  const concerned = new Set<string>()
  for (const sighting of entries.flatMap((entry) => entry.sightings)) {
    if (sighting.dutyTo <= now) continue
    newest.set(sighting.move.personId, sighting.move)
    if (concerns(topic, sighting)) concerned.add(sighting.move.personId)
  }
  return [...newest.values()].filter((move) => concerned.has(move.personId))
}
