import type { DemoCompany } from '../../fixtures/company.ts'
import { randomOf, type Random } from '../../fixtures/random.ts'
import { importPunches } from '../attendance/index.ts'
import { standardRules } from '../approvals/index.ts'
import type { Kit } from '../core/kit.ts'
import { sql } from '../core/sql.ts'
import { dateAt } from '../people/index.ts'
import { daysBefore } from './roster.ts'

const MINUTE = 60_000
const EIGHT_HOURS = 8 * 3_600_000 // the demo's clock is ahead of UTC by so much
const AT_ONCE = 2000
const FRONT_DESK = '前台考勤机'

/** The first day that the demo's people worked: of the month before, so that there is one to close. */
export const firstDayOf = (today: string): string => `${daysBefore(`${today.slice(0, 7)}-01`, 1).slice(0, 7)}-01` // prettier-ignore

/**
 * What the time clock at the demo's front desk has noted since then: people are mostly on time, some are late, now
 * and then one forgets a punch. Days that requests speak of fit what they say. Done once.
 */
export async function seedPunches(kit: Kit, orgId: string, company: DemoCompany): Promise<void> {
  const known = await kit.db.first(
    sql`select u.id from punches u where u.org_id = ${orgId} limit 1`,
  )
  if (known) return
  const now = kit.clock.now()
  const today = dateAt(now, company.org.zone)
  const asked = { orgId, personId: '', from: firstDayOf(today), to: today }
  const works = await standardRules.workOf(kit.db, asked)
  const dates = works.filter(({ sections }) => sections.length > 0).map(({ date }) => date)
  const past = dates.filter((date) => date < today).reverse()
  const punches = company.people.flatMap(({ id }) =>
    dates.flatMap(
      (date) =>
      minutesOf(id, past.indexOf(date), randomOf('punches', id, date))
        .map((minute) => Date.parse(date) - EIGHT_HOURS + Math.round(minute * MINUTE))
        .filter((at) => at <= now)
        .map((at) => ({ personId: id, id: `device:${at}`, at, source: 'device' as const, place: FRONT_DESK })), // prettier-ignore
    ),
  )
  for (let begin = 0; begin < punches.length; begin += AT_ONCE)
    await importPunches(kit, orgId, punches.slice(begin, begin + AT_ONCE))
}

const IN = 9 * 60
const OUT = 18 * 60

/** Days whose punches a request speaks of, by how many workdays they lie back. */
const TOLD: Record<string, (back: number) => number[] | null> = {
  rep02: (back) => (back === 0 ? [IN - 4] : null), // forgot to punch out, asks for a correction
  rep04: (back) => (back === 1 || back === 2 ? [] : null), // ill
  rep05: (back) => (back === 2 ? [IN - 9, OUT + 155] : null), // overtime
  rep06: (back) => (back === 0 ? [IN - 6, OUT - 265] : null), // at a fair in the afternoon
  rep09: (back) => (back === 3 ? [OUT + 12] : null), // forgot to punch in, was corrected
  rep22: (back) => (back === 1 ? [OUT + 9] : null), // asks for a correction
}

/** @param back workdays before today, 0 the last one; -1 today */
function minutesOf(id: string, back: number, random: Random): number[] {
  const told = TOLD[id]?.(back)
  if (told) return told
  const late = random.chance(0.06)
  const came = late ? IN + random.between(6, random.chance(0.15) ? 50 : 25) : IN - random.between(1, 24) // prettier-ignore
  const left = random.chance(0.015) ? OUT - random.between(5, 40) : OUT + random.between(1, 35)
  if (random.chance(0.012)) return random.chance(0.5) ? [came] : [left]
  return [came, left]
}
