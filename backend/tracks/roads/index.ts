import { createHash } from 'node:crypto'
import { simplify } from '../../../geo/index.ts'
import type { Day, Segment } from '../../contract/days.ts'
import type { Kit } from '../../core/kit.ts'
import { createBreaker } from './breaker.ts'
import { roadsClientOf, type RoadsClient } from './client.ts'
import { fits, type Line } from './fit.ts'

const PARALLEL = 4 // questions at once, of all who ask
const REST_MS = 60_000 // for a service that does not answer
const ANSWER_MS = 5_000 // what is not matched by then is shown as measured
const SIMPLER_METRES = 3 // fewer positions say the same
const MOST_VERTICES = 300_000 // kept in memory

/** The day with its moves drawn along roads where the service is sure; no number changes. */
export type WithRoads = (day: Day) => Promise<Day>

/** Without a service every line stays as measured. */
export function createRoads(kit: Pick<Kit, 'clock' | 'log' | 'config'>): WithRoads {
  const { roadsUrl } = kit.config
  if (!roadsUrl) return async (day) => day
  const match = createMatcher(kit, roadsClientOf(roadsUrl))
  return async (day) => {
    const deadline = kit.clock.now() + ANSWER_MS
    const segments = await Promise.all(
      day.segments.map((segment) => onRoads(segment, (line) => match(line, deadline))),
    )
    return { ...day, segments }
  }
}

async function onRoads(segment: Segment, match: (line: Line) => Promise<Line | null>) {
  const { kind, line } = segment
  if (kind !== 'move' || !line || line.length < 2) return segment
  const along = await match(line)
  if (!along) return segment
  const ends = [line[0] ?? [0, 0], line.at(-1) ?? [0, 0]] as const // the stays it joins
  const whole = [ends[0], ...along, ends[1]].map(([lng, lat]): [number, number] => [lng, lat])
  return { ...segment, line: whole, matched: true }
}

/** Remembers by the line itself what became of it, so a day that grows asks for its new moves only. */
function createMatcher(kit: Pick<Kit, 'clock' | 'log'>, client: RoadsClient) {
  const known = createMemory()
  const turn = createTurns(PARALLEL)
  const breaker = createBreaker(
    kit.clock.now,
    REST_MS,
    (error) =>
    kit.log.warn({ reason: reasonOf(error) }, 'the road service does not answer; lines stay as measured'), // prettier-ignore
  )
  const ask = (piece: Line, deadline: number) =>
    turn(async () => {
      if (kit.clock.now() > deadline) return undefined
      const answer = await breaker.ask(async () => ({ along: await client.match(piece) }))
      return answer?.along
    })
  return async (line: Line, deadline: number): Promise<Line | null> => {
    const key = createHash('sha256').update(JSON.stringify(line)).digest('base64')
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    const along: Line[] = []
    for (const piece of piecesOf(simplify(line, SIMPLER_METRES), client.most)) {
      const way = await ask(piece, deadline)
      if (way === undefined) return null // not answered: it may be next time
      if (way === null) return known.keep(key, null)
      along.push(way)
    }
    const whole = along.flat()
    return known.keep(key, fits(line, whole) ? whole : null)
  }
}

/** What went wrong in a word: messages of addresses could hold positions. */
const reasonOf = (error: unknown) => (error instanceof Error ? error.name : typeof error)

/** Pieces of at most `most` positions, each beginning where the last one ends. */
function piecesOf(line: Line, most: number): Line[] {
  const count = Math.max(1, Math.ceil((line.length - 1) / (most - 1)))
  const step = Math.ceil((line.length - 1) / count)
  const pieces = Array.from({ length: count }, (_, i) => line.slice(i * step, (i + 1) * step + 1))
  return pieces.filter((piece) => piece.length > 1)
}

/** What was found for a line, or null where nothing was; those not asked for longest are forgotten. */
function createMemory() {
  const lines = new Map<string, Line | null>()
  let vertices = 0
  const sizeOf = (line: Line | null | undefined) => 10 + (line?.length ?? 0)
  return {
    get(key: string) {
      const line = lines.get(key)
      if (line === undefined) return undefined
      lines.delete(key)
      lines.set(key, line)
      return line
    },
    keep(key: string, line: Line | null) {
      vertices += sizeOf(line) - (lines.has(key) ? sizeOf(lines.get(key)) : 0)
      lines.set(key, line)
      for (const [oldest, other] of lines) {
        if (vertices <= MOST_VERTICES) break
        lines.delete(oldest)
        vertices -= sizeOf(other)
      }
      return line
    },
  }
}

/** Lets so many run at once; the others wait in order. */
function createTurns(most: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
