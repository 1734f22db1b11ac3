import { JobStarted } from '../../contract/jobs.ts'
import { CheckinBridge, CheckinSettings, ImportInput } from '../../contract/wecomImport.ts'
import { isAdmin, route, type Route } from '../../core/http/route.ts'
import { IMPORT, type BridgeMeans } from './doors.ts'
import { loadBridge, saveBridge } from './queries.ts'

const PATH = '/api/v1/attendance/wecom'
const MONTH_MS = 30 * 86_400_000

export const bridgeRoutes = (means: BridgeMeans): Route[] => [
  route({
    method: 'GET',
    path: PATH,
    summary: "How attendance stands to WeCom's 打卡, and what was written there",
    reply: CheckinBridge,
    allow: isAdmin,
    run: () => bridgeOf(means),
  }),
  route({
    method: 'PUT',
    path: PATH,
    summary: "What is taken from WeCom's 打卡 and written to it",
    input: CheckinSettings,
    reply: CheckinBridge,
    allow: isAdmin,
    run: async ({ viewer, input: settings }) => {
      const { kit, orgId } = means
      await saveBridge(kit.db, orgId, { settings, by: viewer.id, now: kit.clock.now() })
      return bridgeOf(means)
    },
  }),
  ...actRoutes(means),
]

const actRoutes = (means: BridgeMeans): Route[] => [
  route({
    method: 'POST',
    path: `${PATH}/import`,
    summary: "Takes rules, rosters and punches from WeCom's 打卡, or says what that would do",
    input: ImportInput,
    reply: JobStarted,
    allow: isAdmin,
    run: async ({ viewer, input }) => {
      const { kit, jobs } = means
      const job = { orgId: viewer.orgId, personId: viewer.id, kind: IMPORT, input, id: input.id }
      return { jobId: await jobs.start(kit.db, job) }
    },
  }),
  route({
    method: 'POST',
    path: `${PATH}/retry`,
    summary: 'What WeCom did not take is tried once more',
    reply: CheckinBridge,
    allow: isAdmin,
    run: async () => {
      const { kit, orgId, sink } = means
      await sink.retry(kit.db, orgId, kit.clock.now())
      return bridgeOf(means)
    },
  }),
]

async function bridgeOf({ kit, orgId, sink }: BridgeMeans): Promise<CheckinBridge> {
  const now = kit.clock.now()
  const row = await loadBridge(kit.db, orgId)
  const { counts, refused } = await sink.summary(kit.db, orgId, now - MONTH_MS)
  const sum = (...states: string[]) =>
    states.reduce((all, each) => all + (counts.get(each) ?? 0), 0)
  const written = {
    waiting: sum('waiting', 'sending', 'doubtful'),
    written: sum('written'),
    refused: sum('refused', 'given_up'),
  }
  return { now, ...row, written, refused }
}
