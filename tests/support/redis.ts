import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { freePort } from './ports.ts'

export interface RedisServer {
  url: string
  /** Ends it as a crash does. What it held is gone: it writes nothing to disk. */
  kill(): Promise<void>
  /** The same address again, empty. */
  start(): Promise<void>
}

/** A throw-away Redis on loopback, in memory only. It dies with this process. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort()
  let running = await launch(port)
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => running.kill(),
    async start() {
      running = await launch(port)
    },
  }
}

async function launch(port: number) {
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const dieToo = () => void child.kill('SIGKILL')
  process.once('exit', dieToo)
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('Ready to accept connections')) break
  child.stdout.resume()
  return {
    async kill() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      process.off('exit', dieToo)
    },
  }
}
