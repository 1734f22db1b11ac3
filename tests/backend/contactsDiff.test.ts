import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { summaryOf } from '../../backend/people/directory/changes.ts'
import {
  directoryOf,
  keyOf,
  type SourceDepartment,
  type SourceMember,
} from '../../backend/people/directory/directory.ts'
import {
  diffOf,
  knownDirectory,
  type Diff,
  type Stored,
  type StoredPerson,
} from '../../backend/people/directory/diff.ts'
import { anyDirectory, applied, SHUFFLED, synced } from './contactsDirectories.ts'

const department = (id: number, parentId: number, name: string, leaders: string[] = []) =>
  ({ id, parentId, name, sort: 100 - id, leaders }) satisfies SourceDepartment

const member = (userId: string, departments: number[], more: Partial<SourceMember> = {}) =>
  ({
    userId,
    name: `名 ${userId}`,
    position: '客户经理',
    departments,
    mainDepartment: departments[0] ?? null,
    leads: [],
    directLeaders: [],
    active: true,
    ...more,
  }) satisfies SourceMember

const DEPARTMENTS = [
  department(1, 0, '公司'),
  department(2, 1, '东区', ['lead']),
  department(3, 1, '西区'),
]
const MEMBERS = [
  member('lead', [2]),
  member('Zhang.San', [2], { directLeaders: ['lead'] }),
  member('lisi', [2, 3], { mainDepartment: 3 }),
  member('boss', [1], { leads: [1] }),
]
const EMPTY: Stored = { departments: [], people: [] }

const company = () => synced(EMPTY, directoryOf(DEPARTMENTS, MEMBERS))
const person = (stored: Stored, id: string) => {
  const found = stored.people.find((each) => each.id === id)
  if (!found) throw new Error(`${id} is not there`)
  return found
}
/** The differences that a new list of members, or a new tree, makes to the company. */
const against = (
  members: SourceMember[],
  departments: SourceDepartment[] = DEPARTMENTS,
  stored = company(),
) => diffOf(stored, directoryOf(departments, members))
const kinds = (diff: Diff) => diff.changes.map((each) => `${each.kind} ${each.id}`).sort()
const changed = (userId: string, more: Partial<SourceMember>) =>
  MEMBERS.map((each) => (each.userId === userId ? { ...each, ...more } : each))

describe('the first sync', () => {
  test('takes in departments and members, with leaders, direct leaders and several departments', () => {
    const stored = company()
    expect(stored.departments.map((each) => [each.id, each.parentId])).toEqual([
      ['1', null],
      ['2', '1'],
      ['3', '1'],
    ])
    expect(person(stored, 'lead')).toMatchObject({ leads: ['2'], role: 'supervisor' })
    expect(person(stored, 'boss')).toMatchObject({ leads: ['1'], role: 'supervisor' })
    expect(person(stored, 'Zhang.San')).toMatchObject({ circles: ['@lead'], role: 'rep' })
    expect(person(stored, 'lisi')).toMatchObject({ departmentId: '3', circles: ['2'] })
  })

  test('does not take in those who are disabled or gone already', () => {
    const diff = against([...MEMBERS, member('old', [2], { active: false })])
    expect(diff.people).toEqual([])
    expect(diff.unplaced).toBe(0)
  })

  test('counts members who are in no department that we may see', () => {
    expect(diffOf(EMPTY, directoryOf([], [member('a', [9])])).unplaced).toBe(1)
    const placed = diffOf(EMPTY, directoryOf(DEPARTMENTS, [member('a', [9])]))
    expect(placed.people[0]?.departmentId).toBe('1')
  })
})

