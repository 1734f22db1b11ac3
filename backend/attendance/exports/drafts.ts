import { readdirSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Log } from '../../core/log.ts'

const NAME = /^zuji-export-(\d+)-/

/** A folder for a file in the making, named by the process that makes it. */
export const draftFolder = () => mkdtemp(path.join(tmpdir(), `zuji-export-${process.pid}-`))

/**
 * Removes what killed processes of this machine left half-made. To be called before anything is exported: a draft
 * that bears our own number is one of a process before us.
 */
export function sweepDrafts(log: Log): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1] ?? NaN)
    if (!Number.isNaN(pid) && (pid === process.pid || !lives(pid))) remove(name, log)
  }
}

function remove(name: string, log: Log): void {
  try {
    rmSync(path.join(tmpdir(), name), { recursive: true, force: true })
  } catch (error) {
    log.warn({ err: error }, 'a draft of an export could not be removed') // somebody else's
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code !== 'ESRCH' // it lives, and is not ours
  }
}
