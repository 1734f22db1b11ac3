import Koa from 'koa'
import { createServer, type Server } from 'node:http'
import { pino } from 'pino'
import type { Log } from '../../backend/core/log.ts'
import { createWecom, type Wecom, type WecomOptions } from '../../backend/wecom/index.ts'
import { createWecomSim, type WecomSim } from '../../fixtures/wecom-sim/index.ts'

export interface Clock {
  at: number
  now(): number
}

export interface SimServer {
  sim: WecomSim
  base: string // http://127.0.0.1:port/wecom-sim
  clock: Clock
  /** What was logged, one JSON object a line. */
  logged: string[]
  log: Log
  client(more?: Partial<WecomOptions>): Wecom
  /** GETs a path of the simulator, redirects not followed. */
  get(path: string, query?: Record<string, string>): Promise<Response>
  api(path: string, query?: Record<string, string>): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export const TRUSTED = 'crm.example:8443'
export const RETURN_TO = `https://${TRUSTED}/auth/wecom/return`

const PEOPLE = [
  { id: 'rep01', name: '王伟', role: 'rep', departmentId: 'east', position: '客户经理' },
  { id: 'Rep02', name: '<b>李静</b>', role: 'rep', departmentId: 'east', position: '客户经理' },
  { id: 'lead01', name: '周建国', role: 'supervisor', departmentId: 'east', position: '销售主管' },
  { id: 'hr01', name: '蒋文静', role: 'hr', departmentId: 'root', position: '人事专员' },
] as const
const DEPARTMENTS = [
  { id: 'east', parentId: 'root', name: '东组', leaderId: 'lead01' },
  { id: 'root', parentId: null, name: '销售部' },
] as const

/** The simulator on a port of its own, with a clock that stands still and pages of a site behind it. */
export async function startWecomSim(trustedHosts = [TRUSTED]): Promise<SimServer> {
  const app = new Koa()
  app.silent = true // a client that goes away is no news
  const server = createServer((request, response) => void app.callback()(request, response))
  const port = await listen(server)
  const base = `http://127.0.0.1:${port}/wecom-sim`
  const clock = { at: Date.UTC(2026, 10, 16, 2), now: () => clock.at }
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
  const sim = createWecomSim({
    corpId: 'ww0000000000000001',
    agentId: '1000002',
    secret: 'a-secret-of-tests',
    contactsSecret: 'contacts-of-tests',
    people: PEOPLE,
    departments: DEPARTMENTS,
    clock,
    publicBase: base,
    trustedHosts,
  })
  app.use(sim.app)
  app.use((ctx) => {
    ctx.type = ctx.path === '/' ? 'html' : 'text'
    ctx.body =
      ctx.path === '/' ? '<!doctype html><html><head><title>x</title></head></html>' : 'text'
  })
  const { fetch: _inProcess, ...overHttp } = sim.settings
  const get = (path: string, query: Record<string, string> = {}) =>
    fetch(`${base}${path}?${new URLSearchParams(query)}`, { redirect: 'manual' })
  return {
    sim,
    base,
    clock,
    logged,
    log,
    client: (more) =>
      createWecom({
        ...{ ...overHttp, clock, log, wait: async () => undefined, random: () => 0.5 },
        ...more,
      }),
    get,
    api: async (path, query) => recordOf(await (await get(path, query)).json()),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

export function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('not an object')
  return Object.fromEntries(Object.entries(value))
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address) resolve(address.port)
      else reject(new Error('no port'))
    })
  })
}
