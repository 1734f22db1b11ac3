import { computed, shallowRef, watch, type Ref } from 'vue'
import type { Leg, PlanDay, PlanStop } from '../../backend/contract/plans.ts'
import { codeOf, type FailureCode } from '../core/api.ts'
import { useLoaded } from '../core/load.ts'
import { isoDate, timeOfDay } from '../core/format.ts'
import { useSession } from '../core/session.ts'
import { askOrder, dateAfter, isAhead, loadPlans, minuteOf, mondayOf, sayPlan } from './plans.ts'

/** The week around a date as it is planned, and a way to say a day anew. */
export function usePlan(date: Ref<string>, personId: Ref<string | undefined>) {
  const monday = computed(() => mondayOf(date.value))
  const week = useLoaded(() =>
    loadPlans({
      from: monday.value,
      to: dateAfter(monday.value, 6),
      personId: personId.value,
    }),
  )
  const failed = shallowRef<FailureCode | null>(null)
  const busy = shallowRef(false)
  const dayOf = (wanted: string): PlanDay | null =>
    week.data.value?.days.find((day) => day.date === wanted) ?? null
  const day = computed(() => dayOf(date.value))
  const stopsOf = (wanted: string) => dayOf(wanted)?.stops ?? []
  const counts = computed(
    () => new Map((week.data.value?.days ?? []).map((each) => [each.date, each.stops.length])),
  )

  /** @returns whether it is kept; after a conflict the newest plan is shown. */
  async function say(stops: readonly PlanStop[], on = date.value): Promise<boolean> {
    busy.value = true
    failed.value = null
    try {
      const basedOn = dayOf(on)?.planId ?? null
      const said = await sayPlan({ date: on, basedOn, stops, personId: personId.value })
      const others = (week.data.value?.days ?? []).filter((each) => each.date !== on)
      week.data.value = { days: [...others, said] }
    } catch (error) {
      failed.value = codeOf(error)
      if (failed.value === 'conflict') await week.load()
    }
    busy.value = false
    return failed.value === null
  }

  watch([monday, personId], () => void week.load(), { immediate: true })
  return { week, day, stopsOf, counts, legs: useLegs(day, personId), busy, failed, say }
}

/** When one is where, told by the server: nobody waits for it, and without a network there is none. */
function useLegs(day: Readonly<Ref<PlanDay | null>>, personId: Ref<string | undefined>) {
  const legs = shallowRef<ReadonlyMap<string, Leg>>(new Map())
  watch(day, async (now) => {
    legs.value = new Map()
    if (now === null || now.stops.length === 0) return
    const stops = now.stops.filter(isAhead)
    const asked = { stops, personId: personId.value, startMinute: minuteNow(now.date) }
    const told = await askOrder(now.date, asked).catch(() => null)
    if (told !== null && now === day.value)
      legs.value = new Map(told.before.legs.map((leg) => [leg.stopId, leg]))
  })
  return legs
}

/** Of today the minute it is, of other days none: they begin in the morning. */
function minuteNow(date: string): number | undefined {
  const session = useSession()
  const zone = session.me?.zone ?? 'Asia/Shanghai'
  const now = Date.now() + session.clockAhead
  return date === isoDate(now, zone) ? (minuteOf(timeOfDay(now, zone)) ?? undefined) : undefined
}
