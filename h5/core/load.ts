import { shallowRef, type ShallowRef } from 'vue'
import { codeOf, type FailureCode } from './api.ts'

export interface Loaded<T> {
  data: ShallowRef<T | null>
  failure: ShallowRef<FailureCode | null> // of the last attempt
  loading: ShallowRef<boolean>
  load: () => Promise<void>
}

/** One reply with its four states. A failed reload keeps what was there; of two overlapping answers the later question's wins. */
export function useLoaded<T>(ask: () => Promise<T>): Loaded<T> {
  const data: ShallowRef<T | null> = shallowRef(null)
  const failure: ShallowRef<FailureCode | null> = shallowRef(null)
  const loading = shallowRef(false)
  let newest = 0

  async function load(): Promise<void> {
    const mine = ++newest
    loading.value = true
    try {
      const answer = await ask()
      if (mine !== newest) return
      data.value = answer
      failure.value = null
    } catch (error) {
      if (mine === newest) failure.value = codeOf(error)
    }
    if (mine === newest) loading.value = false
  }

  return { data, failure, loading, load }
}
