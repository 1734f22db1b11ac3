import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { z } from 'zod'

/**
 * A program of this folder as it is shipped: bundled, so that the loader of TypeScript costs nothing
 * while it is measured.
 * @param name of the file, without its ending. @returns the bundle's path
 */
export async function bundled(name: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../../dist/bench/${name}.mjs`, import.meta.url))
  await build({
    entryPoints: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  })
  return outfile
}

/** The next message of a child. Rejects when it ends before, or says something else. */
export async function heard<T>(child: ChildProcess, schema: z.ZodType<T>): Promise<T> {
  const gone = once(child, 'exit').then(() =>
    Promise.reject(new Error('a child process has ended')),
  )
  gone.catch(() => undefined) // it ends in any case, when all is measured
  const [message]: unknown[] = await Promise.race([once(child, 'message'), gone])
  return schema.parse(message)
}
