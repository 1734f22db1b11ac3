import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../core/config.ts'
import { connect } from '../core/connect.ts'
import { Fault } from '../core/errors.ts'
import { directoryStore } from '../core/files.ts'
import type { Log } from '../core/log.ts'
import { ownMigrations } from '../core/migrate.ts'
import { SECRET_FILE } from '../core/seal.ts'
import type { Command } from './arguments.ts'
import { refuseNewer, restoreInto } from './archive/load.ts'
import { openArchive, type Archive } from './archive/read.ts'

/**
 * `restore FILE`: an archive of either kind of database into an empty one of either kind. The archive is read to its
 * end before anything is touched; prints what is there now.
 */
export async function restoreCommand(
  config: Config,
  log: Log,
  root: string,
  { rest: [file] }: Command,
): Promise<void> {
  if (!file) throw new Fault('bad_input', 'restore FILE')
  const archive = await openArchive(file)
  try {
    const { tables, files, madeAt } = archive.manifest
    console.error(`${file}  of ${madeAt}, ${tables.length} tables, ${files.count} files: every checksum fits`) // prettier-ignore
    await refuseNewer(archive.manifest, root)
    const done = await restoreTo(config, log, { archive, root })
    console.log(`restored  ${done.rows} rows, ${done.files} files, ${done.links} check-ins follow their chain`) // prettier-ignore
  } finally {
    await archive.close()
  }
}

/** A new embedded database begins with the newest tables, unless the archive knows older ones. */
async function restoreTo(config: Config, log: Log, from: { archive: Archive; root: string }) {
  const { archive, root } = from
  const same = (await ownMigrations(root)).length === archive.manifest.migrations.length
  const { databaseUrl, dataDir } = config
  const db = await connect({ databaseUrl, dataDir, log, root: same ? root : '' })
  try {
    return await restoreInto({
      ...{ archive, db, root },
      keepSecret: (secret) => keepSecret(dataDir, secret),
      files: directoryStore(path.join(dataDir, 'files')),
      say: (line) => console.error(line),
    })
  } finally {
    await db.close()
  }
}

/** What was sealed with it opens with no other: it takes the place of one made by a start before. */
async function keepSecret(dataDir: string, secret: Buffer): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(path.join(dataDir, SECRET_FILE), secret, { mode: 0o600, flush: true })
}
