import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { directoryStore } from '../core/files.ts'
import type { Config } from '../core/config.ts'
import { Fault } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { SECRET_FILE } from '../core/seal.ts'
import type { Command } from './arguments.ts'
import { writeBackup } from './archive/write.ts'
import { withDatabase } from './database.ts'

/** `backup --out FILE`: the whole server as one file, while it runs; prints where it is and what it holds. */
export async function backupCommand(
  config: Config,
  log: Log,
  root: string,
  { out }: Command,
): Promise<void> {
  if (!out) throw new Fault('bad_input', 'backup --out FILE')
  const secret = await readFile(path.join(config.dataDir, SECRET_FILE), 'utf8').catch(() => null)
  const { tables, files } = await withDatabase(config, log, root, (db) =>
    writeBackup({
      ...{ db, secret, out, madeAt: new Date().toISOString() },
      files: directoryStore(path.join(config.dataDir, 'files')),
      say: (line) => console.error(line),
    }),
  )
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  console.log(`${out}  ${tables.length} tables, ${rows} rows, ${files.count} files`)
}
