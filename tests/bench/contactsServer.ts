// The server under test as its own process: reads the directory of a simulator that stands elsewhere.
import { systemClock } from '../../backend/core/clock.ts'
import { readConfig } from '../../backend/core/config.ts'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'
import { createContacts } from '../../backend/people/index.ts'
import { loadContacts } from '../../backend/people/directory/state.ts'
import { createWecom } from '../../backend/wecom/index.ts'
import { createKit } from '../../backend/kit.ts'

const [databaseUrl = '', base = '', orgId = ''] = process.argv.slice(2)
const log = createLog('error')
const db = await connect({ databaseUrl, dataDir: '', log, root: '' })
const kit = createKit({ db, log, config: readConfig({}) })
const bases = { apiBase: base, openBase: base, loginBase: base }
const app = { corpId: orgId, agentId: '1000002', secret: 'bench' }
const { sync } = createContacts(
  kit,
  createWecom({ ...app, ...bases, clock: systemClock, log }),
  orgId,
)

let peak = 0
setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50).unref()
process.on('message', () => {
  void (async () => {
    const began = performance.now()
    await sync.start({ cause: 'admin' })
    await sync.idle()
    const seconds = (performance.now() - began) / 1000
    const { last, pending, people } = await loadContacts(db, orgId, Date.now())
    const { counts = {} } = (pending ?? last)?.summary ?? {}
    process.send?.({ seconds, people, counts, held: pending !== null, peakMb: peak / 1e6 })
  })()
})
process.send?.('ready')
