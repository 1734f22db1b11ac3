import type { TestProject } from 'vitest/node'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { migrate } from '../../backend/core/migrate.ts'
import { startCluster } from './cluster.ts'
import './database.ts'

/** One throw-away cluster with one migrated template for all files of a run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startCluster()
  try {
    const log = createLog('silent')
    const at = (name: string) =>
      connect({ databaseUrl: cluster.urlOf(name), dataDir: '', log, root: '' })
    const admin = await at('postgres')
    await admin.raw('create database zuji_template')
    await admin.close()
    const template = await at('zuji_template')
    await migrate(template)
    await template.close()
  } catch (error) {
    await cluster.stop()
    throw error
  }
  project.provide('databaseKind', 'server')
  project.provide('templateUrl', cluster.urlOf('zuji_template'))
  return () => cluster.stop()
}
