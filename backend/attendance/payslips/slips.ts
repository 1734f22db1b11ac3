import type { PayslipItem, PayslipOutcome } from '../../contract/payslips.ts'
import type { TextTable } from '../../core/sheets/readTable.ts'

export interface Payee {
  id: string
  userId: string // what the directory calls him now
  name: string
}

export interface Slip {
  personId: string
  items: PayslipItem[]
}

type Fault = PayslipOutcome['errors'][number]

/** Titles of the columns that say whose row it is, in either language. */
const ACCOUNT = /^(账号|帐号|工号|员工编号|userid|user id|account|employee id)$/i
const NAME = /^(姓名|员工姓名|name)$/i
const MOST_ITEMS = 80
const MOST_VALUE = 200 // characters

/**
 * Turns a payroll file into slips. A row is somebody's by his account; his name, when the file has one, must
 * be his. Nothing is guessed: a row that fits nobody, two people or somebody twice is an error of its line.
 */
export function slipsOf(table: TextTable, payees: readonly Payee[]) {
  const account = table.titles.findIndex((title) => ACCOUNT.test(title.trim()))
  const name = table.titles.findIndex((title) => NAME.test(title.trim()))
  const head = headFaults(table, account)
  if (head.length > 0) return { slips: [], columns: [], errors: head }
  const byAccount = new Map(payees.flatMap((each) => [[each.id, each], [each.userId.toLowerCase(), each]])) // prettier-ignore
  const errors: Fault[] = []
  const slips = new Map<string, Slip>()
  for (const { line, values } of table.rows) {
    if (values.every((value) => value.trim() === '')) continue
    const payee = payeeOf(valueOf(values, account), byAccount)
    const fault = faultOf({ payee, name: name < 0 ? null : valueOf(values, name), slips })
    if (fault) errors.push({ line, ...fault })
    else if (payee) slips.set(payee.id, { personId: payee.id, items: itemsOf(table, values) })
    errors.push(...valueFaults(table, values, line))
  }
  if (slips.size === 0 && errors.length === 0) errors.push({ line: 1, field: 'rows', rule: 'must have a row' }) // prettier-ignore
  return {
    slips: [...slips.values()],
    columns: itemTitles(table).map(({ title }) => title),
    errors,
  }
}

const valueOf = (values: readonly string[], index: number) => values[index] ?? ''

const payeeOf = (account: string, byAccount: ReadonlyMap<string, Payee>) =>
  byAccount.get(account.trim()) ?? byAccount.get(account.trim().toLowerCase())

interface Row {
  payee: Payee | undefined
  name: string | null
  slips: ReadonlyMap<string, Slip>
}

function faultOf({ payee, name, slips }: Row): Omit<Fault, 'line'> | null {
  if (!payee) return { field: 'account', rule: 'must be the account of somebody here' }
  if (name !== null && name.trim() !== payee.name)
    return { field: 'name', rule: 'must be the name of this account' }
  if (slips.has(payee.id)) return { field: 'account', rule: 'must come once' }
  return null
}

function headFaults({ titles }: TextTable, account: number): Fault[] {
  if (account < 0) return [{ line: 1, field: 'account', rule: 'must have a column 账号 or userid' }]
  if (titles.length > MOST_ITEMS + 2)
    return [{ line: 1, field: 'columns', rule: `must be at most ${MOST_ITEMS}` }]
  const twice = titles.find((title, index) => title.trim() !== '' && titles.indexOf(title) < index)
  return twice ? [{ line: 1, field: twice, rule: 'must come once' }] : []
}

const itemTitles = ({ titles }: TextTable) =>
  titles
    .map((title, index) => ({ title: title.trim(), index }))
    .filter(({ title }) => title !== '' && !ACCOUNT.test(title) && !NAME.test(title))

/** What the person reads: only columns that say something of him. */
const itemsOf = (table: TextTable, values: readonly string[]): PayslipItem[] =>
  itemTitles(table)
    .map(({ title, index }) => ({ title, value: amount(values[index] ?? '') }))
    .filter(({ value }) => value !== '')

const valueFaults = (table: TextTable, values: readonly string[], line: number): Fault[] =>
  itemTitles(table)
    .filter(({ index }) => (values[index] ?? '').length > MOST_VALUE)
    .map(({ title }) => ({ line, field: title, rule: `must be at most ${MOST_VALUE} characters` }))

/** Money as it was meant: a spreadsheet keeps 1234.1 + 0.2 as 1234.3000000000002. */
export function amount(text: string): string {
  const value = text.trim()
  if (!/^-?\d{1,15}(\.\d+)?$/.test(value)) return value
  const [, decimals = ''] = value.split('.')
  return decimals.length > 4 ? String(Math.round(Number(value) * 10_000) / 10_000) : value
}
