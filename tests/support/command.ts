import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'

const root = path.resolve(import.meta.dirname, '../..')

/** A command that needs no database, as a process in an environment that no server could be configured from. */
export async function zuji(words: string[], input = '') {
  const child = spawn(process.execPath, ['--import', 'tsx', 'backend/main.ts', ...words], {
    cwd: root,
    env: { ...process.env, PORT: 'nonsense', DATABASE_URL: 'nonsense' },
  })
  child.stdin.on('error', () => undefined) // it may end before it has read all
  child.stdin.end(input)
  const closed = once(child, 'close')
  const [out, said] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { lines: out.split('\n').filter(Boolean), said, code: child.exitCode }
}
