// npm run faults [-- name …]: what happens when something breaks under load, one fault after another, as a table.
import { setTimeout as wait } from 'node:timers/promises'
import { buildServer } from '../support/serverProcess.ts'
import { dayToReport } from './company.ts'
import { FAULTS } from './faults.ts'
import { brokenPromises, settled, type Outcome } from './outcome.ts'
import { startPhones } from './phones.ts'
import { secondsOf, type Row } from './row.ts'
import type { Stage } from './stage.ts'
import { WECOM_FAULTS } from './wecom.ts'

const PACE = 500 // ms between the reports of one line: the whole day takes about fifteen seconds
const BEFORE = 1_500 // ms of work before something breaks
const PATIENCE = 120_000 // ms from healing until everything is acknowledged

const wanted = process.argv.slice(2)
const isWanted = ({ name }: { name: string }) => wanted.length === 0 || wanted.includes(name)
const chosen = FAULTS.filter(isWanted)
const alone = WECOM_FAULTS.filter(isWanted)
if (chosen.length + alone.length === 0) {
  console.error(
    `npm run faults -- [${[...FAULTS, ...WECOM_FAULTS].map(({ name }) => name).join('|')} …]`,
  )
  process.exit(2)
}

const day = dayToReport(Date.now())
const calm = FAULTS.find(({ name }) => name === 'calm')
if (!calm) throw new Error('there is nothing to compare with')
const rows: Row[] = []
let expected: Outcome | null = null
const compared = chosen.length === 0 ? [] : [calm, ...chosen.filter((each) => each !== calm)]
if (compared.length > 0) await buildServer()
for (const { name, on } of compared)
  note(await on(day, (stage, strike) => suffered(name, stage, strike)).catch(failed(name)))
for (const { name, row } of alone) note(await row(day).catch(failed(name)))
console.table(rows)
console.log(JSON.stringify(rows))
process.exit(rows.every(({ broken }) => broken === '') ? 0 : 1)

function note(row: Row): void {
  rows.push(row)
  console.log(`${row.broken === '' ? 'ok     ' : 'NOT OK '} ${row.fault}${row.broken && `: ${row.broken}`}`) // prettier-ignore
}

async function suffered(name: string, stage: Stage, strike: () => Promise<void>): Promise<Row> {
  const load = startPhones(stage.urlOf, stage.tokens, { reports: stage.reports, paceMs: PACE })
  const done = load.done(BEFORE + PATIENCE)
  done.catch(() => undefined) // heard below
  await wait(BEFORE)
  const began = Date.now()
  await strike()
  const healed = Date.now()
  await done
  const acknowledged = Date.now()
  const { found, since } = await settled(stage, expected)
  expected ??= found
  return {
    fault: name,
    seconds: secondsOf(healed - began),
    phonesHeard: [...load.trouble].map(([what, times]) => `${what} ×${times}`).join(', '),
    acknowledgedAfter: secondsOf(acknowledged - healed),
    viewsAfter: secondsOf(since - healed),
    broken: brokenPromises(expected, found, load.acknowledged).join('; '),
  }
}

function failed(name: string) {
  return (error: unknown): Row => ({
    fault: name,
    ...{ seconds: NaN, phonesHeard: '', acknowledgedAfter: NaN, viewsAfter: NaN },
    broken: error instanceof Error ? error.message : String(error),
  })
}
