import { setTimeout as breathe } from 'node:timers/promises'
import { createDemoLife } from '../../fixtures/live.ts'
import { historyOf } from '../../fixtures/history.ts'
import type { DemoCompany } from '../../fixtures/company.ts'
import type { Kit } from '../core/kit.ts'
import { sql } from '../core/sql.ts'
import { demoRemovedAt, loadDuty, type DutyWindow } from '../people/index.ts'
import { seedPunches } from './attendance.ts'
import { confirmDemo, planDemo } from './plans.ts'
import { seedRequests } from './requests.ts'
import { HISTORY_DAYS } from './roster.ts'
import { rosterDemo, seedCompany } from './seed.ts'

/** What the demo needs of the fixes room: the same ways in that a phone and an import use. */
export interface Reporting {
  ingest(who: { orgId: string; personId: string }, batch: unknown): Promise<unknown>
  importDay(
    who: { orgId: string; personId: string },
    day: { fixes: unknown[]; silences: unknown[] },
  ): Promise<unknown>
}

export interface Demo {
  /** People live from now on; the month behind them is written meanwhile. */
  live(): void
  stop(): Promise<void>
}

const ROSTER_EVERY_MS = 3 * 60_000
const DAY_MS = 86_400_000
const BREATH_MS = 60

/** One after the other: both change the same days. */
async function seedAttendance(kit: Kit, orgId: string, company: DemoCompany): Promise<void> {
  await seedRequests(kit, orgId, company.org.zone).catch(warn(kit))
  await seedPunches(kit, orgId, company).catch(warn(kit))
}

/** Seeds the company if it is not there and rosters it for the present hour. Nobody moves before `live`. */
export async function startDemo(kit: Kit, reporting: Reporting, orgId: string): Promise<Demo> {
  const company = await seedCompany(kit.db, orgId, kit.clock.now())
  const windows = new Windows()
  const roster = async () => {
    const now = kit.clock.now()
    await rosterDemo(kit.db, orgId, company, now)
    await confirmDemo(kit, { orgId, company })
    const ids = company.people.map((person) => person.id)
    windows.replace(
      await loadDuty(kit.db, orgId, ids, { from: now - 2 * DAY_MS, to: now + 2 * DAY_MS }),
    )
  }
  await roster()
  await seedAttendance(kit, orgId, company)
  const life = lifeOf(kit, reporting, orgId, windows)
  let stopping = false
  let history: Promise<unknown> = Promise.resolve()
  const end = async () => {
    stopping = true
    clearInterval(timer)
    await life.stop()
    await history
  }
  const round = async () => {
    if ((await demoRemovedAt(kit.db, orgId)) === null) return roster()
    return end() // another process has removed it
  }
  const timer = setInterval(() => void round().catch(warn(kit)), ROSTER_EVERY_MS).unref()
  return {
    live() {
      life.start()
      const demo = { orgId, company, stopped: () => stopping }
      history = Promise.all([writeHistory(kit, reporting, demo), planDemo(kit, demo)]).catch(
        warn(kit),
      )
    },
    stop: end,
  }
}

const lifeOf = (kit: Kit, reporting: Reporting, orgId: string, windows: Windows) =>
  createDemoLife({
    now: kit.clock.now,
    speed: kit.config.demoSpeed,
    seed: 'demo',
    windowOf: (personId: string, at: number) => windows.at(personId, at),
    post: (personId: string, batch: unknown) => reporting.ingest({ orgId, personId }, batch),
  })

const warn = (kit: Kit) => (error: unknown) => kit.log.error({ err: error }, 'the demo stumbled')

/** Everybody's windows around now, looked up by instant. */
class Windows {
  #byPerson = new Map<string, DutyWindow[]>()
  replace(byPerson: Map<string, DutyWindow[]>) {
    this.#byPerson = byPerson
  }
  at(personId: string, at: number): DutyWindow | null {
    return (
      this.#byPerson.get(personId)?.find((window) => window.from <= at && at < window.to) ?? null
    )
  }
}

interface History {
  orgId: string
  company: DemoCompany
  stopped: () => boolean
}

/** The month behind today, newest day first, one person-day at a time; a day that has facts is left alone, so a restart goes on where it stopped. */
async function writeHistory(kit: Kit, reporting: Reporting, { orgId, company, stopped }: History) {
  const moving = company.people.filter((person) => person.moves)
  const now = kit.clock.now()
  const done = await kit.db.many<{ personId: string; date: string }>(sql`
    select person_id as "personId", date from day_changes where org_id = ${orgId}`)
  const known = new Set(done.map((each) => `${each.personId} ${each.date}`))
  const duty = await loadDuty(
    kit.db,
    orgId,
    moving.map((person) => person.id),
    {
      from: now - (HISTORY_DAYS + 1) * DAY_MS,
      to: now,
    },
  )
  for (let back = 0; back < HISTORY_DAYS; back++)
    for (const person of moving) {
      if (stopped()) return
      const window = (duty.get(person.id) ?? []).filter((each) => each.to <= now).reverse()[back]
      if (!window || known.has(`${person.id} ${window.date}`)) continue
      for await (const day of historyOf(person, [window.date], () => window))
        await reporting.importDay({ orgId, personId: person.id }, day)
      await breathe(BREATH_MS) // those who look at the map come first
    }
}
