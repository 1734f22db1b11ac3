import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import path from 'node:path'
import { z } from 'zod'

/** Who owns a data directory, as its file `owner.json` says. */
const Owner = z.object({ pid: z.number().int(), born: z.string(), socketDir: z.string() })
export type Owner = z.infer<typeof Owner>

/** The port that names the socket file: `.s.PGSQL.5432`, as every PostgreSQL client expects it. */
export const PORT = 5432
export const socketIn = (directory: string) => path.join(directory, `.s.PGSQL.${PORT}`)

const fileIn = (dataDir: string) => path.join(dataDir, 'owner.json')

/** The living owner of the directory, or null. A file left behind by a killed process does not count. */
export async function ownerOf(dataDir: string): Promise<Owner | null> {
  const owner = await read(fileIn(dataDir))
  return owner && (await lives(owner)) ? owner : null
}

/**
 * Takes the directory for this process.
 * @returns how to give it back, or the owner who has it.
 */
export async function take(
  dataDir: string,
  socketDir: string,
): Promise<{ release: () => Promise<void> } | { owner: Owner }> {
  const file = fileIn(dataDir)
  const mine = `${file}.${randomUUID()}`
  await writeFile(mine, JSON.stringify({ pid: process.pid, born: bornOf(process.pid), socketDir }))
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await placed(mine, file)) return { release: () => rm(file, { force: true }) }
      const seen = await readFile(file, 'utf8').catch(() => null)
      const owner = parse(seen)
      if (owner && (await lives(owner))) return { owner }
      await removeStale(file, seen)
    }
    throw new Error(`${file} could not be taken: remove it if no server runs`)
  } finally {
    await rm(mine, { force: true })
  }
}

/** A hard link appears whole or not at all, and never over another. */
const placed = (mine: string, file: string) =>
  link(mine, file).then(
    () => true,
    () => false,
  )

/** Two processes may find the same stale file: who moved a fresh one aside puts it back. */
async function removeStale(file: string, seen: string | null) {
  const aside = `${file}.${randomUUID()}`
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  if ((await readFile(aside, 'utf8')) !== seen) await placed(aside, file)
  await rm(aside, { force: true })
}

async function read(file: string): Promise<Owner | null> {
  return parse(await readFile(file, 'utf8').catch(() => null))
}

function parse(text: string | null): Owner | null {
  if (!text?.endsWith('}')) return null
  const owner = Owner.safeParse(JSON.parse(text))
  return owner.success ? owner.data : null
}

/** The process still runs, or (in another container, where its number means nothing) its socket answers. */
async function lives(owner: Owner): Promise<boolean> {
  if (bornOf(owner.pid) === owner.born) return true
  return answers(socketIn(owner.socketDir))
}

const answers = (socket: string) =>
  new Promise<boolean>((resolve) => {
    const connection = createConnection(socket)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.once('error', () => resolve(false))
  })

/**
 * Tells a process from a later one with the same number: boot and start time where the system has
 * /proc, else only that it runs. Empty for a process that is gone.
 */
function bornOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return `${boot}/${fields[19]}` // field 22 of the line, the first two are before the ')'
  } catch {
    return process.platform === 'linux' ? '' : alive(pid)
  }
}

function alive(pid: number): string {
  try {
    process.kill(pid, 0)
    return 'running'
  } catch {
    return ''
  }
}
