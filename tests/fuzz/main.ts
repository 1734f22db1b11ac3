// npm run fuzz [-- --seconds N --seed WORD --only PARSER,…]: mutated real inputs for every parser, as a table.
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { PARSERS } from './parsers.ts'
import { emptyTally, tryBatch, type Tally, type Which } from './tally.ts'
import { startTrier } from './trier.ts'

const TEN_MINUTES = 600 // s
const options = {
  seconds: { type: 'string', default: String(TEN_MINUTES) }, // of each parser
  seed: { type: 'string', default: String(Date.now()) }, // the same again finds the same again
  only: { type: 'string', default: '' }, // names of parsers, by commas
  together: { type: 'string', default: String(availableParallelism()) }, // parsers at a time
} as const
const { values } = parseArgs({ options })
const only = values.only.split(',').filter(Boolean)
const names = Object.keys(PARSERS).filter((name) => only.length === 0 || only.includes(name))
const [seconds, together] = [Number(values.seconds), Number(values.together)]
if (names.length < Math.max(1, only.length) || !(seconds > 0) || !(together >= 1)) {
  console.error(`npm run fuzz -- [--seconds N] [--seed WORD] [--together N] [--only ${Object.keys(PARSERS).join(',')}]`) // prettier-ignore
  process.exit(2)
}

console.log(
  `seed ${values.seed}: ${names.length} parsers, ${seconds} s each, ${together} at a time`,
)
const tallies = new Map<string, Tally>()
const waiting = [...names]
await Promise.all(Array.from({ length: together }, line))
const rows = Object.fromEntries(names.map((name) => [name, tallies.get(name) ?? emptyTally()]))
console.table(rows)
const sum = (key: keyof Tally) => [...tallies.values()].reduce((all, each) => all + each[key], 0)
const [inputs, crashes, hangs] = [sum('inputs'), sum('crashes'), sum('hangs')]
console.log(JSON.stringify({ seed: values.seed, seconds, inputs, crashes, hangs, parsers: rows }))
process.exit(crashes + hangs === 0 ? 0 : 1)

/** One parser after the other, as long as any waits. */
async function line(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const tally = await fuzzed({ name, seed: values.seed })
    tallies.set(name, tally)
    const well = tally.crashes + tally.hangs === 0
    console.log(`${well ? 'ok     ' : 'NOT OK '} ${name}: ${tally.inputs} inputs`)
  }
}

async function fuzzed(which: Which): Promise<Tally> {
  const tally = emptyTally()
  const trier = startTrier(which, path.join(import.meta.dirname, 'worker.ts'))
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) await tryBatch(trier, which, tally)
  trier.stop()
  return tally
}
