import { shallowRef, type Ref } from 'vue'
import { Requests, type RequestRow, type RequestScope } from '../../backend/contract/approvals.ts'
import { call, codeOf, type FailureCode } from '../core/api.ts'

export interface Filters {
  kind: RequestRow['details']['kind'] | ''
  state: RequestRow['state'] | ''
  month: string // YYYY-MM, '' any
}

export const NO_FILTERS: Filters = { kind: '', state: '', month: '' }

/** A scope's requests, page after page; a reload begins again and keeps what was there until it comes. */
export function useRequests(scope: Ref<RequestScope>, filters: Ref<Filters>) {
  const rows = shallowRef<RequestRow[] | null>(null)
  const next = shallowRef<string | null>(null)
  const failure = shallowRef<FailureCode | null>(null)
  const loading = shallowRef(false)
  let newest = 0

  async function ask(before: string | null): Promise<void> {
    const mine = ++newest
    loading.value = true
    try {
      const page = await call(Requests, '/api/v1/requests', { query: queryOf(before) })
      if (mine !== newest) return
      rows.value = [...(before === null ? [] : (rows.value ?? [])), ...page.requests]
      next.value = page.next
      failure.value = null
    } catch (error) {
      if (mine === newest) failure.value = codeOf(error)
    }
    if (mine === newest) loading.value = false
  }

  function queryOf(before: string | null) {
    const { kind, state, month } = filters.value
    return {
      scope: scope.value,
      kind: kind === '' ? undefined : kind,
      state: state === '' ? undefined : state,
      from: month === '' ? undefined : `${month}-01`,
      to: month === '' ? undefined : lastOf(month),
      before: before ?? undefined,
    }
  }

  return { rows, next, failure, loading, load: () => ask(null), more: () => ask(next.value) }
}

/** The last date of a month. */
const lastOf = (month: string) =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0))
    .toISOString()
    .slice(0, 10)
