import type { RosterOutcome } from '../../contract/rosters.ts'
import type { EmploymentPeriod } from '../../contract/employment.ts'
import { employedOn } from '../../people/index.ts'
import type { RosterEntry } from '../../contract/ruleSets.ts'
import type { TextTable } from '../../core/sheets/readTable.ts'
import { ACCOUNT, byAccount, columnOf, NAME } from '../columns.ts'

export interface Rostered {
  id: string
  userId: string // what the directory calls him now
  name: string
  employed: readonly EmploymentPeriod[]
  shifts: readonly { id: string; name: string }[] // of his rules
}

type Wrong = RosterOutcome['errors'][number]

const REST = /^(休|休息|-|off|rest)$/i

/**
 * Turns a table with a column a day into roster entries. A title is a day of the month (1 to 31) or a date; a
 * cell names a shift of the person's rules, or rests; an empty one says nothing.
 */
export function entriesOf(
  { titles, rows }: TextTable,
  people: readonly Rostered[],
  dates: readonly string[],
): { entries: RosterEntry[]; errors: Wrong[] } {
  const account = columnOf(titles, ACCOUNT)
  const name = columnOf(titles, NAME)
  if (account < 0) return { entries: [], errors: [{ line: 1, field: 'account', rule: 'must have a column 账号 or userid' }] } // prettier-ignore
  const days = titles.map((title) => dateOf(title, dates))
  const known = byAccount(people, (each) => each)
  const entries: RosterEntry[] = []
  const errors: Wrong[] = []
  const seen = new Set<string>()
  for (const { line, values } of rows) {
    const person = known.get((values[account] ?? '').toLowerCase())
    const wrong = personFault(person, name < 0 ? null : (values[name] ?? ''), seen)
    if (wrong) errors.push({ line, ...wrong })
    if (wrong || !person) continue
    seen.add(person.id)
    days.forEach((date, column) => {
      const text = values[column] ?? ''
      if (date === null || text === '') return
      const cell = cellOf(person, date, text)
      if ('rule' in cell) errors.push({ line, field: date, rule: cell.rule })
      else entries.push({ personId: person.id, date, shiftId: cell.shiftId })
    })
  }
  return { entries, errors }
}

function personFault(
  person: Rostered | undefined,
  name: string | null,
  seen: ReadonlySet<string>,
): Omit<Wrong, 'line'> | null {
  if (!person) return { field: 'account', rule: 'must be the account of somebody who has not left' }
  if (name !== null && name !== person.name) return { field: 'name', rule: 'must be the name of this account' } // prettier-ignore
  return seen.has(person.id) ? { field: 'account', rule: 'must come once' } : null
}

function cellOf(person: Rostered, date: string, text: string) {
  if (!employedOn(person.employed, date)) return { rule: 'must be within the employment' }
  if (REST.test(text)) return { shiftId: null }
  const shift = person.shifts.find(({ id, name }) => name === text || id === text)
  return shift ? { shiftId: shift.id } : { rule: "must be a shift of the person's rules, or 休" }
}

/** A title as a date of the month; null when it is none. */
function dateOf(title: string, dates: readonly string[]): string | null {
  if (/^\d{1,2}$/.test(title)) return dates[Number(title) - 1] ?? null
  return dates.includes(title) ? title : null
}
