import { computed, shallowRef, watch, type Ref } from 'vue'
import { AttendanceMonth, type MonthRow } from '../../../backend/contract/months.ts'
import { call, codeOf, type FailureCode } from '../../core/api.ts'

export interface MonthFilter {
  month: string
  department: string // '' for all
  q: string
  only: 'all' | 'anomalies'
}

const PAGE = 500

/**
 * The matrix of a month, page after page, so that the first people are there at once and 5,000 soon
 * after. A new filter starts again; what is on its way for an old one is dropped.
 */
export function useMonth(filter: Ref<MonthFilter>) {
  const rows = shallowRef<readonly MonthRow[]>([])
  const first = shallowRef<AttendanceMonth | null>(null)
  const failure = shallowRef<FailureCode | null>(null)
  const loading = shallowRef(false)
  let newest = 0

  async function load(): Promise<void> {
    const mine = ++newest
    loading.value = true
    failure.value = null
    try {
      await pages(mine)
    } catch (error) {
      if (mine === newest) failure.value = codeOf(error)
    }
    if (mine === newest) loading.value = false
  }

  async function pages(mine: number): Promise<void> {
    let after: string | undefined
    let sum: readonly MonthRow[] = []
    do {
      const page = await call(AttendanceMonth, `/api/v1/attendance/months/${filter.value.month}`, {
        query: queryOf(filter.value, after),
      })
      if (mine !== newest) return
      sum = after === undefined ? page.rows : [...sum, ...page.rows]
      if (after === undefined) first.value = page
      rows.value = sum
      after = page.next ?? undefined
    } while (after !== undefined)
  }

  watch(filter, () => void load(), { immediate: true })
  const people = computed(() => first.value?.people ?? 0)
  return { rows, first, people, failure, loading, load }
}

const queryOf = (filter: MonthFilter, after: string | undefined) => ({
  department: filter.department === '' ? undefined : filter.department,
  q: filter.q === '' ? undefined : filter.q,
  only: filter.only === 'all' ? undefined : filter.only,
  after,
  limit: PAGE,
})
