import { onMounted, onScopeDispose, shallowRef } from 'vue'
import { Job, Jobs, JobStarted } from '../../backend/contract/jobs.ts'
import {
  CheckinBridge,
  ImportResult,
  type CheckinSettings,
} from '../../backend/contract/wecomImport.ts'
import { call, codeOf, type CallInit, type FailureCode } from '../core/api.ts'
import { useLoaded } from '../core/load.ts'

const PATH = '/api/v1/attendance/wecom'
const WATCH_MS = 1_000
const KIND = 'attendance.wecom'

/** How attendance stands to WeCom's 打卡, the admin's switches, and the import that runs or ran last. */
export function useCheckinBridge() {
  const { data, failure, loading, load } = useLoaded(() => call(CheckinBridge, PATH))
  const { job, watch } = useImportJob()
  const refused = shallowRef<FailureCode | null>(null) // of the last act
  const busy = shallowRef(false)

  async function act(work: () => Promise<unknown>): Promise<void> {
    busy.value = true
    refused.value = null
    try {
      await work()
    } catch (error) {
      refused.value = codeOf(error)
    }
    busy.value = false
  }

  const change = (path: string, init: CallInit) =>
    act(async () => (data.value = await call(CheckinBridge, path, init)))

  onMounted(() => void load())

  return {
    ...{ data, failure, loading, load, job, refused, busy },
    save: (settings: CheckinSettings) => change(PATH, { method: 'PUT', body: settings }),
    retry: () => change(`${PATH}/retry`, { body: {} }),
    start: (asked: { dryRun: boolean; from: string; to: string }) =>
      act(async () => {
        const body = { id: crypto.randomUUID(), ...asked }
        const { jobId } = await call(JobStarted, `${PATH}/import`, { body })
        await watch(jobId)
      }),
  }
}

/** The import that runs, watched until it ends; at first the last one, also when the page was left meanwhile. */
function useImportJob() {
  const job = shallowRef<Job | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function watch(id: string): Promise<void> {
    clearTimeout(timer)
    job.value = await call(Job, `/api/v1/jobs/${id}`).catch(() => job.value)
    if (job.value?.state !== 'waiting' && job.value?.state !== 'running') return
    timer = setTimeout(() => void watch(id), WATCH_MS)
  }

  async function last(): Promise<void> {
    const found = await call(Jobs, '/api/v1/jobs', { query: { kind: KIND } }).catch(() => null)
    const [newest] = found?.jobs ?? []
    if (newest) await watch(newest.id)
  }

  onMounted(() => void last())
  onScopeDispose(() => clearTimeout(timer))
  return { job, watch }
}

/** What an import did or would do; null before its end. */
export const resultOf = (job: Job | null): ImportResult | null =>
  ImportResult.safeParse(job?.result).data ?? null
