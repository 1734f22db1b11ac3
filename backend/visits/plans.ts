import { PlanRules, type PlanDay, type PlanInput, type ShownStop } from '../contract/plans.ts'
import type { Visit } from '../contract/visits.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { dateAt } from '../people/index.ts'
import {
  findRules,
  holdNewestPlan,
  insertPlan,
  listPlannedCustomers,
  planExists,
  type PlannedCustomer,
} from './planQueries.ts'
import { personFor } from './policy.ts'
import { listKept, listPlans, type StoredPlan } from './queries.ts'
import { refreshVisits, type Means } from './refresh.ts'

const MOST_VISITS = 5000
const MOST_AHEAD_MS = 366 * 86_400_000

/** The company's rules, its own over the usual ones. */
export const rulesOf = async (db: Db, orgId: string): Promise<PlanRules> =>
  PlanRules.parse((await findRules(db, orgId))?.rules ?? {})

/** 1 Monday … 7 Sunday. */
export const weekdayOf = (date: string) => new Date(Date.parse(date)).getUTCDay() || 7

interface Asked {
  orgId: string
  people: readonly { id: string; name: string }[]
  from: string
  to: string
}

/** What people mean to do and what came of it, a row for each person and date that has something. */
export async function showPlans(
  means: Means,
  { orgId, people, from, to }: Asked,
): Promise<PlanDay[]> {
  const range = {
    orgId,
    personIds: people.map((person) => person.id),
    from,
    to,
  }
  await refreshVisits(means, range)
  const plans = await listPlans(means.db, range)
  const wanted = { from, to, personIds: range.personIds, limit: MOST_VISITS }
  const visits = await listKept(means.db, { orgId, departments: 'all' }, wanted)
  const ids = new Set(plans.flatMap((plan) => plan.stops.map((stop) => stop.customerId)))
  const customers = new Map(
    (await listPlannedCustomers(means.db, orgId, [...ids])).map((each) => [each.id, each]),
  )
  const names = new Map(people.map((person) => [person.id, person.name]))
  const planOf = new Map(plans.map((plan) => [`${plan.personId} ${plan.date}`, plan]))
  const visitsOf = grouped(visits)
  const keys = new Set([...planOf.keys(), ...visitsOf.keys()])
  return [...keys].sort().map((key) => {
    const [personId = '', date = ''] = key.split(' ')
    const about = { personId, person: names.get(personId) ?? personId, date }
    return shownDay(about, planOf.get(key) ?? null, {
      visits: visitsOf.get(key) ?? [],
      customers,
    })
  })
}

function grouped(visits: readonly Visit[]): Map<string, Visit[]> {
  const byDay = new Map<string, Visit[]>()
  for (const visit of visits) {
    const key = `${visit.personId} ${visit.date}`
    byDay.set(key, [...(byDay.get(key) ?? []), visit])
  }
  return byDay
}

function shownDay(
  about: Pick<PlanDay, 'personId' | 'person' | 'date'>,
  plan: StoredPlan | null,
  known: { visits: readonly Visit[]; customers: Map<string, PlannedCustomer> },
): PlanDay {
  const visitOf = new Map(known.visits.map((visit) => [visit.stopId, visit]))
  const extra = known.visits
    .filter((visit) => visit.stopId === null)
    .map(({ id, customerId, customer, status, from }) => ({
      ...{ visitId: id, customerId, customer, status, from },
    }))
    .sort((a, b) => (a.from ?? 0) - (b.from ?? 0))
  const stops = (plan?.stops ?? []).map((stop) => ({
    ...stop,
    ...customerPart(known.customers.get(stop.customerId), about.date),
    ...visitPart(visitOf.get(stop.id)),
  }))
  return { ...about, planId: plan?.id ?? null, madeBy: plan?.madeBy ?? null, stops, extra }
}

const GONE = { customer: '', address: null, tier: null, lng: null, lat: null, open: null }

function customerPart(customer: PlannedCustomer | undefined, date: string) {
  if (!customer) return GONE
  const { name, address, tier, lng, lat, hours } = customer
  return { customer: name, address, tier, lng, lat, open: hours?.[weekdayOf(date) - 1] ?? null }
}

const visitPart = (visit: Visit | undefined): Pick<ShownStop, 'visitId' | 'status'> =>
  visit ? { visitId: visit.id, status: visit.status } : { visitId: null, status: 'planned' }

/**
 * Says a person's plan of a date anew. The same id again changes nothing.
 * @throws Fault `bad_input` (past dates, unknown customers), `conflict` (another plan came in between)
 */
export async function savePlan(kit: Kit, viewer: Viewer, input: PlanInput): Promise<void> {
  const person = await personFor(kit.db, viewer, input.personId)
  const now = kit.clock.now()
  checkDate(input.date, dateAt(now, person.zone))
  await checkCustomers(kit.db, viewer.orgId, input.stops)
  const who = { orgId: viewer.orgId, personId: person.id }
  await kit.db.transact(async (tx) => {
    if (await planExists(tx, viewer.orgId, person.id, input.id)) return
    const newest = await holdNewestPlan(tx, viewer.orgId, person.id, input.date)
    if (input.basedOn !== undefined && input.basedOn !== (newest?.id ?? null))
      throw new Fault('conflict', 'basedOn: this plan was changed meanwhile, look at it first')
    const madeAt = Math.max(now, (newest?.madeAt ?? 0) + 1)
    const { id, date, stops } = input
    await insertPlan(tx, {
      ...who,
      id,
      date,
      madeAt,
      madeBy: viewer.id,
      stops,
    })
    if (person.id !== viewer.id) await tellPlanned(kit, tx, { ...who, viewer, input, at: now })
  })
}

function checkDate(date: string, today: string): void {
  if (date < today)
    throw new Fault('bad_input', 'date: a plan is made for today or a later day', [
      { field: 'date', rule: 'today or later' },
    ])
  if (Date.parse(date) - Date.parse(today) > MOST_AHEAD_MS)
    throw new Fault('bad_input', 'date: at most a year ahead', [
      { field: 'date', rule: 'at most a year ahead' },
    ])
}

async function checkCustomers(db: Db, orgId: string, stops: PlanInput['stops']): Promise<void> {
  const ids = [...new Set(stops.map((stop) => stop.customerId))]
  const known = new Set((await listPlannedCustomers(db, orgId, ids)).map((each) => each.id))
  const place = stops.findIndex((stop) => !known.has(stop.customerId))
  if (place >= 0)
    throw new Fault('bad_input', `stops.${place}.customerId: this customer does not exist`, [
      {
        field: `stops.${place}.customerId`,
        rule: 'a customer of the company',
      },
    ])
}

interface Planned {
  orgId: string
  personId: string
  viewer: Viewer
  input: PlanInput
  at: number
}

const tellPlanned = (kit: Kit, tx: Db, { orgId, personId, viewer, input, at }: Planned) =>
  kit.notify.tell(tx, {
    orgId,
    personId,
    key: `plan:${input.id}`,
    topic: 'notice',
    title: `${viewer.name} 更新了您 ${input.date} 的拜访计划`,
    text: `共 ${input.stops.length} 站。`,
    path: `/plan/${input.date}`,
    at,
  })
