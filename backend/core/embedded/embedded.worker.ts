import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import path from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { z } from 'zod'
import { OneSession } from './oneSession.ts'
import { usedPostgis } from './postgis.ts'
import { SYNCED, SyncedFiles, syncTree } from './syncedFiles.ts'
import { createTurnReader } from './turns.ts'

/** What the main thread asks of this one, and what it answers (see embedded.ts). */
const Order = z.object({
  directory: z.string(), // of the database's files
  socket: z.string(), // path to listen on
  snapshot: z.string().nullable(), // tar.gz to begin with, for a directory that is not there yet
})
const Request = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('stop') }),
  z.object({ ask: z.literal('dump'), file: z.string() }),
])

const order = Order.parse(workerData)
const told = (message: object) => parentPort?.postMessage(message)

const db = await open()
const session = new OneSession(execute)
const sockets = new Set<Socket>()
const server = createServer((socket) => serve(socket, session))
server.listen(order.socket, () => told({ told: 'ready' }))
parentPort?.on('message', (message: unknown) => void obey(message))

async function open(): Promise<PGlite> {
  const begin = order.snapshot ? await readFile(order.snapshot) : null
  const isNew = !existsSync(order.directory)
  const opened = await PGlite.create({
    fs: new SyncedFiles(order.directory),
    startParams: SYNCED,
    extensions: { postgis: usedPostgis(path.dirname(order.directory)), pg_trgm, btree_gist },
    ...(begin && { loadDataDir: new Blob([begin]) }),
  })
  if (isNew) syncTree(order.directory)
  return opened
}

async function execute(message: Uint8Array): Promise<Buffer> {
  const answer: Buffer[] = []
  await db.runExclusive(() =>
    db.execProtocolRawStream(message, { onRawData: (data) => answer.push(Buffer.from(data)) }),
  )
  return answer.length === 1 && answer[0] ? answer[0] : Buffer.concat(answer)
}

function serve(socket: Socket, one: OneSession) {
  const client = Symbol('client')
  const heard = createTurnReader()
  sockets.add(socket)
  const answer = async (turn: Uint8Array) => {
    try {
      socket.write(await one.ask(client, turn))
    } catch (error) {
      told({ told: 'trouble', message: String(error) })
      socket.destroy()
    }
  }
  socket.on('data', (chunk) => {
    for (const each of heard(chunk)) {
      if (each.kind === 'turn') void answer(each.bytes)
      if (each.kind === 'refuseEncryption') socket.write('N')
      if (each.kind === 'bye') socket.end()
    }
  })
  socket.on('error', () => socket.destroy()) // a client that went away; 'close' follows
  socket.on('close', () => {
    sockets.delete(socket)
    one.leave(client)
  })
}

async function obey(message: unknown) {
  const request = Request.parse(message)
  if (request.ask === 'stop') return stop(server)
  const dump = await db.runExclusive(() => db.dumpDataDir('gzip'))
  await writeFile(request.file, Buffer.from(await dump.arrayBuffer()))
  told({ told: 'dumped' })
}

async function stop(listening: Server) {
  const closed = new Promise<void>((resolve) => listening.close(() => resolve()))
  for (const socket of sockets) socket.destroy()
  await closed
  await session.stop()
  await db.close()
  told({ told: 'stopped' })
  parentPort?.close()
}
