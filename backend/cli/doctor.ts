import { existsSync } from 'node:fs'
import path from 'node:path'
import { BadConfig, readConfig, type Config } from '../core/config.ts'
import { Fault } from '../core/errors.ts'
import { createLog } from '../core/log.ts'
import { pendingMigrations } from '../core/migrate.ts'
import { systemClock } from '../core/clock.ts'
import { diagnose, isWell, probe, type Evidence, type Finding } from '../wecom/index.ts'
import { withDatabase } from './database.ts'

/** Prints what is well, what is not, and what only some need; the exit code is 1 when something is wrong. */
export async function doctorCommand(root: string): Promise<void> {
  const findings = diagnose(await evidenceOf(root))
  console.log(reportOf(findings))
  if (!isWell(findings)) process.exitCode = 1
}

async function evidenceOf(root: string): Promise<Evidence> {
  const config = settings()
  const nothing = { database: null, publicUrl: null, wecom: null }
  if (Array.isArray(config)) return { config, ...nothing, callbacks: { app: null, contacts: null } }
  const database = await databaseOf(config, root)
  return { config: [], database, ...(await probe({ config, clock: systemClock })) }
}

function settings(): Config | string[] {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (error instanceof BadConfig) return error.message.split('\n')
    throw error
  }
}

/** The doctor makes nothing: an embedded database that was never started is left so. */
async function databaseOf(config: Config, root: string): Promise<Evidence['database']> {
  if (!config.databaseUrl && !existsSync(path.join(config.dataDir, 'complete')))
    return { kind: 'none yet' }
  try {
    return await withDatabase(config, createLog('silent'), root, async (db) => ({
      kind: db.kind,
      pending: (await pendingMigrations(db, root)).length,
    }))
  } catch (error) {
    return { reason: reasonOf(error) }
  }
}

/** A connection's own error names code and host, never the password. */
function reasonOf(error: unknown): string {
  if (error instanceof Fault) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code || (error instanceof Error ? error.name : 'unknown')
}

/** The report as it is printed, a finding a paragraph, in Chinese and English. */
export const reportOf = (findings: readonly Finding[]): string => findings.map(linesOf).join('\n')

function linesOf({ level, zh, en, remedyZh, remedyEn }: Finding): string {
  if (level === 'ok') return `✓ ${zh} · ${en}`
  return `${level === 'wrong' ? '✗' : '○'} ${zh} · ${en}\n    怎么办：${remedyZh ?? ''}\n    What to do: ${remedyEn ?? ''}`
}
