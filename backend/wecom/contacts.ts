import { z } from 'zod'
import type { Call } from './api/caller.ts'
import { told } from './api/verdict.ts'

const Tree = z.object({
  id: z.number().int(),
  parentid: z.number().int().default(0),
  order: z.number().default(0),
})
const Department = Tree.extend({
  name: z.string().default(''), // not told to every app
  department_leader: z.array(z.string()).default([]),
})
const Departments = z.object({ department: z.array(Department) })
const ShortDepartments = z.object({ department_id: z.array(Tree) })
const OneDepartment = z.object({ department: Department })

/** Apps made after 2022-06-20 get no mobile, mail, avatar or address (path/90196); none is needed. */
const Member = z.object({
  userid: z.string().min(1),
  name: z.string().optional(),
  department: z.array(z.number().int()).default([]),
  is_leader_in_dept: z.array(z.number()).default([]), // parallel to `department`
  direct_leader: z.array(z.string()).default([]),
  main_department: z.number().int().optional(),
  position: z.string().optional(),
  status: z.number().int().default(1),
})
const Members = z.object({ userlist: z.array(Member) })
const ShortMembers = z.object({ userlist: z.array(z.object({ userid: z.string().min(1) })) })

export interface WecomDepartment {
  id: number
  parentId: number // 0 above the root
  name: string // empty when the app may not see it
  sort: number // higher comes first
  leaders: string[] // userids
}

export interface WecomMember {
  userId: string
  name: string | null // null: the app may not see it
  position: string | null
  departments: number[] // those the app may see
  mainDepartment: number | null
  leads: number[] // departments in which the member is a leader
  directLeaders: string[] // userids
  active: boolean // not disabled, and still in the company
}

const SHORT_ONLY = [48009] // this address may only have the short list
const NO_DEPARTMENT = [60003, 60011, 60123] // removed meanwhile, or out of sight
const NO_MEMBER = [40003, 60011, 60021, 60111]
const TOO_BIG = [45029]

const DEPARTED = [2, 5] // disabled, left; 4 has not opened WeCom yet, but works there

/** All departments that the app may see, in one call where that is granted. */
export async function listDepartments(call: Call): Promise<WecomDepartment[]> {
  const { department } = await call('/cgi-bin/department/list', {}, Departments).catch(
    unless(SHORT_ONLY, () => departmentsOneByOne(call)),
  )
  return department.map((each) => ({
    id: each.id,
    parentId: each.parentid,
    name: each.name,
    sort: each.order,
    leaders: each.department_leader,
  }))
}

async function departmentsOneByOne(call: Call) {
  const { department_id } = await call('/cgi-bin/department/simplelist', {}, ShortDepartments)
  const department: z.infer<typeof Department>[] = []
  for (const { id } of department_id) {
    const found = await call('/cgi-bin/department/get', { id: String(id) }, OneDepartment).catch(
      unless(NO_DEPARTMENT, () => null),
    )
    if (found) department.push(found.department)
  }
  return { department }
}

/**
 * The members of one department, without those of the departments below it: the API has no tree.
 * Nobody when the department is gone.
 */
export async function membersOf(call: Call, departmentId: number): Promise<WecomMember[]> {
  const query = { department_id: String(departmentId) }
  try {
    const { userlist } = await call('/cgi-bin/user/list', query, Members)
    return userlist.map(memberOf)
  } catch (error) {
    if (NO_DEPARTMENT.includes(errcodeOf(error))) return []
    if (!TOO_BIG.includes(errcodeOf(error))) throw error
  }
  const { userlist } = await call('/cgi-bin/user/simplelist', query, ShortMembers)
  const members: WecomMember[] = []
  for (const { userid } of userlist) {
    const member = await memberAt(call, userid)
    if (member) members.push(member)
  }
  return members
}

/** One member; null when there is none whom the app may see. */
export async function memberAt(call: Call, userId: string): Promise<WecomMember | null> {
  const found = await call('/cgi-bin/user/get', { userid: userId }, Member).catch(
    unless(NO_MEMBER, () => null),
  )
  return found && memberOf(found)
}

function memberOf(each: z.infer<typeof Member>): WecomMember {
  return {
    userId: each.userid,
    name: each.name ?? null,
    position: each.position ?? null,
    departments: each.department,
    mainDepartment: each.main_department ?? each.department[0] ?? null,
    leads: each.department.filter((_, index) => each.is_leader_in_dept[index] === 1),
    directLeaders: each.direct_leader,
    active: !DEPARTED.includes(each.status),
  }
}

/** For `catch`: what to do instead after one of these refusals; any other error goes on. */
function unless<T>(errcodes: readonly number[], instead: () => T) {
  return (error: unknown): T => {
    if (errcodes.includes(errcodeOf(error))) return instead()
    throw error
  }
}

const errcodeOf = (error: unknown) => told(error)?.errcode ?? 0
