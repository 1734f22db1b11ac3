import type { z } from 'zod'
import type { Optimised, OptimiseInput, PlanStop, Proposals } from '../contract/plans.ts'
import type { Db } from '../core/db.ts'
import type { Kit } from '../core/kit.ts'
import type { Viewer } from '../core/http/route.ts'
import { dateAt } from '../people/index.ts'
import { listMoves } from '../tracks/index.ts'
import { orderDay, type StopToOrder } from './order/index.ts'
import { learnSpeeds } from './order/speeds.ts'
import { listOwnCustomers, listPlannedCustomers, listStayMinutes } from './planQueries.ts'
import { rulesOf, weekdayOf } from './plans.ts'
import { personFor } from './policy.ts'
import { proposeWeek } from './propose.ts'
import { listPlans } from './queries.ts'

const DAY_MS = 86_400_000
const LEARNED_DAYS = 30 // of ways
const USUAL_WEIGHT = 3 // visits that what is usual counts as
const START_MINUTE = 540

const dateBefore = (date: string, days: number) =>
  new Date(Date.parse(date) - days * DAY_MS).toISOString().slice(0, 10)

/** What order of a day's stops is best, by the person's own speeds and what visits took before. */
export async function optimise(
  kit: Pick<Kit, 'db'>,
  viewer: Viewer,
  { date, ...input }: z.infer<typeof OptimiseInput> & { date: string },
): Promise<Optimised> {
  const { orgId } = viewer
  const person = await personFor(kit.db, viewer, input.personId)
  const stops = input.stops ?? (await stopsOf(kit.db, { orgId, personId: person.id, date }))
  const span = { from: dateBefore(date, LEARNED_DAYS), to: date }
  const ways = await listMoves(kit.db, orgId, person.id, span)
  return orderDay({
    stops: await stopsToOrder(kit.db, orgId, { stops, date }),
    start: input.start ?? null,
    startMinute: input.startMinute ?? START_MINUTE,
    speeds: learnSpeeds(ways),
  })
}

async function stopsOf(db: Db, day: { orgId: string; personId: string; date: string }) {
  const range = { orgId: day.orgId, personIds: [day.personId], from: day.date, to: day.date }
  return (await listPlans(db, range))[0]?.stops ?? []
}

async function stopsToOrder(
  db: Db,
  orgId: string,
  { stops, date }: { stops: readonly PlanStop[]; date: string },
): Promise<StopToOrder[]> {
  const ids = [...new Set(stops.map((stop) => stop.customerId))]
  const rules = await rulesOf(db, orgId)
  const customers = new Map(
    (await listPlannedCustomers(db, orgId, ids)).map((one) => [one.id, one]),
  )
  const stays = new Map((await listStayMinutes(db, orgId, ids)).map((row) => [row.customerId, row]))
  const learned = (customerId: string) => {
    const { visits = 0, minutes = 0 } = stays.get(customerId) ?? {}
    return (USUAL_WEIGHT * rules.visitMinutes + minutes) / (USUAL_WEIGHT + visits)
  }
  return stops.map(({ id, customerId, fixedMinute, minutes }) => {
    const customer = customers.get(customerId)
    const { lng = null, lat = null, hours = null } = customer ?? {}
    return {
      id,
      point: lng === null || lat === null ? null : { lng, lat },
      fixed: fixedMinute,
      open: hours?.[weekdayOf(date) - 1] ?? null,
      minutes: minutes ?? learned(customerId),
    }
  })
}

/** A week filled by how often each tier is to be visited; what is planned already is left alone. */
export async function proposals(
  kit: Pick<Kit, 'db' | 'clock'>,
  viewer: Viewer,
  { from, personId }: { from: string; personId?: string | undefined },
): Promise<Proposals> {
  const { orgId } = viewer
  const person = await personFor(kit.db, viewer, personId)
  const rules = await rulesOf(kit.db, orgId)
  const today = dateAt(kit.clock.now(), person.zone)
  const dates = Array.from({ length: 7 }, (_, index) => dateBefore(from, -index))
  const range = { orgId, personIds: [person.id], from: today < from ? today : from, to: dateBefore(from, -6) } // prettier-ignore
  const plans = await listPlans(kit.db, range)
  const planned = new Set(
    plans
      .filter((plan) => plan.date >= today)
      .flatMap((plan) => plan.stops.map((stop) => stop.customerId)),
  )
  const own = await listOwnCustomers(kit.db, orgId, { personId: person.id, zone: person.zone })
  const days = dates
    .filter((date) => date >= today && rules.workWeekdays.includes(weekdayOf(date)))
    .map((date) => {
      const stops = plans.find((plan) => plan.date === date)?.stops.length ?? 0
      return { date, room: rules.stopsPerDay - stops }
    })
  const left = own.filter((customer) => !planned.has(customer.customerId))
  return proposeWeek(left, { from, days, rules })
}
