import { io, type Socket } from 'socket.io-client'
import { expect } from 'vitest'
import type {
  LiveFacts,
  LiveRequests,
  Move,
  Watch,
  WatchReply,
} from '../../backend/contract/live.ts'
import { sql } from '../../backend/core/sql.ts'
import { createLive, type Live } from '../../backend/live/index.ts'
import { NOW, openCompany, ORG } from './company.ts'

export type Client = Socket<LiveFacts, LiveRequests>
export type Heard = { seq: number; moves: Move[] }
export const PLACE = { lng: 114.05, lat: 22.54 }

/** The company with its sockets open; ticks come by hand. */
export async function openLive() {
  const lives: Live[] = []
  const clients: Client[] = []
  const company = await openCompany((kit, identify) => {
    lives.push(createLive(kit, { identify }))
    return lives
  })
  const [live] = lives
  live?.attach(company.server)
  const open = (auth: Record<string, string>, headers: Record<string, string> = {}): Client => {
    const client = connect(company.url, auth, headers)
    clients.push(client)
    return client
  }
  return {
    company,
    open,
    tick: () => live?.chores?.[0]?.run(),
    recheck: () => live?.chores?.[1]?.run(),
    /** A supervisor's socket and what it hears. */
    async enter(personId: string) {
      const client = open({ token: await company.tokenOf(personId) })
      const heard: Heard[] = []
      client.on('moved', (facts) => heard.push(facts))
      expect(await fateOf(client)).toBe('')
      return { client, heard }
    },
    /** Nobody connected, nobody seen, the clock at NOW. */
    async reset() {
      for (const client of clients.splice(0)) client.close()
      company.clock.at = NOW
      await company.db.run(sql`delete from last_positions where org_id = ${ORG}`)
      await company.db.run(sql`delete from fixes where org_id = ${ORG}`)
      for (const personId of ['rep1', 'rep2', 'rep3'])
        company.kit.facts.publish('personChanged', { orgId: ORG, personId })
    },
  }
}

const connect = (
  url: string,
  auth: Record<string, string>,
  headers: Record<string, string>,
): Client =>
  io(`${url}/live`, {
    auth,
    extraHeaders: headers,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  })

/** The connection's fate: '' when it stands, else why it was refused. */
export const fateOf = (client: Client) =>
  new Promise<string>((resolve) => {
    client.on('connect', () => resolve(''))
    client.on('connect_error', (error) => resolve(error.message))
  })

export const watch = (client: Client, request: Watch = {}) =>
  new Promise<WatchReply>((resolve) => client.emit('watch', request, resolve))

export function snapshotOf(reply: WatchReply) {
  if (!('people' in reply)) throw new Error(`no snapshot: ${JSON.stringify(reply)}`)
  return reply
}

/** What was sent before this round trip has been heard after it. */
export const settle = (client: Client) =>
  new Promise<WatchReply>((resolve) => client.emit('watch', { departmentId: 'no such' }, resolve))

export const movesOf = (heard: readonly Heard[]) => heard.flatMap((facts) => facts.moves)

export const snapshotAt = async (client: Client) => snapshotOf(await watch(client))