describe('what changes', () => {
  test.each<[string, Partial<SourceMember>, string[]]>([
    ['a new name', { name: '李四' }, ['person_renamed lisi']],
    ['a new title', { position: '经理' }, ['person_position lisi']],
    [
      'another main department',
      { mainDepartment: 2 },
      ['person_departments lisi', 'person_moved lisi'],
    ],
    ['one department less', { departments: [3] }, ['person_departments lisi']],
    ['a direct leader', { directLeaders: ['BOSS'] }, ['person_leaders lisi']],
    ['a department to lead', { leads: [3] }, ['person_leads lisi', 'person_role lisi']],
    ['another spelling of the userid', { userId: 'LiSi' }, ['person_userid lisi']],
    ['disabled', { active: false }, ['person_left lisi']],
    ['nothing', {}, []],
  ])('%s', (_, more, said) => {
    expect(kinds(against(changed('lisi', more)))).toEqual(said)
  })

  test('names and titles that may not be seen stay as they are, and a userid is no name', () => {
    expect(kinds(against(changed('lisi', { name: null, position: null })))).toEqual([])
    expect(kinds(against(changed('lisi', { name: '  ' })))).toEqual([])
    expect(kinds(against(changed('lisi', { name: 'LISI' })))).toEqual([])
    expect(against(changed('lisi', { position: '' })).people[0]?.position).toBeNull()
  })

  test('who is gone is deactivated and keeps name, department and role; back again he is as before', () => {
    const left = against(MEMBERS.filter((each) => each.userId !== 'lead'))
    expect(kinds(left)).toContain('person_left lead')
    const without = applied(company(), left)
    expect(person(without, 'lead')).toMatchObject({ active: false, departmentId: '2', leads: [] })
    expect(person(without, 'Zhang.San').circles).toEqual([])
    const back = diffOf(without, directoryOf(DEPARTMENTS, MEMBERS))
    expect(kinds(back)).toContain('person_back lead')
    expect([...applied(without, back).people].sort(byId)).toEqual([...company().people].sort(byId))
  })

  test('HR and admins keep their role whatever they lead; others follow leadership', () => {
    const stored = company()
    const people = stored.people.map((each): StoredPerson =>
      each.id === 'boss' ? { ...each, role: 'admin' } : { ...each },
    )
    const diff = against(
      changed('boss', { leads: [] }).map((each) => ({ ...each, directLeaders: ['lisi'] })),
      [department(1, 0, '公司'), department(2, 1, '东区'), department(3, 1, '西区')],
      { ...stored, people },
    )
    const roles = diff.people.map((each) => [each.id, each.role])
    expect(roles).toContainEqual(['boss', 'admin'])
    expect(roles).toContainEqual(['lead', 'rep'])
    expect(roles).toContainEqual(['lisi', 'supervisor'])
  })

  test('people whom the directory never knew are left alone, until it knows them', () => {
    const own: StoredPerson = {
      id: 'Contractor1',
      userId: null,
      name: '外包',
      position: null,
      departmentId: '2',
      circles: [],
      leads: [],
      role: 'rep',
      active: true,
    }
    const stored = { ...company(), people: [...company().people, own] }
    expect(kinds(against(MEMBERS, DEPARTMENTS, stored))).toEqual([])
    const found = against([...MEMBERS, member('contractor1', [2])], DEPARTMENTS, stored)
    expect(kinds(found)).toContain('person_linked Contractor1')
  })

  test('a department is made, renamed, moved, sorted, lost and found again', () => {
    const tree = [
      department(1, 0, '公司'),
      { ...department(2, 3, '东部'), sort: 7 },
      department(3, 1, '西区'),
      department(4, 1, '新区'),
    ]
    expect(kinds(against(MEMBERS, tree)).filter((each) => each.startsWith('department'))).toEqual([
      'department_moved 2',
      'department_new 4',
      'department_renamed 2',
      'department_sorted 2',
    ])
    const lost = against(MEMBERS, DEPARTMENTS.slice(0, 2))
    expect(kinds(lost)).toContain('department_gone 3')
    const after = applied(company(), lost)
    expect(person(after, 'lisi').departmentId).toBe('2')
    expect(kinds(diffOf(after, directoryOf(DEPARTMENTS, MEMBERS)))).toContain('department_back 3')
  })

  test('a userid that somebody had before him makes another id', () => {
    const stored = company()
    const renamed = stored.people.map((each) =>
      each.id === 'lisi' ? { ...each, userId: 'li.si' } : each,
    )
    const members = [...changed('lisi', { userId: 'li.si' }), member('LiSi', [2])]
    const diff = against(members, DEPARTMENTS, { ...stored, people: renamed })
    expect(diff.people.map((each) => [each.id, each.userId])).toEqual([['LiSi.2', 'LiSi']])
  })
})

