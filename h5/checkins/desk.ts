import { shallowRef, type ShallowRef } from 'vue'
import { Desk } from '../../backend/contract/reviews.ts'
import { call } from '../core/api.ts'
import { noteServer } from './clock.ts'

const KEPT = 'zuji.desk'
const PATIENCE_MS = 4000

/** What checking in needs, as the server said last: on a dead line the kept one serves. */
export function useCheckinDesk(): { desk: ShallowRef<Desk | null>; load: () => Promise<void> } {
  const desk: ShallowRef<Desk | null> = shallowRef(kept())
  return {
    desk,
    async load() {
      try {
        const answer = await call(Desk, '/api/v1/checkins/desk', { timeoutMs: PATIENCE_MS })
        noteServer(answer.now)
        desk.value = answer
        localStorage.setItem(KEPT, JSON.stringify(answer))
      } catch {
        desk.value ??= kept() // the kept one, or the defaults of the page
      }
    },
  }
}

function kept(): Desk | null {
  const text = localStorage.getItem(KEPT)
  if (text === null) return null
  try {
    const parsed = Desk.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
