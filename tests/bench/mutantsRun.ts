import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { z } from 'zod'
import * as contract from '../../backend/contract/attendance.ts'
import { checks, type Check } from '../attendance/checks.ts'
import { directChecks } from '../attendance/directChecks.ts'

// A process that puts together an engine with one file exchanged and asks the checks whether they notice.

const ROOT = path.resolve(import.meta.dirname, '../../backend/attendance')
const Asked = z.object({ file: z.string(), source: z.string() })
const Engine = z.object({ ledgerOf: z.custom<Parameters<Check['run']>[0]>((value) => typeof value === 'function') }) // prettier-ignore
const byCost = [...directChecks, ...checks]

const scripts = new Map<string, string>()
const scriptOf = (source: string) =>
  ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 } }).outputText // prettier-ignore

function plainScript(file: string): string {
  const known = scripts.get(file)
  if (known !== undefined) return known
  const script = scriptOf(readFileSync(file, 'utf8'))
  scripts.set(file, script)
  return script
}

/** The engine, its files read anew, but for the one that is exchanged. */
function engineWith(exchanged: string, source: string) {
  const loaded = new Map<string, object>()
  const load = (file: string): object => {
    if (file.includes('/contract/')) return contract
    const known = loaded.get(file)
    if (known) return known
    const exports = {}
    loaded.set(file, exports)
    const script = file === exchanged ? scriptOf(source) : plainScript(file)
    const wanted = (name: string) => load(path.resolve(path.dirname(file), name))
    new Function('exports', 'require', script)(exports, wanted)
    return exports
  }
  return Engine.parse({ ...load(path.join(ROOT, 'engine.ts')) })
}

function killerOf(file: string, source: string): string | null {
  try {
    const { ledgerOf } = engineWith(path.join(ROOT, file), source)
    for (const { name, run } of byCost)
      try {
        run(ledgerOf)
      } catch {
        return name
      }
    return null
  } catch {
    return 'it does not even load'
  }
}

if (!existsSync(path.join(ROOT, 'engine.ts'))) throw new Error('there is no engine')
const sound = killerOf('engine.ts', readFileSync(path.join(ROOT, 'engine.ts'), 'utf8'))
if (sound !== null) throw new Error(`the engine itself fails: ${sound}`)
process.on('message', (asked) => {
  const { file, source } = Asked.parse(asked)
  process.send?.({ killedBy: killerOf(file, source) })
})
