import { shallowRef, type ShallowRef } from 'vue'
import { codeOf, type FailureCode } from './api.ts'

/**
 * What somebody does by a button: under way, done, or refused.
 * @typeParam Own reasons of the page's own to refuse, which it sets itself
 */
export function useAct<Own extends string = never>() {
  const busy = shallowRef(false)
  const done = shallowRef(false)
  const refused: ShallowRef<FailureCode | Own | null> = shallowRef(null)

  /** @returns whether it went well */
  async function act(work: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    refused.value = null
    try {
      await work()
      done.value = true
    } catch (error) {
      refused.value = codeOf(error)
    }
    busy.value = false
    return refused.value === null
  }
  return { busy, done, refused, act }
}
