import { z } from 'zod'
import type { WecomRecord } from '../../contract/wecomCheckin.ts'
import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../core/db.ts'
import type { Log } from '../../core/log.ts'
import type { Call } from '../api/caller.ts'
import { told } from '../api/verdict.ts'
import { outcomeOfLook, outcomeOfWriting, type Outcome } from './outcomes.ts'
import {
  doubtAbandoned,
  lookLater,
  settle,
  takeCorrection,
  takeDoubtful,
  takeRecords,
  type Taken,
} from './queries.ts'
import { recordsOf, type Reading } from './reading.ts'
import { dateOf, midnightOf } from './slices.ts'
import { recordFor, writeCorrection, writeRecords } from './writing.ts'

export interface PunchWriting {
  db: Db
  clock: Clock
  log: Log
  call: Call
  orgId: string
  wait?: (ms: number) => Promise<void>
}

const MOST_CALLS = 20 // of each kind in one round

/**
 * One round of what is to be written. Many processes may do rounds: each row is taken by one, and what a
 * process leaves half done is looked for in WeCom before it is sent again.
 * @returns how many calls were made to write.
 */
export async function writeDue(writing: PunchWriting): Promise<number> {
  const { db, orgId, clock } = writing
  const taking = () => ({ orgId, now: clock.now() })
  await doubtAbandoned(db, taking())
  await look(writing, await takeDoubtful(db, taking()))
  let calls = 0
  for (let of = 0; of < MOST_CALLS; of++, calls++) {
    const rows = await takeRecords(db, taking())
    if (rows.length === 0) break
    await sendRecords(writing, rows)
  }
  for (let of = 0; of < MOST_CALLS; of++, calls++) {
    const row = await takeCorrection(db, taking())
    if (!row) break
    await sendCorrection(writing, row)
  }
  return calls
}

const Stored = z.object({
  at: z.number(),
  title: z.string(),
  detail: z.string(),
  notes: z.string().exactOptional(),
  position: z.object({ lng: z.number(), lat: z.number() }).exactOptional(),
  mediaId: z.string().exactOptional(),
  wifi: z.object({ name: z.string(), mac: z.string() }).exactOptional(),
})
const StoredCorrection = z.object({
  date: z.string(),
  dueSeconds: z.number().exactOptional(),
  at: z.number(),
  remark: z.string(),
})

async function sendRecords(writing: PunchWriting, rows: readonly Taken[]): Promise<void> {
  const records = rows.map(({ userId, body }) => recordFor(userId, Stored.parse(body)))
  await tried(writing, rows, () => writeRecords(writing.call, records))
}

async function sendCorrection(writing: PunchWriting, row: Taken): Promise<void> {
  const correction = StoredCorrection.parse(row.body)
  await tried(writing, [row], () => writeCorrection(writing.call, row.userId, correction))
}

async function tried(
  { db, orgId, clock, log }: PunchWriting,
  rows: readonly Taken[],
  write: () => Promise<unknown>,
): Promise<void> {
  const attempts = Math.max(...rows.map((row) => row.attempts))
  const outcome = await write().then(
    (): Outcome => ({ state: 'written' }),
    (error: unknown) => outcomeOfWriting(error, { count: rows.length, attempts, now: clock.now() }),
  )
  if (outcome.state !== 'written')
    log.warn({ count: rows.length, ...outcome }, 'punches were not written to WeCom')
  await settle(db, { orgId, now: clock.now(), rows, outcome })
}

/** Looks for what is in doubt among WeCom's own. */
async function look(writing: PunchWriting, rows: readonly Taken[]): Promise<void> {
  if (rows.length === 0) return
  const { db, orgId, clock } = writing
  const known = await knownTo(writing, rows).catch((error: unknown) => {
    if (!told(error)) throw error
    return null
  })
  if (!known) return void (await lookLater(db, { orgId, now: clock.now() }, rows))
  for (const row of rows) {
    const outcome = outcomeOfLook(
      known.has(markOf(row)),
      { ...row, looks: row.looks + 1 },
      clock.now(),
    )
    await settle(db, { orgId, now: clock.now(), rows: [row], outcome, looked: true })
  }
}

async function knownTo(writing: PunchWriting, rows: readonly Taken[]): Promise<Set<string>> {
  const dates = rows.map((row) => dateOf(secondsOf(row))).sort()
  const asked = { from: dates[0] ?? '', to: dates.at(-1) ?? '' }
  const userIds = rows.map(({ userId }) => userId)
  const { call, clock, wait } = writing
  const reading: Reading = { call, clock, ...(wait && { wait }) }
  const found = await recordsOf(reading, { ...asked, userIds, kind: 3 })
  return new Set(found.rows.flatMap(marksOf))
}

const NEVER_MADE = '未打卡' // WeCom lists a punch that is missing at the time at which it was due

/** A record is known by member and second, a correction also by the due it stands for, without an exception. */
function marksOf({ userid, checkin_time, sch_checkin_time: due, exception_type }: WecomRecord) {
  if (exception_type.includes(NEVER_MADE)) return []
  const mark = `${userid.toLowerCase()} ${checkin_time}`
  return exception_type === '' ? [mark, `${mark} for ${due}`] : [mark]
}

const At = z.object({ at: z.number() })
const secondsOf = ({ body }: Taken) => Math.floor(At.parse(body).at / 1000)

function markOf(row: Taken): string {
  const mark = `${row.userId.toLowerCase()} ${secondsOf(row)}`
  const { date, dueSeconds } =
    row.kind === 'correction' ? StoredCorrection.parse(row.body) : { date: '' }
  return dueSeconds === undefined ? mark : `${mark} for ${midnightOf(date) + dueSeconds}`
}
