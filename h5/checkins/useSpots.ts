import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { CustomerDetails, Nearby } from '../../backend/contract/customers.ts'
import type { Desk } from '../../backend/contract/reviews.ts'
import { call } from '../core/api.ts'
import { isNear, nearby } from '../customers/nearby.ts'
import type { Position } from '../report/ports.ts'
import type { Spot } from './spots.ts'

const KEPT = 'zuji.spots'
const RADIUS = 3000 // metres
const LIMIT = 20

/**
 * Customers around me and my workplaces, nearest first, and the customer that is asked for wherever it
 * is; without a network those of the last time.
 * @param named id of a customer, or of something else
 */
export function useSpots(
  position: ComputedRef<Position | null>,
  desk: ShallowRef<Desk | null>,
  named: string | null,
): { spots: ComputedRef<Spot[]>; asked: ShallowRef<boolean> } {
  const customers = shallowRef<Spot[]>(kept())
  const wanted = shallowRef<Spot | null>(null)
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
  const around = computed(() => [...customers.value, ...workplacesOf(desk.value)])
  const isKnown = () => around.value.some(({ id }) => id === named)
  const spots = computed(() =>
    wanted.value === null || isKnown() ? around.value : [...around.value, wanted.value],
  )
  if (named !== null) void customerNamed(named).then((spot) => (wanted.value = spot))
  return { spots, asked }
}

const workplacesOf = (desk: Desk | null): Spot[] =>
  (desk?.workplaces ?? []).map(({ id, name, lng, lat, radius }) => ({
    ...{
      id,
      name,
      kind: 'workplace',
      circle: { lng, lat, radius },
      tags: [],
      tier: null,
    },
  }))

/** A customer that is far, or has no position yet; null for what is no customer of mine, or without a network. */
async function customerNamed(id: string): Promise<Spot | null> {
  try {
    const { name, tags, tier, lng, lat, radius } = await call(
      CustomerDetails,
      `/api/v1/customers/${id}`,
    )
    const circle = lng === null || lat === null ? null : { lng, lat, radius }
    return { id, kind: 'customer', name, circle, tags, tier }
  } catch {
    return null
  }
}

const spotsOf = ({ customers }: Nearby): Spot[] =>
  customers.map(({ id, name, lng, lat, radius, tags, tier }) => ({
    ...{ id, name, kind: 'customer', circle: { lng, lat, radius }, tags, tier },
  }))

function kept(): Spot[] {
  try {
    const parsed = Nearby.safeParse(JSON.parse(localStorage.getItem(KEPT) ?? 'null'))
    return parsed.success ? spotsOf(parsed.data) : []
  } catch {
    return []
  }
}
