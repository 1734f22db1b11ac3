import type { ContactChange } from '../../contract/contacts.ts'
import type { Role } from '../../contract/terms.ts'
import { departmentChanges, personChanges } from './changes.ts'
import { keyOf, type Directory, type DirectoryMember } from './directory.ts'

/** A department as we keep it. */
export interface StoredDepartment {
  id: string
  parentId: string | null
  name: string
  sort: number
  active: boolean // still in the directory
}

/** A person as far as the directory has a say. */
export interface StoredPerson {
  id: string
  userId: string | null // null: never seen in the directory
  name: string
  position: string | null
  departmentId: string
  /** Further departments, and '@' with the id of each direct leader; sorted. */
  circles: string[]
  leads: string[]
  role: Role
  active: boolean
}

export interface Stored {
  departments: readonly StoredDepartment[]
  people: readonly StoredPerson[]
}

/** What has to be written so that the company is as its directory says, and the same in words. */
export interface Diff {
  departments: StoredDepartment[] // new and changed, by id
  people: StoredPerson[] // new and changed, by id
  changes: ContactChange[] // by kind and id
  unplaced: number // members in no department that we may see: not taken in
}

export const circleOf = (leaderId: string) => `@${leaderId}`

/** The directory as we know it: compared with it, nothing is changed. */
export function knownDirectory(stored: Stored): Directory {
  const keys = new Map(stored.people.map((each) => [circleOf(each.id), keyOf(each.userId ?? '')]))
  const members = stored.people.flatMap((each): [string, DirectoryMember][] => {
    if (each.userId === null) return []
    const { userId, name, position, leads, active } = each
    const others = each.circles.filter((circle) => !keys.has(circle))
    const directLeaders = each.circles.flatMap((circle) => keys.get(circle) ?? []).sort()
    const departments = [each.departmentId, ...others]
    const member = { userId, name, departments, directLeaders, active }
    return [[keyOf(userId), { ...member, position: position ?? '', leads: [...leads] }]]
  })
  const departments = stored.departments.filter((each) => each.active)
  return {
    departments: new Map(departments.map((each) => [each.id, { ...each }])),
    members: new Map(members),
  }
}

/**
 * Compares what the directory says with what is stored. Whoever is gone from it is deactivated,
 * never removed; what may not be seen (a name, a position) stays as it is; HR and admins keep their
 * role, others are supervisors as long as they lead something or somebody. People whom the
 * directory never knew are left alone.
 */
export function diffOf(stored: Stored, directory: Directory): Diff {
  const allDepartments = departmentsAfter(stored.departments, directory)
  const { rows, unplaced } = peopleAfter(stored, directory)
  const names = {
    departments: new Map(allDepartments.map((each) => [each.id, each.name])),
    people: new Map(rows.map((each) => [each.id, each.name])),
  }
  const old = {
    departments: new Map(stored.departments.map((each) => [each.id, each])),
    people: new Map(stored.people.map((each) => [each.id, each])),
  }
  const departments = allDepartments.filter((each) => differs(old.departments.get(each.id), each))
  const people = rows.filter((each) => differs(old.people.get(each.id), each))
  const changes = [
    ...departments.flatMap((each) => departmentChanges(old.departments.get(each.id), each, names)),
    ...people.flatMap((each) => personChanges(old.people.get(each.id), each, names)),
  ]
  return { departments, people, changes, unplaced }
}

const differs = (before: object | undefined, after: object) =>
  before === undefined ||
  Object.entries(after).some(([field, value]) => !isSame(value, Reflect.get(before, field)))

/** Texts and numbers are compared as they are: of 20,000 people their JSON would be much waste. */
const isSame = (one: unknown, other: unknown) =>
  one === other ||
  (Array.isArray(one) && Array.isArray(other) && JSON.stringify(one) === JSON.stringify(other))

function departmentsAfter(
  stored: readonly StoredDepartment[],
  directory: Directory,
): StoredDepartment[] {
  const known = new Map(stored.map((each) => [each.id, each]))
  const gone = stored
    .filter((each) => !directory.departments.has(each.id))
    .map((each) => ({ ...each, active: false }))
  const there = [...directory.departments.values()].map((each) => ({
    id: each.id,
    parentId: each.parentId,
    name: each.name ?? known.get(each.id)?.name ?? each.id,
    sort: each.sort,
    active: true,
  }))
  return [...gone, ...there].sort(byId)
}

