import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { Nearby } from '../../backend/contract/customers.ts'
import type { Desk } from '../../backend/contract/reviews.ts'
import { isNear, nearby } from '../customers/nearby.ts'
import type { Position } from '../report/ports.ts'
import type { Spot } from './spots.ts'

const KEPT = 'zuji.spots'
const RADIUS = 3000 // metres
const LIMIT = 20

/** Customers around me and my workplaces, nearest first; without a network those of the last time. */
export function useSpots(
  position: ComputedRef<Position | null>,
  desk: ShallowRef<Desk | null>,
): { spots: ComputedRef<Spot[]>; asked: ShallowRef<boolean> } {
  const customers = shallowRef<Spot[]>(kept())
  const asked = shallowRef(false)
  let askedAt: Position | null = null

  async function ask(at: Position): Promise<void> {
    askedAt = at
    try {
      const found = await nearby(at, LIMIT, RADIUS)
      customers.value = spotsOf(found)
      localStorage.setItem(KEPT, JSON.stringify(found))
    } catch {
      askedAt = null // again with the next position
    }
    asked.value = true
  }

  watch(
    position,
    (at) => {
      if (at !== null && (askedAt === null || !isNear(at, askedAt))) void ask(at)
    },
    { immediate: true },
  )
  const spots = computed(() => [
    ...customers.value,
    ...(desk.value?.workplaces ?? []).map((place): Spot => ({ ...place, kind: 'workplace' })),
  ])
  return { spots, asked }
}

const spotsOf = ({ customers }: Nearby): Spot[] =>
  customers.map(({ id, name, lng, lat, radius }) => ({
    id,
    kind: 'customer',
    name,
    lng,
    lat,
    radius,
  }))

function kept(): Spot[] {
  try {
    const parsed = Nearby.safeParse(JSON.parse(localStorage.getItem(KEPT) ?? 'null'))
    return parsed.success ? spotsOf(parsed.data) : []
  } catch {
    return []
  }
}
