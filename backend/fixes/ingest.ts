import { FIX_RULES, FixBatch, type Ingested } from '../contract/fixes.ts'
import { Fault } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { createGates, type GateParts, type Who } from './gate.ts'
import { judge, storable, type Arrival, type FixRow, type Gate, type Judged } from './judge.ts'
import { createPartitions } from './partitions.ts'
import { ALL_NEW, type Outcome } from './store.ts'
import { weighed } from './weigh.ts'
import { createWriter } from './writer.ts'

/**
 * The way in for every reporter: judge each item, write what may be kept together with what others
 * report at the moment, answer after commit, then tell who listens.
 */
export function createIngest(kit: Kit, parts: GateParts) {
  const gates = createGates(kit, parts)
  const partitions = createPartitions(kit)
  const writer = createWriter(kit, partitions.ensured)
  const count = createCount(kit)

  const write = async (who: Who, device: string | undefined, judged: Judged, past: boolean) => {
    const { fixes, silences } = judged
    if (fixes.length === 0 && silences.length === 0) return ALL_NEW
    return writer.write({ ...who, device, fixes, silences, past })
  }
  const take = async (who: Who, batch: FixBatch, gate: Gate, arrival: Arriving) => {
    const judged = judge(batch, gate, arrival)
    const outcome = await write(who, storable(batch.device), judged, arrival.past)
    if (!arrival.past) publish(kit, who, judged, outcome)
    const answer = answerOf(judged, outcome)
    count(answer, judged.fixes, arrival)
    return answer
  }
  /** A parsed batch of somebody who may report. Answers after commit. */
  const report = async (who: Who, batch: FixBatch): Promise<Ingested> => {
    const arrival = { receivedAt: kit.clock.now(), ageMs: FIX_RULES.ageMs, past: false }
    return take(who, batch, await gates.of(who), arrival)
  }
  return {
    partitions,
    drain: writer.drain,
    waiting: writer.waiting,
    report,
    weigh: createWeigh(kit, gates),
    /** A batch as it comes. Throws Fault `bad_input`. */
    async ingest(who: Who, batch: unknown): Promise<Ingested> {
      const result = FixBatch.safeParse(batch)
      if (!result.success) throw new Fault('bad_input', 'this is not a batch of fixes')
      return report(who, result.data)
    },
    /**
     * Facts of the past, of any age and number: duty and consent count, the 7 days do not. Nobody
     * is told, because nothing of it is news to a map.
     */
    async importDay(who: Who, day: { fixes: unknown[]; silences: unknown[] }): Promise<Ingested> {
      const now = kit.clock.now()
      const gate = await gates.during(who, spanOf(day, now))
      return take(who, day, gate, { receivedAt: now, ageMs: Infinity, past: true })
    },
  }
}

/** What `report` would answer to fixes, without storing them. */
const createWeigh =
  (kit: Kit, gates: Pick<ReturnType<typeof createGates>, 'of'>) =>
  async (who: Who, batch: FixBatch): Promise<Ingested> => {
    const arrival = { receivedAt: kit.clock.now(), ageMs: FIX_RULES.ageMs }
    const judged = judge(batch, await gates.of(who), arrival)
    return answerOf(judged, await weighed(kit.db, who, judged))
  }

type Arriving = Arrival & { past: boolean }

const DAY_MS = 86_400_000

/** From the earliest to the latest time that the items name, a day wider. */
function spanOf(day: { fixes: unknown[]; silences: unknown[] }, now: number) {
  const times = [...day.fixes, ...day.silences]
    .flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    .map(Number)
    .filter((value) => value > 1e11 && value <= now + DAY_MS) // no other number of a fix is that big
  const from = times.reduce((least, time) => Math.min(least, time), now)
  return { from: from - DAY_MS, to: now + DAY_MS }
}

function answerOf(judged: Judged, { known, refused }: Outcome): Ingested {
  const rows = judged.fixes.length + judged.silences.length
  const rejected = [...judged.rejected, ...refusals(judged, refused)]
  return {
    accepted: rows - known.size - refused.size,
    duplicate: judged.duplicate + known.size,
    rejected: rejected.sort((a, b) => a.index - b.index),
    ...(judged.warnings.length > 0 && { warnings: judged.warnings }),
  }
}

const refusals = ({ places }: Judged, refused: ReadonlySet<string>): Ingested['rejected'] =>
  [...refused].map((id) => ({
    index: places.get(id) ?? 0,
    id,
    code: 'bad_item',
    message: 'item: the database can not store this',
  }))

function publish(kit: Kit, { orgId, personId }: Who, judged: Judged, outcome: Outcome) {
  const { known, refused } = outcome
  const isNew = ({ id }: { id: string }) => !known.has(id) && !refused.has(id)
  const all = known.size === 0 && refused.size === 0
  const fixes = all ? judged.fixes : judged.fixes.filter(isNew)
  if (fixes.length > 0) kit.facts.publish('fixesStored', { orgId, people: [{ personId, fixes }] })
  if (judged.silences.some(isNew))
    kit.facts.publish('silencesStored', { orgId, personIds: [personId] })
}

function createCount({ metrics }: Kit) {
  const items = metrics.counter('zuji_fixes_total', 'Fixes and silences by what became of them', [
    'outcome',
  ])
  const lag = metrics.histogram(
    'zuji_fixes_lag_seconds',
    'Age of the newest fix of a batch on arrival',
    [1, 5, 15, 60, 300, 1800, 7200, 86_400],
  )
  return (answer: Ingested, fixes: readonly FixRow[], { receivedAt, past }: Arriving) => {
    if (answer.accepted > 0) items.inc({ outcome: 'accepted' }, answer.accepted)
    if (answer.duplicate > 0) items.inc({ outcome: 'duplicate' }, answer.duplicate)
    for (const { code } of answer.rejected) items.inc({ outcome: code })
    if (fixes.length === 0 || past) return
    const newest = fixes.reduce((latest, { at }) => Math.max(latest, at), 0)
    lag.observe(Math.max(0, receivedAt - newest) / 1000)
  }
}
