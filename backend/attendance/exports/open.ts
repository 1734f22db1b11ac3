import { datesOfMonth } from '../../contract/closing.ts'
import { found } from '../../core/errors.ts'
import { datesFrom } from '../clock.ts'
import type { Means } from '../days/keep.ts'
import { countMembers, cursorOf, listMembers, type Member } from '../days/members.ts'
import { keptDays, monthRows, todayIn } from '../days/month.ts'
import { loadLeaveKinds } from '../../approvals/index.ts'
import { subtreeOf } from '../../people/index.ts'
import { ruleSetOn } from '../resolve.ts'
import { loadCompanyRules, type CompanyRules } from '../rules/book.ts'
import { fieldWorkOf, NO_FIELD_WORK } from './outings.ts'
import { findOrg, listExportDays, listNamed, listNames } from './queries.ts'
import type { Asked, ExportDay, ExportPerson, OpenMonth } from './source.ts'

const BATCH = 10 // people whose days are held at once: few, so that little of them outlives its use
const LISTED = 500 // people listed at once: each listing orders all of them

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
    const named = department ? found(await listNamed(means.db, orgId, department), `department ${department}`) : null // prettier-ignore
    const { zone } = await findOrg(means.db, orgId)
    const { leave } = await loadLeaveKinds(means.db, orgId)
    return {
      department: named?.name ?? null,
      people: await countMembers(means.db, who, { from, to }),
      rules: rulesIn(rules, from, to),
      days: datesFrom(from, to).map((date) => calendar.dayOf(date)),
      leaveKinds: leave.kinds.filter(({ active }) => active),
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

/** The database reads the next people while these are written. */
async function* readPeople(means: Means, reading: Reading): AsyncGenerator<ExportPerson[]> {
  let coming: Promise<ExportPerson[]> | null = null
  for await (const members of readMembers(means, reading)) {
    const next = peopleOf(means, reading, members)
    next.catch(() => undefined) // who stops reading does not hear of it
    if (coming) yield await coming
    coming = next
  }
  if (coming) yield await coming
}

/** Those of the month by department and id, a few at a time. */
async function* readMembers(means: Means, { asked, who }: Reading): AsyncGenerator<Member[]> {
  const dates = datesOfMonth(asked.month)
  let after: string | undefined
  for (;;) {
    const listed = await listMembers(means.db, { ...who, after, limit: LISTED }, dates)
    for (let from = 0; from < listed.length; from += BATCH) yield listed.slice(from, from + BATCH)
    const last = listed.at(-1)
    if (!last || listed.length < LISTED) return
    after = cursorOf(last)
  }
}

async function peopleOf(
  means: Means,
  { asked, rules, today }: Reading,
  members: readonly Member[],
) {
  const { orgId, month, layout } = asked
  const dates = datesOfMonth(month)
  const wanted = { orgId, members, ...dates, today }
  const kept = await keptDays(means, wanted, listExportDays(layout === 'wecom'))
  const rows = await monthRows(means.db, rules, wanted, kept)
  const personIds = members.map(({ id }) => id)
  const names = new Map((await listNames(means.db, orgId, personIds)).map(({ id, ...name }) => [id, name])) // prettier-ignore
  const days = new Map(rows.map(({ personId }) => [personId, (kept.get(personId) ?? []).filter(isEmployed)])) // prettier-ignore
  const work = layout === 'wecom' ? await fieldWorkOf(means.db, { orgId, personIds, ...dates }, days) : null // prettier-ignore
  return rows.map(({ personId: id, name, department, totals, cells }): ExportPerson => ({
    ...{ id, name, department, totals, cells },
    ...(names.get(id) ?? { userId: id, position: null }),
    days: days.get(id) ?? [],
    ...(work?.get(id) ?? NO_FIELD_WORK),
  }))
}

/** When he is not employed is no row. */
const isEmployed = ({ marks }: ExportDay) => marks !== 'x'
