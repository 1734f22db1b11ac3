import { PersonId } from '../../contract/terms.ts'

/** A department as WeCom gives it. */
export interface SourceDepartment {
  id: number
  parentId: number // 0 above the root
  name: string // empty when it may not be seen
  sort: number // higher comes first
  leaders: readonly string[] // userids
}

/** A member as WeCom gives him; what may not be seen is null. */
export interface SourceMember {
  userId: string
  name: string | null
  position: string | null
  departments: readonly number[]
  mainDepartment: number | null
  leads: readonly number[] // departments in which he is marked as a leader
  directLeaders: readonly string[] // userids
  active: boolean
}

/** A department of a directory; `name` null when it may not be seen. */
export interface DirectoryDepartment {
  id: string
  parentId: string | null // null at the top, and under a parent that is not in the directory
  name: string | null
  sort: number // lower comes first
}

export interface DirectoryMember {
  userId: string
  name: string | null
  position: string | null // '' when there is none
  departments: string[] // the main one first, the others in order
  leads: string[]
  directLeaders: string[] // keys of members
  active: boolean
}

/** What the company's directory says at one time. Members by `keyOf` their userid. */
export interface Directory {
  departments: ReadonlyMap<string, DirectoryDepartment>
  members: ReadonlyMap<string, DirectoryMember>
}

/** WeCom's userids are unique without regard to case. */
export const keyOf = (userId: string) => userId.toLowerCase()

const TOP_ORDER = 2 ** 32 // WeCom's `order` is below, and the highest comes first

/**
 * Puts what was read department by department into one directory. The order of the answers means
 * nothing: members who are told twice are the same, and of two versions of one (he was changed
 * between two calls) always the same one is taken.
 */
export function directoryOf(
  departments: readonly SourceDepartment[],
  members: readonly SourceMember[],
): Directory {
  const known = departmentsOf(departments)
  const found = new Map<string, DirectoryMember>()
  for (const each of members) {
    if (!PersonId.safeParse(each.userId).success) continue // WeCom has no such userids
    const member = memberOf(each, known)
    const before = found.get(keyOf(each.userId))
    if (!before || textOf(member) > textOf(before)) found.set(keyOf(each.userId), member)
  }
  return led({ departments: known, members: found }, departments)
}

/**
 * The directory with some parts read anew: the whole tree, some members, some who are gone. Others
 * stay as they were.
 */
export function patchedDirectory(
  directory: Directory,
  patch: {
    departments: readonly SourceDepartment[]
    members: readonly SourceMember[]
    gone: readonly string[]
  },
): Directory {
  const departments = departmentsOf(patch.departments)
  const members = new Map<string, DirectoryMember>()
  const visible = (ids: readonly string[]) => ids.filter((id) => departments.has(id))
  for (const [key, member] of directory.members)
    members.set(key, {
      ...member,
      departments: visible(member.departments),
      leads: visible(member.leads),
    })
  const read = directoryOf(patch.departments, patch.members)
  for (const userId of patch.gone) members.delete(keyOf(userId))
  for (const [key, member] of read.members) members.set(key, member)
  return led({ departments, members }, patch.departments)
}

/** Adds those whom a department names as its leaders. */
function led(
  directory: { departments: Directory['departments']; members: Map<string, DirectoryMember> },
  departments: readonly SourceDepartment[],
): Directory {
  for (const { id, leaders } of departments)
    for (const leader of leaders) addLead(directory.members.get(keyOf(leader)), String(id))
  for (const member of directory.members.values()) member.leads.sort()
  return directory
}

function departmentsOf(departments: readonly SourceDepartment[]) {
  const known = new Map(departments.map((each) => [String(each.id), departmentOf(each)]))
  for (const each of known.values())
    if (each.parentId !== null && !known.has(each.parentId)) each.parentId = null
  return known
}

const departmentOf = (each: SourceDepartment): DirectoryDepartment => ({
  id: String(each.id),
  parentId: each.parentId === 0 || each.parentId === each.id ? null : String(each.parentId),
  name: cleaned(each.name) || null,
  sort: TOP_ORDER - each.sort,
})

function memberOf(
  each: SourceMember,
  known: ReadonlyMap<string, DirectoryDepartment>,
): DirectoryMember {
  const visible = (ids: readonly number[]) =>
    [...new Set(ids.map(String))].filter((id) => known.has(id)).sort()
  const departments = visible(each.departments)
  const main = String(each.mainDepartment ?? each.departments[0])
  const first = departments.includes(main) ? main : departments[0]
  const name = cleaned(each.name ?? '')
  return {
    userId: each.userId,
    // some apps are given the userid in place of the name
    name: name === '' || keyOf(name) === keyOf(each.userId) ? null : name,
    position: each.position === null ? null : cleaned(each.position),
    departments: first === undefined ? [] : [first, ...departments.filter((id) => id !== first)],
    leads: visible(each.leads),
    directLeaders: [...new Set(each.directLeaders.map(keyOf))]
      .filter((leader) => leader !== keyOf(each.userId))
      .sort(),
    active: each.active,
  }
}

const textOf = (member: DirectoryMember) => JSON.stringify(Object.entries(member).sort())

function addLead(member: DirectoryMember | undefined, departmentId: string) {
  if (member && !member.leads.includes(departmentId)) member.leads.push(departmentId)
}

/** A column can not hold the character 0, nor a page a name without end. */
const cleaned = (text: string) => text.replaceAll('\0', '').trim().slice(0, 200)
