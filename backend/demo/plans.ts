import { setTimeout as breathe } from 'node:timers/promises'
import type { DemoCompany, DemoPerson } from '../../fixtures/company.ts'
import { simulateDay } from '../../fixtures/day.ts'
import { livesOf } from '../../fixtures/live.ts'
import { uuidOf } from '../../fixtures/random.ts'
import type { PlanStop } from '../contract/plans.ts'
import type { Kit } from '../core/kit.ts'
import { dateAt, loadDuty, windowsOf } from '../people/index.ts'
import { confirmSeen, insertPlan, listPlans } from '../visits/index.ts'
import { daysBefore } from './roster.ts'

const BACK_DAYS = 6
const AHEAD_DAYS = 4
const BREATH_MS = 40 // those who look at the map come first
const DAY_SHIFT = { from: 8 * 60 + 30, to: 18 * 60 + 30, days: 'every' } as const
const FORGETS = 5 // one visit of so many is not confirmed, so that there is something to tap

interface Demo {
  orgId: string
  company: DemoCompany
  stopped: () => boolean
}

/** Plans of the days around today: what the simulator lets people do, with one stop more and one less. */
export async function planDemo(kit: Kit, { orgId, company, stopped }: Demo): Promise<void> {
  const moving = company.people.filter((person) => person.moves)
  const today = dateAt(kit.clock.now(), company.org.zone)
  const [from, to] = [daysBefore(today, BACK_DAYS), daysBefore(today, -AHEAD_DAYS)]
  const personIds = moving.map((person) => person.id)
  const known = await listPlans(kit.db, { orgId, personIds, from, to })
  const planned = new Set(known.map((plan) => `${plan.personId} ${plan.date}`))
  for (let back = 0; back <= BACK_DAYS + AHEAD_DAYS; back++)
    for (const person of moving) {
      const date = daysBefore(today, back <= BACK_DAYS ? back : BACK_DAYS - back)
      if (stopped()) return
      if (planned.has(`${person.id} ${date}`)) continue
      const window = await windowOf(kit, { orgId, personId: person.id, date, zone: company.org.zone }) // prettier-ignore
      if (!window) continue
      const plan = { orgId, personId: person.id, date, madeBy: person.id }
      const stops = stopsOf(person, date, window)
      await insertPlan(kit.db, { ...plan, id: uuidOf('plan', person.id, date), madeAt: window.from - 3_600_000, stops }) // prettier-ignore
      await breathe(BREATH_MS)
    }
  await confirmDemo(kit, { orgId, company })
}

interface PersonDate {
  orgId: string
  personId: string
  date: string
  zone: string
}

async function windowOf(kit: Kit, { orgId, personId, date, zone }: PersonDate) {
  const [usual] = windowsOf(DAY_SHIFT, date, 1, zone)
  if (!usual) return null
  const span = { from: usual.from - 86_400_000, to: usual.to + 86_400_000 }
  const duty = (await loadDuty(kit.db, orgId, [personId], span)).get(personId) ?? []
  return duty.find((window) => window.date === date) ?? usual
}

function stopsOf(person: DemoPerson, date: string, { from, to }: { from: number; to: number }) {
  const lives = livesOf(person)
  const { truth } = simulateDay({ seed: 'demo', ...lives, date, window: { from, to } })
  const visited = [...new Set(truth.stays.flatMap((stay) => stay.customerId ?? []))]
  const other = lives.customers.find((customer) => !visited.includes(customer.id))
  const meant = [...visited.slice(0, -1), ...(other ? [other.id] : [])]
  return meant.map((customerId, index): PlanStop => ({
    id: uuidOf('stop', person.id, date, String(index)),
    customerId,
    fixedMinute: null,
    minutes: null,
    goal: GOALS[index % GOALS.length] ?? '',
    origin: 'recurrence',
  }))
}

const GOALS = ['新品上架', '', '收回上月货款', '', '检查陈列', '']

/** People of the demo say of most past stays that they were visits. */
export async function confirmDemo(
  kit: Kit,
  { orgId, company }: Omit<Demo, 'stopped'>,
): Promise<void> {
  const today = dateAt(kit.clock.now(), company.org.zone)
  const personIds = company.people.filter((person) => person.moves).map((person) => person.id)
  const range = { orgId, personIds, from: daysBefore(today, 30), to: daysBefore(today, 1) }
  const isTold = (id: string) => Number.parseInt(id.slice(-4), 16) % FORGETS !== 0
  await confirmSeen(kit.db, range, { isTold, at: kit.clock.now() })
}
