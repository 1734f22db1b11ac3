import { readFile } from 'node:fs/promises'
import type { Config } from '../core/config.ts'
import type { Database } from '../core/db.ts'
import { Fault, found } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { createFixes } from '../fixes/index.ts'
import { findPerson, loadDuty } from '../people/index.ts'
import { loadConsent } from '../privacy/index.ts'
import { importTrack } from '../tracks/index.ts'
import type { Command } from './arguments.ts'
import { withDatabase } from './database.ts'
import { createKit } from '../kit.ts'

/**
 * `import fixes FILE --person ID [--dry-run]`: a GPX, OwnTracks Recorder or Traccar file as that person's
 * fixes, by the rules of all reports; prints what became of it as JSON. A running server shows it within half a minute.
 */
export async function importCommand(
  config: Config,
  log: Log,
  root: string,
  command: Command,
): Promise<void> {
  const [what, file] = command.rest
  const personId = command.person
  if (what !== 'fixes' || !file || !personId)
    throw new Fault('bad_input', 'import fixes FILE --person ID [--device ID] [--dry-run]')
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Fault('bad_input', `${file} can not be read`)
  })
  const orgId = config.wecom?.corpId ?? 'demo'
  const dryRun = command['dry-run'] === true
  const result = await withDatabase(config, log, root, async (db) => {
    found(await findPerson(db, orgId, personId), `person ${personId}`)
    const fixes = fixesOver(db, config, log)
    return importTrack(
      db,
      fixes,
      { orgId, personId },
      { text, dryRun, ...(command.device && { device: command.device }) },
    )
  })
  console.log(JSON.stringify(result, null, 2))
}

/** The room of fixes for a command: nobody listens, nobody signs in. */
function fixesOver(db: Database, config: Config, log: Log) {
  const parts = { duty: loadDuty, consent: loadConsent, identify: async () => null }
  return createFixes(createKit({ db, config, log }), parts)
}
