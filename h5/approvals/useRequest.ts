import { shallowRef } from 'vue'
import { RequestPage } from '../../backend/contract/approvals.ts'
import { call, codeOf, type FailureCode } from '../core/api.ts'
import { useLoaded } from '../core/load.ts'

/** One request, and what can be done to it. */
export function useRequest(idOf: () => string) {
  const path = () => `/api/v1/requests/${idOf()}`
  const { data, failure, loading, load } = useLoaded(() => call(RequestPage, path()))
  const busy = shallowRef(false)
  const refused = shallowRef<FailureCode | null>(null)

  /** @returns whether it went through; the page shows the new state, or why not. */
  async function act(to: string, body: object): Promise<boolean> {
    busy.value = true
    refused.value = null
    try {
      data.value = await call(RequestPage, to, { body })
      return true
    } catch (error) {
      refused.value = codeOf(error)
      return false
    } finally {
      busy.value = false
    }
  }

  const decide = (decision: 'approve' | 'reject', note: string) =>
    act(`/api/v1/approvals/${idOf()}/${decision}`, { round: data.value?.round ?? 0, note })
  const takeBack = (what: 'withdraw' | 'revoke', note: string) => act(`${path()}/${what}`, { note })
  return { data, failure, loading, load, busy, refused, decide, takeBack }
}
