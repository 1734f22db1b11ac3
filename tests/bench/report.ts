import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { figuresTable } from './report/figures.ts'
import { pageOf } from './report/page.ts'
import { scenesOf } from './report/scenes.ts'
import { truthOf } from './truth.ts'

/**
 * Draws the days of a seed into `tests/bench/report/index.html`: fixes, cleaned line, ribbon and truth, with
 * the truth bench's figures on top.
 * @param args `--seed N` (1), so that the committed page changes only with the algorithm.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({ args: [...args], options: { seed: { type: 'string' } } })
  const seed = values.seed ?? '1'
  const scenes = scenesOf(seed)
  const page = pageOf(seed, scenes, figuresTable(truthOf(seed, 60)))
  const file = path.join(import.meta.dirname, 'report/index.html')
  await writeFile(file, page)
  return {
    file: path.relative(process.cwd(), file),
    scenes: scenes.length,
    bytes: Buffer.byteLength(page),
  }
}
