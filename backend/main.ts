import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { HELP, parseCommand } from './cli/arguments.ts'
import { convertCommand } from './cli/convert.ts'
import { migrateCommand, snapshotCommand, tokenCommand } from './cli/database.ts'
import { deriveCommand } from './cli/derive.ts'
import { simulateCommand } from './cli/simulate.ts'
import { BadConfig, readConfig, type Config } from './core/config.ts'
import { Fault } from './core/errors.ts'
import { createLog } from './core/log.ts'
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
  ['convert', convertCommand],
])

async function main() {
  const command = parseCommand(process.argv.slice(2))
  const checking = CHECKING.get(command.command)
  if (checking) return checking(command)
  const quiet = { ...config(), ...(command.command !== 'serve' && { logLevel: 'warn' }) }
  const log = createLog(quiet.logLevel)
  switch (command.command) {
    case 'serve':
      return serve(quiet, log, root)
    case 'migrate':
      return migrateCommand(quiet, log, root)
    case 'token':
    case 'device-token':
      return tokenCommand(quiet, log, root, command)
    case 'snapshot':
      return snapshotCommand(log, root)
    case 'simulate':
      return simulateCommand(quiet, log, root, command)
    case 'help':
      return console.log(HELP)
    default:
      console.error(`${command.command} is not a command\n\n${HELP}`)
      process.exitCode = 2
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Fault ? error.message : error)
  process.exit(1)
})
