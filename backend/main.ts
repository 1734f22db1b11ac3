import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { appointCommand } from './cli/appoint.ts'
import { HELP, parseCommand, type Command } from './cli/arguments.ts'
import { backupCommand } from './cli/backup.ts'
import { convertCommand } from './cli/convert.ts'
import { migrateCommand, snapshotCommand, tokenCommand } from './cli/database.ts'
import { deriveCommand } from './cli/derive.ts'
import { doctorCommand } from './cli/doctor.ts'
import { exportCommand } from './cli/export.ts'
import { importCommand } from './cli/import.ts'
import { ledgerCommand } from './cli/ledger.ts'
import { provePrivacyCommand } from './cli/provePrivacy.ts'
import { rebuildCommand } from './cli/rebuild.ts'
import { restoreCommand } from './cli/restore.ts'
import { simulateCommand } from './cli/simulate.ts'
import { verifyChainCommand } from './cli/verifyChain.ts'
import { BadConfig, readConfig, type Config } from './core/config.ts'
import { Fault } from './core/errors.ts'
import { createLog, type Log } from './core/log.ts'
import { serve } from './serve.ts'

/** The folder that holds package.json, from the source and from the bundle in dist/backend alike. */
const here = fileURLToPath(new URL('.', import.meta.url))
const root = path.resolve(here, here.includes(`${path.sep}dist${path.sep}`) ? '../..' : '..')

function config(): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error
    console.error(`Configuration:\n${error.message}`)
    process.exit(2)
  }
}

/** Commands for people who check us: neither configuration nor database. */
const CHECKING = new Map([
  ['derive', deriveCommand],
  ['ledger', ledgerCommand],
  ['convert', convertCommand],
])

type Run = (config: Config, log: Log, root: string, command: Command) => Promise<void>

const CONFIGURED = new Map<string, Run>([
  ['serve', serve],
  ['migrate', migrateCommand],
  ['token', tokenCommand],
  ['device-token', tokenCommand],
  ['snapshot', (_config, log) => snapshotCommand(log, root)],
  ['appoint', appointCommand],
  ['import', importCommand],
  ['export', exportCommand],
  ['rebuild', rebuildCommand],
  ['simulate', simulateCommand],
  ['verify-chain', verifyChainCommand],
  ['backup', backupCommand],
  ['restore', restoreCommand],
])

async function main() {
  const command = parseCommand(process.argv.slice(2))
  if (command.command === 'help') return console.log(HELP)
  const checking = CHECKING.get(command.command)
  if (checking) return checking(command)
  if (command.command === 'doctor') return doctorCommand(root)
  if (command.command === 'prove-privacy') return provePrivacyCommand(root)
  const run = CONFIGURED.get(command.command)
  if (run) {
    const quiet = { ...config(), ...(command.command !== 'serve' && { logLevel: 'warn' }) }
    return run(quiet, createLog(quiet.logLevel), root, command)
  }
  console.error(`${command.command} is not a command\n\n${HELP}`)
  process.exitCode = 2
}

main().catch((error: unknown) => {
  console.error(error instanceof Fault ? error.message : error)
  process.exit(1)
})