interface Placing {
  ids: ReadonlyMap<string, string> // of people, by key
  leads: (key: string) => boolean // whether such a member can lead somebody
  top: string | undefined // department for those of whom none may be seen
}

function peopleAfter(stored: Stored, directory: Directory) {
  const { members } = directory
  const known = new Map(stored.people.map((each) => [keyOf(each.userId ?? each.id), each]))
  const placing: Placing = {
    ids: idsOf(stored.people, known, directory),
    leads: (key) => members.get(key)?.active ?? false,
    top: topOf(directory),
  }
  const rows: StoredPerson[] = []
  let unplaced = 0
  for (const each of stored.people)
    if (!members.has(keyOf(each.userId ?? each.id)))
      rows.push(each.userId === null ? each : without(each))
  for (const [key, member] of members) {
    const before = known.get(key)
    const row = member.active ? personAfter(member, before, placing) : goneAfter(member, before)
    if (row) rows.push(row)
    else if (member.active) unplaced++
  }
  const followed = new Set(rows.flatMap((each) => each.circles))
  return { rows: rows.map((row) => roled(row, followed)).sort(byId), unplaced }
}

const without = (person: StoredPerson): StoredPerson => ({
  ...person,
  active: false,
  leads: [],
  circles: [],
})

/** A member who is disabled or has left, as he was; one whom we never knew is not taken in. */
const goneAfter = ({ userId }: DirectoryMember, before: StoredPerson | undefined) =>
  before ? { ...without(before), userId } : null

function personAfter(
  member: DirectoryMember,
  before: StoredPerson | undefined,
  { ids, leads, top }: Placing,
): StoredPerson | null {
  const main = member.departments[0] ?? top ?? before?.departmentId
  const id = ids.get(keyOf(member.userId))
  if (main === undefined || id === undefined) return null
  const leaders = member.directLeaders.filter(leads).map((key) => circleOf(ids.get(key) ?? key))
  return {
    id,
    userId: member.userId,
    name: nameAfter(member, before),
    position: positionAfter(member, before),
    departmentId: main,
    circles: [...member.departments.slice(1), ...leaders].sort(),
    leads: member.leads,
    role: before?.role ?? 'rep',
    active: true,
  }
}

const nameAfter = (member: DirectoryMember, before: StoredPerson | undefined) =>
  member.name ?? before?.name ?? member.userId

const positionAfter = ({ position }: DirectoryMember, before: StoredPerson | undefined) =>
  position === null ? (before?.position ?? null) : position || null

/** Leadership makes a supervisor and its end a rep; other roles are given here, not there. */
function roled(person: StoredPerson, followed: ReadonlySet<string>): StoredPerson {
  if (person.role === 'hr' || person.role === 'admin' || !person.active || person.userId === null)
    return person
  const leads = person.leads.length > 0 || followed.has(circleOf(person.id))
  const role = leads ? 'supervisor' : 'rep'
  return role === person.role ? person : { ...person, role }
}

/**
 * The person's id of each member. A new one's is his userid, unless somebody else had that before
 * his own was changed.
 */
function idsOf(
  stored: readonly StoredPerson[],
  known: ReadonlyMap<string, StoredPerson>,
  directory: Directory,
): Map<string, string> {
  const taken = new Set(stored.map((each) => keyOf(each.id)))
  const ids = new Map([...known].map(([key, person]) => [key, person.id]))
  const added = [...directory.members]
    .filter(([key, member]) => member.active && !known.has(key))
    .map(([key]) => key)
    .sort()
  const free = new Set(added.filter((key) => !taken.has(key)))
  for (const key of free) taken.add(key)
  for (const key of added) {
    const userId = directory.members.get(key)?.userId ?? key
    const id = free.has(key) ? userId : freeId(userId, taken)
    taken.add(keyOf(id))
    ids.set(key, id)
  }
  return ids
}

function freeId(userId: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number++) {
    const id = `${userId.slice(0, 56)}.${number}`
    if (!taken.has(keyOf(id))) return id
  }
}

/** The top of the tree; of a tree without one (a loop), its lowest number. */
const topOf = (directory: Directory) =>
  [...directory.departments.values()].sort(
    (a, b) =>
      Number(a.parentId !== null) - Number(b.parentId !== null) || Number(a.id) - Number(b.id),
  )[0]?.id

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : Number(a.id > b.id))
