import { insertCustomers } from '../customers/index.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { demoCompany, type DemoCompany, type DemoPerson } from '../../fixtures/company.ts'
import {
  dateAt,
  insertDuty,
  loadDuty,
  ROUND_THE_CLOCK,
  STANDARD,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
  windowsOf,
  type DutyWindow,
} from '../people/index.ts'
import { giveConsent } from '../privacy/index.ts'
import { firstDayOf } from './attendance.ts'
import { coveringWindow, daysBefore, HISTORY_DAYS, pastWindows } from './roster.ts'

const AHEAD_DAYS = 14

/** Puts the demo company into an empty database: people, customers, consent. Done once. */
export async function seedCompany(db: Db, orgId: string, now: number): Promise<DemoCompany> {
  const company = demoCompany()
  const known = await db.first<{ id: string }>(
    sql`select id from people where org_id = ${orgId} limit 1`,
  )
  if (known) return company
  await db.transact(async (tx) => {
    await upsertOrg(tx, { id: orgId, name: company.org.name, zone: company.org.zone })
    await upsertDepartments(tx, orgId, company.departments)
    await upsertPeople(
      tx,
      orgId,
      company.people.map((person) => seeded(person, company, firstDayOf(dateAt(now, company.org.zone)))), // prettier-ignore
    )
    await insertCustomers(tx, orgId, company.customers)
    const consentAt = now - (HISTORY_DAYS + 1) * 86_400_000
    for (const person of company.people.filter((each) => each.consent))
      await giveConsent(tx, orgId, person.id, consentAt)
    await insertDuty(tx, orgId, pastDuty(company, now))
  })
  return company
}

const seeded = (person: DemoPerson, company: DemoCompany, joinedOn: string) => ({
  joinedOn,
  id: person.id,
  name: person.name,
  departmentId: person.departmentId,
  position: person.position,
  role: person.role,
  leads: company.departments.filter((each) => each.leaderId === person.id).map((each) => each.id),
  userId: person.id,
  circles: person.directLeaders.map((leader) => `@${leader}`),
})

type Rostered = DutyWindow & { personId: string }

/** The windows of the month before today for those whom the simulator moves. */
function pastDuty(company: DemoCompany, now: number): Rostered[] {
  const windows = pastWindows(dateAt(now, company.org.zone), company.org.zone)
  return company.people
    .filter((person) => person.moves)
    .flatMap((person) => windows.map((window) => ({ ...window, personId: person.id })))
}

/**
 * Keeps everybody rostered: the moving ones over the present hour, the others two weeks ahead.
 * Run at the start and every few minutes; what is there already stays.
 */
export async function rosterDemo(db: Db, orgId: string, company: DemoCompany, now: number) {
  const { zone } = company.org
  const reps = company.people.filter((person) => person.role === 'rep')
  const ids = reps.map((person) => person.id)
  const duty = await loadDuty(db, orgId, ids, {
    from: now - 36 * 3_600_000,
    to: now + 36 * 3_600_000,
  })
  const windows = reps.flatMap((person) =>
    windowsFor(person, duty.get(person.id) ?? [], now, zone).map((window) => ({
      ...window,
      personId: person.id,
    })),
  )
  if (windows.length > 0) await insertDuty(db, orgId, windows)
}

function windowsFor(
  person: DemoPerson,
  known: DutyWindow[],
  now: number,
  zone: string,
): DutyWindow[] {
  if (person.roster !== 'always_now') {
    const shift = person.roster === 'standard' ? STANDARD : ROUND_THE_CLOCK
    return windowsOf(
      shift,
      daysBefore(dateAt(now, zone), HISTORY_DAYS),
      HISTORY_DAYS + AHEAD_DAYS,
      zone,
    )
  }
  const last = known.reduce<number | null>((end, window) => Math.max(end ?? 0, window.to), null)
  const next = coveringWindow(now, last, zone)
  return next ? [next] : []
}
