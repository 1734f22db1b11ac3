import type { EmploymentOutcome, EmploymentPeriod } from '../../contract/employment.ts'
import { IsoDate } from '../../contract/terms.ts'
import { ACCOUNT, byAccount, columnOf, NAME } from '../columns.ts'
import type { TextTable } from '../../core/sheets/readTable.ts'

type Wrong = EmploymentOutcome['errors'][number]
interface Known {
  readonly personId: string
  readonly userId: string
  readonly name: string
  readonly periods: readonly EmploymentPeriod[]
}

const JOINED = /^(入职日期|入职|入职时间|joined|joined on|start date)$/i
const LEFT = /^(离职日期|离职|离职时间|最后工作日|left|left on|last day|end date)$/i
const WRITTEN = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/

/**
 * Dates of joining and leaving out of a table: the person's newest period is what a line says. An empty cell says
 * nothing, `-` in the column of leaving takes it back.
 */
export function employmentsOf(
  { titles, rows }: TextTable,
  people: readonly Known[],
): { changes: Change[]; errors: Wrong[] } {
  const column = columnsOf(titles)
  const lacking = lackIn(column)
  if (lacking) return { changes: [], errors: [{ line: 1, ...lacking }] }
  const known = byAccount(people, ({ personId: id, userId }) => ({ id, userId }))
  const seen = new Set<string>()
  const changes: Change[] = []
  const errors: Wrong[] = []
  for (const { line, values } of rows) {
    const cell: CellOf = (of) => (values[column[of]] ?? '').trim()
    const person = known.get(cell('account').toLowerCase())
    const read = person ? changeIn(person, cell, seen) : STRANGER
    if ('rule' in read) errors.push({ line, ...read })
    else if (keyOf(read.periods) !== keyOf(person?.periods ?? [])) changes.push(read)
  }
  return { changes, errors }
}

interface Change {
  personId: string
  periods: EmploymentPeriod[]
}
type Columns = ReturnType<typeof columnsOf>
type CellOf = (column: keyof Columns) => string

const columnsOf = (titles: readonly string[]) => ({
  account: columnOf(titles, ACCOUNT),
  name: columnOf(titles, NAME),
  joined: columnOf(titles, JOINED),
  left: columnOf(titles, LEFT),
})

function lackIn({ account, joined, left }: Columns): Omit<Wrong, 'line'> | null {
  if (account < 0) return { field: 'account', rule: 'must have a column 账号 or userid' }
  const dated = joined >= 0 || left >= 0
  return dated ? null : { field: 'joined', rule: 'must have a column 入职日期 or 离职日期' }
}

const STRANGER = { field: 'account', rule: 'must be the account of somebody of the company' }

function changeIn(
  { personId, name, periods }: Known,
  cell: CellOf,
  seen: Set<string>,
): Change | Omit<Wrong, 'line'> {
  if (!['', name].includes(cell('name'))) return { field: 'name', rule: 'must be the name of this account' } // prettier-ignore
  if (seen.has(personId)) return { field: 'account', rule: 'must come once' }
  seen.add(personId)
  const { from, to } = saidIn(cell, periods.at(-1) ?? { from: null, to: null })
  if (from === undefined) return { field: 'joined', rule: 'must be a date such as 2026-03-01' }
  if (to === undefined) return { field: 'left', rule: 'must be a date such as 2026-03-31' }
  const before = periods.slice(0, -1)
  const wrong = orderFault({ from, to }, before.at(-1)?.to ?? null)
  return wrong ?? { personId, periods: [...before, { from, to }] }
}

/** An empty cell says nothing; what is no date is undefined. */
const saidIn = (cell: CellOf, last: EmploymentPeriod) => ({
  from: cell('joined') === '' ? last.from : dateOf(cell('joined')),
  to: cell('left') === '' ? last.to : endOf(cell('left')),
})

function orderFault(
  { from, to }: EmploymentPeriod,
  end: string | null,
): Omit<Wrong, 'line'> | null {
  if (from !== null && to !== null && to < from) return { field: 'left', rule: 'must not be before the day of joining' } // prettier-ignore
  if (from === null || end === null || from > end) return null
  return { field: 'joined', rule: `must be after ${end}, the end of the employment before` }
}

/** A database gives the fields back in an order of its own, and no period is one since ever. */
const keyOf = (periods: readonly EmploymentPeriod[]) =>
  periods.map(({ from, to }) => `${from}/${to}`).join(' ') || 'null/null'

/** @returns null for an end that is taken back */
const endOf = (text: string) => (text === '-' ? null : dateOf(text))

/** @returns undefined for what is no date of the calendar */
function dateOf(text: string): string | undefined {
  const [, year = '', month = '', day = ''] = WRITTEN.exec(text.slice(0, 11).trim()) ?? []
  const parsed = IsoDate.safeParse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  return parsed.success ? parsed.data : undefined
}
