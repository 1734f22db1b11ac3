import {
  NewGrant,
  type GrantOutcome,
  type LeaveKind,
  type LeaveKinds,
} from '../contract/approvalSettings.ts'
import type { TextTable } from '../core/sheets/readTable.ts'

type Wrong = GrantOutcome['errors'][number]

/** Somebody who may be given leave. */
export interface Grantee {
  readonly id: string
  readonly userId: string // what the directory calls him now
  readonly name: string
}

const TITLES = {
  account: /^(账号|帐号|工号|员工编号|userid|user id|account|employee id)$/i,
  name: /^(姓名|员工姓名|name)$/i,
  kind: /^(假期|假期类型|假种|假期名称|leave|leave kind|kind)$/i,
  days: /^(天数|余额|days|balance)$/i,
  from: /^(生效日期|生效|开始日期|from|valid from)$/i,
  to: /^(失效日期|失效|到期|结束日期|to|valid to|until)$/i,
  note: /^(理由|说明|备注|note|reason)$/i,
} as const
type Column = keyof typeof TITLES
const NEEDED = ['account', 'kind', 'days', 'from', 'to'] as const

interface Known {
  readonly people: readonly Grantee[]
  readonly leave: LeaveKinds
  /** The id of a line's grant: the same file gives the same ids, so taking it twice gives leave once. */
  readonly idOf: (line: number) => string
}

/** Turns a table into grants of leave; a row that fits nobody or says no day of the calendar is an error of its line. */
export function grantsOf({ titles, rows }: TextTable, known: Known) {
  const at = (column: Column) => titles.findIndex((title) => TITLES[column].test(title.trim()))
  const errors: Wrong[] = NEEDED.filter((column) => at(column) < 0).map((column) => ({
    ...{ line: 1, field: column, rule: `must have a column ${WORDS[column]}` },
  }))
  const grants: NewGrant[] = []
  if (errors.length > 0) return { grants, errors }
  const readRow = rowReader(known)
  for (const { line, values } of rows) {
    if (values.every((value) => value.trim() === '')) continue
    const value = (column: Column) => (values[at(column)] ?? '').trim()
    const { grant, wrong } = readRow(line, value)
    if (grant) grants.push(grant)
    errors.push(...wrong.map((each) => ({ line, ...each })))
  }
  if (grants.length === 0 && errors.length === 0) errors.push({ line: 1, field: 'rows', rule: 'must have a row' }) // prettier-ignore
  return { grants, errors }
}

const WORDS = { account: '账号', kind: '假期', days: '天数', from: '生效日期', to: '失效日期' }
const DAYS = /^-?\d{1,3}(\.\d{1,4})?$/

function rowReader({ people, leave, idOf }: Known) {
  const byAccount = new Map(people.flatMap((each) => [[each.id.toLowerCase(), each], [each.userId.toLowerCase(), each]])) // prettier-ignore
  const kinds = new Map(leave.kinds.filter(({ balance }) => balance !== 'none').flatMap(namesOf))
  return (line: number, value: (column: Column) => string) => {
    const person = byAccount.get(value('account').toLowerCase())
    const kind = kinds.get(value('kind').toLowerCase())
    const wrong = faultsOf({ person, kind, name: value('name'), days: value('days') })
    if (wrong.length > 0) return { grant: null, wrong }
    const parsed = NewGrant.safeParse({
      ...{ id: idOf(line), personId: person?.id, leaveKind: kind?.key },
      minutes: Math.round(Number(value('days')) * leave.minutesPerDay),
      ...{ from: value('from').replaceAll('/', '-'), to: value('to').replaceAll('/', '-') },
      note: value('note') || '导入',
    })
    if (parsed.success) return { grant: parsed.data, wrong: [] }
    const issues = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), rule: message })) // prettier-ignore
    return { grant: null, wrong: issues }
  }
}

const namesOf = (kind: LeaveKind) =>
  [kind.key, kind.name, kind.nameEn].map((name): [string, LeaveKind] => [name.toLowerCase(), kind])

interface Row {
  person: Grantee | undefined
  kind: LeaveKind | undefined
  name: string
  days: string
}

function faultsOf({ person, kind, name, days }: Row) {
  const checks = [
    [!person, 'account', 'must be the account of somebody who has not left'],
    [person && name !== '' && name !== person.name, 'name', 'must be the name of this account'],
    [!kind, 'kind', 'must be a kind of leave with a balance'],
    [!DAYS.test(days), 'days', 'must be a number of days'],
  ] as const
  return checks.flatMap(([broken, field, rule]) => (broken ? [{ field, rule }] : []))
}
