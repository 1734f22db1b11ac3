// npm run bench -- <name> [options]: one benchmark, a table, and one JSON object as the last line.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const [name = '', ...args] = process.argv.slice(2)
const file = path.join(import.meta.dirname, `${name}.ts`)
if (!/^[a-z][a-z0-9]*$/.test(name) || !existsSync(file)) {
  console.error('npm run bench -- <ingest|live|…>: a file of tests/bench')
  process.exit(2)
}
const Bench = z.object({
  run: z.custom<(args: string[]) => Promise<Record<string, unknown>>>(
    (value) => typeof value === 'function',
  ),
  printsTable: z.boolean().default(false), // its run prints a table of its own
})
const loaded: unknown = await import(file)
const bench = Bench.parse({ ...Object(loaded) })
const result = await bench.run(args)
if (!bench.printsTable) console.table(result)
console.log(JSON.stringify(result))
process.exit(0)
