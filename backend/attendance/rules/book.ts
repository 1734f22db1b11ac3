import type { Db } from '../../core/db.ts'
import { bookOf, BUILT_IN, type CalendarBook, type CalendarData } from '../calendars/index.ts'
import type { RuleBook } from '../resolve.ts'
import { listCalendarYears, listExceptions, listGroups, listParents, listRuleSets } from './queries.ts' // prettier-ignore

/** All that says what a company asks of a date: rules, whom they are for, calendars. */
export interface CompanyRules extends RuleBook {
  /** @param name of a country's calendar, CN …; null: plain weeks. Unknown ones are plain weeks too. */
  calendar(name: string | null): CalendarBook
}

export async function loadCompanyRules(db: Db, orgId: string): Promise<CompanyRules> {
  const sets = await listRuleSets(db, orgId)
  const groups = await listGroups(db, orgId)
  const parents = new Map((await listParents(db, orgId)).map(({ id, parentId }) => [id, parentId]))
  const exceptions = await listExceptions(db, orgId)
  const data = calendarsOf(await listCalendarYears(db, orgId))
  const books = new Map<string | null, CalendarBook>()
  return {
    ...{ sets, groups, parents },
    calendar(name) {
      const known = books.get(name)
      if (known) return known
      const book = bookOf(data.find((each) => each.name === name) ?? null, exceptions)
      books.set(name, book)
      return book
    },
  }
}

/** Ours, and what was imported; an imported year stands before ours. */
function calendarsOf(imported: Awaited<ReturnType<typeof listCalendarYears>>): CalendarData[] {
  const names = new Set([...BUILT_IN.map(({ name }) => name), ...imported.map((each) => each.calendar)]) // prettier-ignore
  return [...names].map((name) => {
    const own = BUILT_IN.find((each) => each.name === name)
    const more = imported.filter((each) => each.calendar === name)
    return {
      name,
      source: [own?.source, ...more.map((each) => each.source)].filter(Boolean).join('; '),
      years: [...(own?.years ?? []), ...more.map(({ data }) => data)],
    }
  })
}
