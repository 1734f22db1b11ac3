import {
  ChangeKind,
  SHOWN_CHANGES,
  type ContactChange,
  type ContactSummary,
  type HoldReason,
} from '../../contract/contacts.ts'
import type { StoredDepartment, StoredPerson } from './diff.ts'

/** Names by id, of all there are after the change. */
export interface Names {
  departments: ReadonlyMap<string, string>
  people: ReadonlyMap<string, string>
}

type Said = readonly [kind: ContactChange['kind'], from: string[], to: string[]]

/** What happens to one department, in words. */
export function departmentChanges(
  before: StoredDepartment | undefined,
  after: StoredDepartment,
  names: Names,
): ContactChange[] {
  const parent = (id: string | null) => (id === null ? [] : [names.departments.get(id) ?? id])
  const said: Said[] = []
  if (before === undefined) said.push(['department_new', [], parent(after.parentId)])
  else if (before.active && !after.active)
    said.push(['department_gone', parent(before.parentId), []])
  else {
    if (!before.active && after.active) said.push(['department_back', [], parent(after.parentId)])
    if (before.name !== after.name) said.push(['department_renamed', [before.name], [after.name]])
    if (before.parentId !== after.parentId)
      said.push(['department_moved', parent(before.parentId), parent(after.parentId)])
    if (before.sort !== after.sort) said.push(['department_sorted', [], []])
  }
  return said.map(([kind, from, to]) => ({ kind, id: after.id, name: after.name, from, to }))
}

/** What happens to one person, in words. */
export function personChanges(
  before: StoredPerson | undefined,
  after: StoredPerson,
  names: Names,
): ContactChange[] {
  return saidOf(before, after, names).map(([kind, from, to]) => ({
    kind,
    id: after.id,
    name: after.name,
    from,
    to,
  }))
}

function saidOf(before: StoredPerson | undefined, after: StoredPerson, names: Names): Said[] {
  const home = (person: StoredPerson) => [
    names.departments.get(person.departmentId) ?? person.departmentId,
  ]
  if (before === undefined) return after.active ? [['person_new', [], home(after)]] : []
  if (!after.active) return before.active ? [['person_left', home(before), []]] : []
  const back: Said[] = before.active ? [] : [['person_back', [], home(after)]]
  const moved: Said[] =
    before.departmentId === after.departmentId ? [] : [['person_moved', home(before), home(after)]]
  return [...back, ...called(before, after), ...moved, ...placed(before, after, names)]
}

function called(before: StoredPerson, after: StoredPerson): Said[] {
  const said: Said[] = []
  const [was, is] = [before.userId, after.userId]
  if (was === null && is !== null) said.push(['person_linked', [], [is]])
  else if (was !== null && is !== null && was !== is) said.push(['person_userid', [was], [is]])
  if (before.name !== after.name) said.push(['person_renamed', [before.name], [after.name]])
  return said
}

function placed(before: StoredPerson, after: StoredPerson, names: Names): Said[] {
  const [was, is] = [partsOf(before, names), partsOf(after, names)]
  return (['position', 'departments', 'leads', 'leaders', 'role'] as const)
    .filter((part) => was[part].join('\n') !== is[part].join('\n'))
    .map((part) => [`person_${part}`, was[part], is[part]])
}

function partsOf(person: StoredPerson, { departments, people }: Names) {
  const others = person.circles.filter((circle) => !circle.startsWith('@'))
  const leaders = person.circles.filter((circle) => circle.startsWith('@'))
  return {
    position: person.position === null ? [] : [person.position],
    departments: others.map((id) => departments.get(id) ?? id),
    leads: person.leads.map((id) => departments.get(id) ?? id),
    leaders: leaders.map((circle) => people.get(circle.slice(1)) ?? circle.slice(1)),
    role: [person.role],
  }
}

const MANY = 0.1 // of those who were active

/**
 * Counts and lists a difference, losses first, and says why an admin has to look before it is
 * applied: more than a tenth of the people would leave, or a department would vanish with people
 * who were in it.
 */
export function summaryOf(
  changes: readonly ContactChange[],
  before: { departments: readonly StoredDepartment[]; people: readonly StoredPerson[] },
): ContactSummary {
  const order = new Map(ChangeKind.options.map((kind, index) => [kind, index]))
  const sorted = [...changes].sort(
    (a, b) =>
      (order.get(a.kind) ?? 0) - (order.get(b.kind) ?? 0) ||
      (a.id < b.id ? -1 : Number(a.id > b.id)),
  )
  const counts: ContactSummary['counts'] = {}
  for (const { kind } of sorted) counts[kind] = (counts[kind] ?? 0) + 1
  const active = before.people.filter((each) => each.active)
  return {
    counts,
    changes: sorted.slice(0, SHOWN_CHANGES),
    more: Math.max(0, sorted.length - SHOWN_CHANGES),
    people: active.length,
    holds: holdsOf(sorted, active),
  }
}

function holdsOf(changes: readonly ContactChange[], active: readonly StoredPerson[]): HoldReason[] {
  const idsOf = (kind: ContactChange['kind']) =>
    new Set(changes.filter((each) => each.kind === kind).map((each) => each.id))
  const leaving = idsOf('person_left')
  const gone = idsOf('department_gone')
  const lost = active.some((each) => leaving.has(each.id) && gone.has(each.departmentId))
  const many = leaving.size > active.length * MANY
  return [
    ...(many ? (['many_leave'] as const) : []),
    ...(lost ? (['department_lost'] as const) : []),
  ]
}