describe('what an admin has to look at', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => member(`m${100 + index}`, [2]))
  const big = synced(EMPTY, directoryOf(DEPARTMENTS, [...many(20), member('solo', [3])]))
  const holds = (members: SourceMember[], departments = DEPARTMENTS) =>
    summaryOf(diffOf(big, directoryOf(departments, members)).changes, big).holds

  test('more than a tenth of the people leaves', () => {
    expect(holds([...many(18), member('solo', [3])])).toEqual([])
    expect(holds([...many(17), member('solo', [3])])).toEqual(['many_leave'])
    expect(holds([], [])).toEqual(['many_leave', 'department_lost'])
  })

  test('a department vanishes together with people of it, not when they have moved', () => {
    expect(holds(many(20), DEPARTMENTS.slice(0, 2))).toEqual(['department_lost'])
    expect(holds([...many(20), member('solo', [2])], DEPARTMENTS.slice(0, 2))).toEqual([])
  })

  test('losses are listed first, and no more than a page can show', () => {
    const all = Array.from({ length: 400 }, (_, index) => member(`n${1000 + index}`, [2]))
    const { changes } = diffOf(big, directoryOf(DEPARTMENTS.slice(0, 2), all))
    const summary = summaryOf(changes, big)
    expect(summary.changes).toHaveLength(300)
    expect(summary.more).toBe(changes.length - 300)
    expect(summary.changes.slice(0, 2).map((each) => each.kind)).toEqual([
      'department_gone',
      'person_left',
    ])
  })
})

describe('any sequence of directories', () => {
  const oneByOne = (states: readonly State[]) =>
    states.reduce((stored, state) => synced(stored, directoryOf(...state)), EMPTY)

  test('ends as the last one says, and once more changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anyDirectory, { minLength: 1, maxLength: 6 }), (states) => {
        const stored = oneByOne(states)
        const last = directoryOf(...(states.at(-1) ?? [[], []]))
        expect(seen(stored)).toEqual(seen(synced(EMPTY, last)))
        expect(diffOf(stored, last)).toMatchObject({ departments: [], people: [], changes: [] })
      }),
    )
  })

  test('does not depend on the order of departments and members', () => {
    fc.assert(
      fc.property(anyDirectory, SHUFFLED, ([departments, members], shuffle) => {
        const one = synced(EMPTY, directoryOf(departments, members))
        const two = synced(EMPTY, directoryOf(shuffle(departments), shuffle(members)))
        expect(sorted(two.people)).toEqual(sorted(one.people))
        expect(sorted(two.departments)).toEqual(sorted(one.departments))
      }),
    )
  })

  test('is what is known of it afterwards: compared with that, nothing changes', () => {
    fc.assert(
      fc.property(fc.array(anyDirectory, { minLength: 1, maxLength: 3 }), (states) => {
        const stored = oneByOne(states)
        expect(diffOf(stored, knownDirectory(stored)).changes).toEqual([])
      }),
    )
  })

  test('never loses a person, and never changes an id', () => {
    fc.assert(
      fc.property(anyDirectory, anyDirectory, (first, second) => {
        const before = synced(EMPTY, directoryOf(...first))
        const after = synced(before, directoryOf(...second))
        const ids = new Map(after.people.map((each) => [keyOf(each.userId ?? ''), each.id]))
        for (const each of before.people) expect(ids.get(keyOf(each.userId ?? ''))).toBe(each.id)
      }),
    )
  })
})

type State = [readonly SourceDepartment[], readonly SourceMember[]]
const sorted = <T extends { id: string }>(rows: readonly T[]) => [...rows].sort(byId)
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

/** Who works where and leads whom now; ids keep the first spelling of a userid, so keys stand for them. */
function seen(stored: Stored) {
  const keys = new Map(stored.people.map((each) => [`@${each.id}`, `@${keyOf(each.userId ?? '')}`]))
  return {
    departments: stored.departments.filter((each) => each.active).sort(byId),
    people: stored.people
      .filter((each) => each.active)
      .map((each) => ({
        ...each,
        id: keyOf(each.userId ?? ''),
        circles: each.circles.map((circle) => keys.get(circle) ?? circle).sort(),
      }))
      .sort(byId),
  }
}
