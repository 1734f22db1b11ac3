import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './ports.ts'

const root = path.resolve(import.meta.dirname, '../..')

export interface ServerProcess {
  url: string
  pid: number
  /** When it is gone, for whatever reason. */
  exited: Promise<void>
  /** Ends it by this signal and waits until it is gone. Answers its exit code, null when it was killed. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>
}

/** Builds the server, without the pages, if it is stale. */
export async function buildServer(): Promise<void> {
  await output(spawnNode(['.config/build.mjs', 'backend', 'snapshot'], process.env))
}

/** Builds the server and its pages, and says how that goes. */
export function buildAll(): void {
  execFileSync(process.execPath, ['.config/build.mjs'], { cwd: root, stdio: 'inherit' })
}

/** Where a server listens, and what it runs within. */
export interface Where {
  port?: number // a free one unless given
  host?: string
  words?: readonly string[] // after `serve`, as `--role api`
  within?: readonly string[] // a program with its words that runs another, as `ip netns exec NAME`
}

/** The built server as a process of its own, at the moment when it has printed its address, where one can also sign in. */
export async function startServer(
  env: NodeJS.ProcessEnv,
  where: Where = {},
): Promise<ServerProcess> {
  const { port = await freePort(), host = '127.0.0.1', within = [], words = [] } = where
  const url = `http://${host}:${port}`
  const own = { PORT: String(port), HOST: host, PUBLIC_URL: url }
  const child = spawnNode([MAIN, 'serve', ...words], { ...env, ...own }, within)
  const exited = once(child, 'exit')
  const dieToo = () => void child.kill('SIGKILL')
  process.once('exit', dieToo)
  await said(child, url)
  return {
    url,
    exited: exited.then(() => undefined),
    pid: child.pid ?? 0,
    async end(signal) {
      child.kill(signal)
      await exited
      process.off('exit', dieToo)
      return child.exitCode
    },
  }
}

/** A bearer token, made as an operator makes one. */
export async function tokenFor(personId: string, env: NodeJS.ProcessEnv): Promise<string> {
  return (await output(spawnNode([MAIN, 'token', '--person', personId], env))).trim()
}

const MAIN = 'dist/backend/main.js'

function spawnNode(words: string[], env: NodeJS.ProcessEnv, within: readonly string[] = []) {
  const [program = process.execPath, ...all] = [...within, process.execPath, ...words]
  return spawn(program, all, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Resolves when the process has printed `text`; rejects when it ends before. */
async function said(child: ReturnType<typeof spawnNode>, text: string): Promise<void> {
  const lines = createInterface({ input: child.stdout })
  let all = ''
  for await (const line of lines) {
    all += `${line}\n`
    if (!line.includes(text)) continue
    child.stdout.resume() // what it still prints must not fill the pipe
    return
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  const end = child.signalCode ?? child.exitCode
  throw new Error(`the server ended with ${end} before it listened: ${all}`)
}

async function output(child: ReturnType<typeof spawnNode>): Promise<string> {
  let all = ''
  child.stdout.on('data', (chunk: Buffer) => (all += chunk.toString()))
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`it ended with ${child.exitCode}: ${all}`)
  return all
}
