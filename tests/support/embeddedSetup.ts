import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import './database.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** One migrated data directory that each file copies; kept between runs until what made it changes. */
export default async function setup(project: TestProject): Promise<void> {
  const template = path.join(root, 'node_modules/.cache/zuji', `template-${fingerprint()}`)
  if (!existsSync(template)) await make(template)
  project.provide('databaseKind', 'embedded')
  project.provide('embeddedTemplate', template)
}

async function make(template: string): Promise<void> {
  await removeOlder(template)
  const dataDir = `${template}.${process.pid}`
  await mkdir(dataDir, { recursive: true })
  const db = await connect({ dataDir, log: createLog('silent'), root: '' })
  await migrate(db)
  await db.close()
  await rename(dataDir, template)
}

/** Templates of other fingerprints; one that another run is making at this moment stays. */
async function removeOlder(template: string): Promise<void> {
  const folder = path.dirname(template)
  const names = existsSync(folder) ? readdirSync(folder) : []
  const older = names.filter((name) => !name.startsWith(path.basename(template)))
  for (const name of older) await rm(path.join(folder, name), { recursive: true, force: true })
}

function fingerprint(): string {
  const migrations = path.join(root, 'backend/migrations')
  const files = [
    ...readdirSync(migrations)
      .sort()
      .map((name) => path.join(migrations, name)),
    path.join(root, 'node_modules/@electric-sql/pglite/package.json'),
    path.join(root, 'node_modules/@electric-sql/pglite-postgis/package.json'),
  ]
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}
