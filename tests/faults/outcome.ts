import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { verifyChain } from '../../backend/checkins/index.ts'
import { Day } from '../../backend/contract/days.ts'
import { AttendanceMonth } from '../../backend/contract/months.ts'
import { sql } from '../../backend/core/sql.ts'
import { HR, ORG, REPS } from './company.ts'
import type { Stage } from './stage.ts'

/** What the map and the payroll say of the day, and whether the facts below it are whole. */
export interface Outcome {
  readonly fixes: readonly string[] // ids, sorted; one twice is there twice
  readonly checkins: readonly string[]
  readonly chain: string
  readonly days: string // digest of what is told of everybody's day
  readonly ledger: readonly string[] // cell of the month for each rep
}

export async function outcomeOf(stage: Stage): Promise<Outcome> {
  const facts = await stage.beside(async (db) => {
    const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id).sort()
    const fixes = await db.many<{ id: string }>(sql`select id from fixes where org_id = ${ORG}`)
    const checkins = await db.many<{ id: string }>(
      sql`select id from checkins where org_id = ${ORG}`,
    )
    const { broken, links } = await verifyChain(db, ORG, { from: '0001-01-01', to: '9999-12-31' })
    const chain = broken ? `broken: ${broken.what}` : `whole, ${links} links`
    return { fixes: idsOf(fixes), checkins: idsOf(checkins), chain }
  })
  const days = await Promise.all(REPS.map((person) => dayOf(stage, person)))
  const digest = createHash('sha256').update(JSON.stringify(days)).digest('hex').slice(0, 12)
  return { ...facts, days: digest, ledger: await ledgerOf(stage) }
}

async function dayOf(stage: Stage, personId: string) {
  const told = await ask(stage, personId, `/api/v1/people/${personId}/days/${stage.day.date}`)
  const { segments, totals, visits, flags } = Day.parse(told)
  return { segments, totals, visits, flags }
}

async function ledgerOf(stage: Stage): Promise<string[]> {
  const { date } = stage.day
  const told = await ask(stage, HR, `/api/v1/attendance/months/${date.slice(0, 7)}?limit=500`)
  const { rows } = AttendanceMonth.parse(told)
  return REPS.map((id) => rows.find(({ personId }) => personId === id)?.cells[Number(date.slice(8)) - 1] ?? 'nobody') // prettier-ignore
}

async function ask(stage: Stage, as: string, to: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${stage.tokens.get(as) ?? ''}` }
  const reply = await fetch(stage.urlOf(0) + to, { headers, signal: AbortSignal.timeout(10_000) })
  if (reply.status !== 200) throw new Error(`${to} answers ${reply.status}: ${await reply.text()}`)
  return reply.json()
}

const SETTLES = 30_000 // ms that views may take after the last fact

/** The outcome as soon as it is what is expected, else what is there when patience ends; and since when it is that. */
export async function settled(stage: Stage, expected: Outcome | null) {
  const end = Date.now() + SETTLES
  let [before, since] = ['', 0]
  for (;;) {
    const found = await outcomeOf(stage)
    const now = JSON.stringify(found)
    if (now !== before) since = Date.now()
    const done = expected ? now === JSON.stringify(expected) : now === before && complete(found)
    if (done || Date.now() > end) return { found, since }
    before = now
    await wait(expected ? 200 : 3_000) // the first time there is nothing to compare with but itself
  }
}

const complete = ({ ledger }: Outcome) => ledger.every((cell) => /\d/.test(cell))

/** The promises that do not hold; none is as it must be. */
export function brokenPromises(
  expected: Outcome,
  found: Outcome,
  acknowledged: ReadonlySet<string>,
): string[] {
  const kept = new Set([...found.fixes, ...found.checkins])
  const lost = [...acknowledged].filter((id) => !kept.has(id)).length
  const twice = found.fixes.length + found.checkins.length - kept.size
  return [
    ...(lost > 0 ? [`${lost} acknowledged facts are lost`] : []),
    ...(twice > 0 ? [`${twice} facts are there twice`] : []),
    ...(found.chain === expected.chain ? [] : [`the chain is ${found.chain}`]),
    ...(found.days === expected.days ? [] : ['the map tells another day']),
    ...(found.ledger.join() === expected.ledger.join()
      ? []
      : [`the ledger says ${found.ledger.join()} and not ${expected.ledger.join()}`]),
  ]
}
