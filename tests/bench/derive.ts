import { fork } from 'node:child_process'
import { z } from 'zod'
import { bundled, heard } from './serverProcess.ts'

export const printsTable = true

/** Runs `deriveRun.ts` as it is shipped, bundled, in a process of its own. @param args see there */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const child = fork(await bundled('deriveRun'), [...args], { execArgv: [] })
  return heard(child, z.record(z.string(), z.unknown()))
}
