import { datesOfMonth } from '../../contract/closing.ts'
import { datesFrom } from '../clock.ts'
import type { Means } from '../days/keep.ts'
import { countMembers, cursorOf, listMembers, type Member } from '../days/members.ts'
import { rowsOf, todayIn } from '../days/month.ts'
import { subtreeOf } from '../../people/index.ts'
import { ruleSetOn } from '../resolve.ts'
import { loadCompanyRules, type CompanyRules } from '../rules/book.ts'
import { findOrg, listExportDays, listNamed, listPositions } from './queries.ts'
import type { Asked, ExportPerson, OpenMonth } from './source.ts'

const BATCH = 100 // people whose days are held at once

/** Opens a month of kept days for reading, person by person; what is not kept yet is computed. */
export const openMonth =
  (means: Means): OpenMonth =>
  async (asked) => {
    const { orgId, departments, month, department, q } = asked
    const { from, to } = datesOfMonth(month)
    const below = department ? await subtreeOf(means.db, orgId, [department]) : undefined
    const who = { orgId, departments, below, q }
    const rules = await loadCompanyRules(means.db, orgId)
    const calendar = rules.calendar(ruleSetOn(rules, NOBODY, to).rules.calendar)
    const named = department ? await listNamed(means.db, orgId, department) : null
    const { zone } = await findOrg(means.db, orgId)
    return {
      department: named?.name ?? null,
      people: await countMembers(means.db, who, from),
      rules: rulesIn(rules, from, to),
      days: datesFrom(from, to).map((date) => calendar.dayOf(date)),
      read: () => readPeople(means, { asked, rules, who, today: todayIn(zone, means.now()) }),
    }
  }

const NOBODY = { id: '', departmentId: '', tags: [] }

/** Every version that was in force on a day of the month. */
function rulesIn({ sets }: CompanyRules, from: string, to: string): string[] {
  const used = sets.filter((set) => {
    const next = sets
      .filter((each) => each.id === set.id && each.version > set.version)
      .map((each) => each.validFrom)
      .sort()[0]
    return set.validFrom <= to && (next === undefined || next > from)
  })
  return used.map(({ name, version, validFrom }) => `${name} v${version} (${validFrom})`)
}

interface Reading {
  readonly asked: Asked
  readonly rules: CompanyRules
  readonly who: Omit<Parameters<typeof listMembers>[1], 'limit'>
  readonly today: string
}

async function* readPeople(means: Means, reading: Reading): AsyncGenerator<ExportPerson[]> {
  const { from } = datesOfMonth(reading.asked.month)
  let after: string | undefined
  for (;;) {
    const members = await listMembers(means.db, { ...reading.who, after, limit: BATCH }, from)
    if (members.length > 0) yield await peopleOf(means, reading, members)
    const last = members.at(-1)
    if (!last || members.length < BATCH) return
    after = cursorOf(last)
  }
}

async function peopleOf(
  means: Means,
  { asked, rules, today }: Reading,
  members: readonly Member[],
) {
  const { from, to } = datesOfMonth(asked.month)
  const { orgId } = asked
  const rows = await rowsOf(means, rules, { orgId, members, from, to, today })
  const personIds = members.map(({ id }) => id)
  const kept = new Map<string, ExportPerson['days']>()
  for (const day of await listExportDays(means.db, { orgId, personIds, from, to }))
    kept.set(day.personId, [...(kept.get(day.personId) ?? []), day])
  const positions = new Map((await listPositions(means.db, orgId, personIds)).map(({ id, position }) => [id, position])) // prettier-ignore
  return rows.map((row): ExportPerson => ({
    ...{ id: row.personId, name: row.name, department: row.department },
    position: positions.get(row.personId) ?? null,
    ...{ totals: row.totals, cells: row.cells, days: kept.get(row.personId) ?? [] },
  }))
}
