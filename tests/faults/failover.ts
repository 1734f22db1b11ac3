import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startCluster, type Cluster } from '../support/cluster.ts'
import { onCluster, staged, type Act, type Day } from './stage.ts'

const NOTICED = 1_000 // ms until whoever watches the database is sure that it is gone
const BATCH_WITHIN = 5_000 // ms in which some batch is surely being written

/**
 * The database is killed while a batch is written, and its synchronous standby takes over. The servers know both
 * hosts by their address and nobody tells them; what was killed stays away.
 */
export function onFailover<T>(day: Day, act: Act<T>): Promise<T> {
  return onCluster({}, async (primary, dataDir) => {
    const standby = await startCluster({ durable: true, standbyOf: primary })
    try {
      await waitFor(primary, "alter system set synchronous_standby_names = '*'", "select pg_reload_conf()", IN_STEP) // prettier-ignore
      const hosts = [primary, standby].map(({ folder }) => folder).join(',')
      const databaseUrl = `postgres://zuji@localhost/postgres?host=${encodeURIComponent(hosts)}&target_session_attrs=read-write`
      return await staged({ databaseUrl, dataDir }, day, (stage) =>
        act(stage, async () => {
          await waitFor(primary, MID_BATCH)
          await primary.kill()
          await wait(NOTICED)
          await standby.promote()
        }),
      )
    } finally {
      await standby.stop()
    }
  })
}

const IN_STEP = "select 1 from pg_stat_replication where sync_state = 'sync'"
const MID_BATCH = "select 1 from pg_stat_activity where state = 'active' and query like '%insert into fixes%' and pid <> pg_backend_pid()" // prettier-ignore

/** Runs statements, the last one again and again until it finds something or it is not worth waiting any more. */
async function waitFor(cluster: Cluster, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.urlOf('postgres') })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const last = statements.pop() ?? ''
    for (const statement of statements) await client.query(statement)
    const until = performance.now() + BATCH_WITHIN
    while ((await client.query(last)).rowCount === 0 && performance.now() < until) await wait(2)
  } finally {
    await client.end()
  }
}
