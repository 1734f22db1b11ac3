import type { Db } from '../../core/db.ts'
import { insertDuty, upsertDepartments, upsertOrg, upsertPeople } from '../../people/index.ts'

/** A Monday, an hour after lunch in Shanghai. */
export const NOW = Date.parse('2026-11-23T06:00:00Z')
export const DATE = '2026-11-23'
export const DUTY = {
  from: Date.parse('2026-11-23T01:00:00Z'),
  to: Date.parse('2026-11-23T10:00:00Z'),
}
export const DAY_MS = 86_400_000

/** What names of the two companies begin with: found anywhere else, something came through. */
export const MARKS = { o1: '甲司密', o2: '乙司密' } as const
/** Which numbers tell where somebody was. */
export const HERE = { lng: 113.918273, lat: 22.536451 }
export const AT_HOME = { lng: 113.777713, lat: 22.611117 }

const DEPARTMENTS = [
  { id: 'root', parentId: null, name: '总部' },
  { id: 'north', parentId: 'root', name: '北区' },
  { id: 'south', parentId: 'root', name: '南区' },
]
const PEOPLE = [
  ['rep1', 'north', 'rep', []],
  ['rep2', 'north', 'rep', []],
  ['rep3', 'south', 'rep', []],
  ['leadN', 'north', 'supervisor', ['north']],
  ['leadS', 'south', 'supervisor', ['south']],
  ['boss', 'root', 'supervisor', ['root']],
  ['hr', 'root', 'hr', []],
  ['admin', 'root', 'admin', []],
] as const

/** Two companies with people of the same ids in the same departments, their reps on duty that Monday; nobody consented. */
export async function seedTwo(db: Db): Promise<void> {
  for (const [orgId, mark] of Object.entries(MARKS)) {
    await upsertOrg(db, { id: orgId, name: `${mark}公司`, zone: 'Asia/Shanghai' })
    const departments = DEPARTMENTS.map((each) => ({ ...each, name: mark + each.name }))
    await upsertDepartments(db, orgId, departments)
    const people = PEOPLE.map(([id, departmentId, role, leads]) => ({
      ...{ id, departmentId, role, position: null, leads: [...leads] },
      name: `${mark}名${id}`,
    }))
    await upsertPeople(db, orgId, people)
    const reps = people.filter(({ role }) => role === 'rep')
    const duty = reps.map(({ id }) => ({
      personId: id,
      date: DATE,
      zone: 'Asia/Shanghai',
      ...DUTY,
    }))
    await insertDuty(db, orgId, duty)
  }
}
