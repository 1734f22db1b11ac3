import { integer, listed, word } from './reading.ts'
import { textAt, type XmlElement } from '../callback/xml.ts'

/**
 * What became of a member or a department. Of a change only what changed is named; `undefined`
 * means not told. Addresses that were set up after 2022-08-15 are told `userId` and `departments`
 * alone: ask the API for the rest, and take this as the sign to do so.
 */
export type ContactChange =
  | ({ type: 'create_user' } & MemberFields)
  | ({ type: 'update_user'; newUserId: string | undefined } & MemberFields)
  | { type: 'delete_user'; userId: string }
  | ({ type: 'create_party' | 'update_party' } & DepartmentFields)
  | { type: 'delete_party'; departmentId: number }

interface MemberFields {
  userId: string
  name: string | undefined
  departments: number[] | undefined
  mainDepartment: number | undefined
  leads: number[] | undefined // departments in which the member is a leader
  directLeaders: string[] | undefined // userids
  position: string | undefined
  status: number | undefined // 1 active, 2 disabled, 4 not yet activated, 5 left
}

interface DepartmentFields {
  departmentId: number
  name: string | undefined
  parentId: number | undefined
  sort: number | undefined // higher comes first
}

/** The changes that count here; those of tags do not. */
export const CONTACT_CHANGES = [
  'create_user',
  'update_user',
  'delete_user',
  'create_party',
  'update_party',
  'delete_party',
] as const

/** @returns null when it does not name its member or department. */
export function contactChange(root: XmlElement, type: ContactChange['type']): ContactChange | null {
  if (type === 'create_party' || type === 'update_party' || type === 'delete_party')
    return departmentChange(root, type)
  const userId = word(textAt(root, 'UserID'), 64)
  if (userId === null) return null
  if (type === 'delete_user') return { type, userId }
  const fields = memberFields(root, userId)
  if (type === 'create_user') return { type, ...fields }
  return { type, newUserId: word(textAt(root, 'NewUserID'), 64) ?? undefined, ...fields }
}

function departmentChange(
  root: XmlElement,
  type: 'create_party' | 'update_party' | 'delete_party',
): ContactChange | null {
  const departmentId = integer(textAt(root, 'Id'))
  if (departmentId === null) return null
  if (type === 'delete_party') return { type, departmentId }
  return {
    type,
    departmentId,
    name: word(textAt(root, 'Name')) ?? undefined,
    parentId: integer(textAt(root, 'ParentId')) ?? undefined,
    sort: integer(textAt(root, 'Order')) ?? undefined,
  }
}

function memberFields(root: XmlElement, userId: string): MemberFields {
  const departments = numbers(textAt(root, 'Department'))
  const flags = listed(textAt(root, 'IsLeaderInDept')) // parallel to the departments
  const leaders = textAt(root, 'DirectLeader')
  return {
    userId,
    name: word(textAt(root, 'Name')) ?? undefined,
    departments,
    mainDepartment: integer(textAt(root, 'MainDepartment')) ?? undefined,
    leads: flags.length > 0 ? departments?.filter((_, at) => flags[at] === '1') : undefined,
    directLeaders: leaders === null ? undefined : listed(leaders),
    position: word(textAt(root, 'Position')) ?? undefined,
    status: integer(textAt(root, 'Status')) ?? undefined,
  }
}

const numbers = (text: string | null): number[] | undefined =>
  text === null
    ? undefined
    : listed(text).flatMap((piece) => {
        const value = integer(piece)
        return value === null ? [] : [value]
      })
