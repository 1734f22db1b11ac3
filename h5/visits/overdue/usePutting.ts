import { computed, shallowRef, watch, type Ref } from 'vue'
import {
  MOST_STOPS,
  type PlanDay,
  type PlanStop,
  type ShownStop,
} from '../../../backend/contract/plans.ts'
import { Coverage } from '../../../backend/contract/visits.ts'
import { call } from '../../core/api.ts'
import { useLoaded } from '../../core/load.ts'
import { useSession } from '../../core/session.ts'
import { newStop } from '../plans.ts'
import { overdueCustomers, type OverdueCustomer } from './overdue.ts'

const MOST = 2000 // customers of one person that are looked at

/** What became of a customer that was put into a day; `added` can be undone. */
export interface Put {
  readonly outcome: 'added' | 'there' | 'full'
  readonly name: string
  readonly date: string
  readonly stopId: string | null
}

export interface Plans {
  personId: Ref<string | undefined>
  days: Ref<readonly PlanDay[]>
  stopsOf: (date: string) => readonly ShownStop[]
  say: (stops: readonly PlanStop[], on: string) => Promise<boolean>
}

/** The overdue customers of a person, and a way to put them into a day and to undo that. */
export function usePutting({ personId, days, stopsOf, say }: Plans) {
  const session = useSession()
  const overdue = useLoaded(() =>
    call(Coverage, '/api/v1/coverage', {
      query: { ownerId: personId.value ?? session.me?.id, limit: MOST },
    }),
  )
  watch(personId, () => void overdue.load(), { immediate: true })
  const customers = computed(() => overdueCustomers(overdue.data.value?.rows ?? [], days.value))
  const last = shallowRef<Put | null>(null)

  async function put({ id, name }: OverdueCustomer, date: string): Promise<void> {
    const known = stopsOf(date)
    const told = (outcome: Put['outcome'], stopId: string | null = null) =>
      (last.value = { outcome, name, date, stopId })
    if (known.some((stop) => stop.customerId === id)) return void told('there')
    if (known.length >= MOST_STOPS) return void told('full')
    const stop = newStop(id, 'overdue')
    last.value = null
    if (await say([...known, stop], date)) told('added', stop.id)
  }
  async function undo(): Promise<void> {
    const { date = '', stopId = null } = last.value ?? {}
    const kept = stopsOf(date).filter((stop) => stop.id !== stopId)
    if (await say(kept, date)) last.value = null
  }
  return { overdue, customers, last, put, undo }
}
