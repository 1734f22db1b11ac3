import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { Day } from '../../backend/contract/days.ts'
import { call, codeOf, type FailureCode } from '../core/api.ts'

const AGAIN_MS = 60_000

/**
 * Today of the selected person, renewed each minute while he is selected. Each reading is on record.
 * @param date YYYY-MM-DD in the viewer's zone
 */
export function useSelectedDay(personId: Readonly<Ref<string | null>>, date: () => string) {
  const day = shallowRef<Day | null>(null)
  const failure = shallowRef<FailureCode | null>(null)
  let timer: ReturnType<typeof setInterval> | undefined

  async function load(): Promise<void> {
    const id = personId.value
    if (id === null) return
    try {
      const answer = await call(Day, `/api/v1/people/${encodeURIComponent(id)}/days/${date()}`)
      if (personId.value !== id) return // somebody else is selected meanwhile
      day.value = answer
      failure.value = null
    } catch (error) {
      if (personId.value === id) failure.value = codeOf(error)
    }
  }

  watch(
    personId,
    (id) => {
      clearInterval(timer)
      day.value = null
      failure.value = null
      if (id === null) return
      timer = setInterval(() => void load(), AGAIN_MS)
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => clearInterval(timer))
  return { day, failure, load }
}
