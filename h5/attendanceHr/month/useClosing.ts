import { watch, type Ref } from 'vue'
import { MonthClosing } from '../../../backend/contract/closing.ts'
import { call } from '../../core/api.ts'
import { useLoaded } from '../../core/load.ts'

/** How a month stands: open, in grace, locked or reopened. */
export function useClosing(month: Ref<string>) {
  const { data, failure, load } = useLoaded(() =>
    call(MonthClosing, `/api/v1/attendance/months/${month.value}/closing`),
  )
  watch(month, () => void load(), { immediate: true })
  return { closing: data, failure, reload: load }
}
