import { z } from 'zod'
import type { Call } from './caller.ts'

const Department = z.object({
  id: z.number().int(),
  name: z.string().default(''),
  parentid: z.number().int().default(0),
  order: z.number().default(0),
  department_leader: z.array(z.string()).default([]),
})
const Departments = z.object({ department: z.array(Department) })

const Member = z.object({
  userid: z.string().min(1),
  name: z.string(),
  department: z.array(z.number().int()).default([]),
  is_leader_in_dept: z.array(z.number()).default([]), // parallel to `department`
  main_department: z.number().int().optional(),
  position: z.string().default(''),
  status: z.number().int().default(1),
})
const Members = z.object({ userlist: z.array(Member) })

export interface WecomDepartment {
  id: number
  parentId: number // 0 above the root
  name: string
  sort: number // higher comes first
  leaders: string[] // userids
}

export interface WecomMember {
  userId: string
  name: string
  position: string
  departments: number[]
  mainDepartment: number | null
  leads: number[] // departments in which the member is a leader
  active: boolean
}

export async function listDepartments(call: Call): Promise<WecomDepartment[]> {
  const { department } = await call('/cgi-bin/department/list', {}, Departments)
  return department.map((each) => ({
    id: each.id,
    parentId: each.parentid,
    name: each.name,
    sort: each.order,
    leaders: each.department_leader,
  }))
}

/** Asks department by department, one after the other: the API has no tree, and limits parallel calls. */
export async function listMembers(call: Call): Promise<WecomMember[]> {
  const found = new Map<string, WecomMember>()
  for (const department of await listDepartments(call)) {
    const query = { department_id: String(department.id) }
    const { userlist } = await call('/cgi-bin/user/list', query, Members)
    for (const each of userlist) found.set(each.userid.toLowerCase(), memberOf(each))
  }
  return [...found.values()].sort((a, b) => (a.userId < b.userId ? -1 : 1))
}

function memberOf(each: z.infer<typeof Member>): WecomMember {
  return {
    userId: each.userid,
    name: each.name,
    position: each.position,
    departments: each.department,
    mainDepartment: each.main_department ?? each.department[0] ?? null,
    leads: each.department.filter((_, index) => each.is_leader_in_dept[index] === 1),
    active: each.status === 1,
  }
}
