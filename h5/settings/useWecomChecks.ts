import { computed, onMounted, onScopeDispose, shallowRef } from 'vue'
import { WecomChecks } from '../../backend/contract/wecomChecks.ts'
import { call } from '../core/api.ts'
import { useLoaded } from '../core/load.ts'
import { useNow } from '../core/ticks.ts'

/** The checks of the setup, looked at anew when one comes back from WeCom's console to this page. */
export function useWecomChecks() {
  const ahead = shallowRef(0) // ms of the server's clock
  const { data, failure, loading, load } = useLoaded(async () => {
    const checks = await call(WecomChecks, '/api/v1/wecom/checks')
    ahead.value = checks.now - Date.now()
    return checks
  })
  const now = useNow()
  /** Seconds until the server would look anew. */
  const waitS = computed(() => {
    const nextAt = data.value?.nextAt ?? 0
    return Math.max(0, Math.ceil((nextAt - now.value - ahead.value) / 1000))
  })

  const back = () => {
    if (!document.hidden && waitS.value === 0 && !loading.value) void load()
  }
  onMounted(() => void load())
  document.addEventListener('visibilitychange', back)
  onScopeDispose(() => document.removeEventListener('visibilitychange', back))

  return { data, failure, loading, load, waitS }
}
