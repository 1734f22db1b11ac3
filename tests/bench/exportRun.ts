// The export as its own process, as it is shipped: told where from and whereto, it says what it took.
import { createWriteStream, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { exportMaker, writeExport } from '../../backend/attendance/index.ts'
import { ExportInput } from '../../backend/contract/exports.ts'
import { connect } from '../../backend/core/connect.ts'
import { createLog } from '../../backend/core/log.ts'

const [databaseUrl = '', orgId = '', month = '', format = 'xlsx', layout = 'zuji', file = ''] =
  process.argv.slice(2)
const db = await connect({ databaseUrl, dataDir: '', log: createLog('error'), root: '' })
const means = { db, visits: () => Promise.resolve([]), now: () => Date.parse('2026-11-05T00:00Z') }
const begun = performance.now()
const asked = { orgId, departments: 'all', month } as const
const order = { asked, input: ExportInput.parse({ format, layout }), madeBy: 'bench' }
await writeExport(exportMaker(means), order, createWriteStream(file))
const seconds = (performance.now() - begun) / 1000
// the highest of this program alone: `resourceUsage().maxRSS` begins with what the parent had when it forked
const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
process.send?.({ seconds, rssMb: (Number(kibibytes) * 1024) / 1e6 })
await db.close()
process.disconnect?.()
