import fc from 'fast-check'
import { diffOf, type Diff, type Stored } from '../../backend/people/directory/diff.ts'
import type {
  Directory,
  SourceDepartment,
  SourceMember,
} from '../../backend/people/directory/directory.ts'

const USERIDS = ['anna', 'Bo', 'chen.1', 'dora', 'EMIL', 'fan', 'anna.2', 'x']
const spelt = fc.constantFrom(...USERIDS, ...USERIDS.map((each) => each.toUpperCase()))
const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 })

const department = fc.record({
  parentId: fc.integer({ min: 0, max: 7 }),
  name: fc.constantFrom('东区', '西区', '公司'),
  sort: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  leaders: fc.uniqueArray(spelt, { maxLength: 2 }),
})

const member = fc.record({
  userId: spelt,
  name: fc.constantFrom('王伟', '李静', '张磊'),
  position: fc.constantFrom('', '经理'),
  departments: numbers,
  mainDepartment: fc.option(fc.integer({ min: 1, max: 6 })),
  leads: numbers,
  directLeaders: fc.uniqueArray(spelt, { maxLength: 2 }),
  active: fc.boolean(),
})

/** Small directories with everything that may go wrong in a tree: loops, lost parents, unknown leaders. */
export const anyDirectory: fc.Arbitrary<[SourceDepartment[], SourceMember[]]> = fc.tuple(
  fc
    .uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 })
    .chain((ids) => fc.tuple(...ids.map((id) => department.map((each) => ({ id, ...each }))))),
  fc.uniqueArray(member, { selector: (each) => each.userId.toLowerCase(), maxLength: 8 }),
)

/** Brings a list into another order, told by a seed. */
export const SHUFFLED = fc.nat().map(
  (seed) =>
    <T>(list: readonly T[]): T[] =>
      list
        .map((each, index) => ({ each, key: ((index + 1) * (seed % 9973) * 7919) % 10007 }))
        .sort((a, b) => a.key - b.key)
        .map(({ each }) => each),
)

/** What the database does with a difference: rows replace rows of the same id. */
export function applied(stored: Stored, diff: Diff): Stored {
  const merged = <T extends { id: string }>(old: readonly T[], rows: readonly T[]) => {
    const all = new Map(old.map((each) => [each.id, each]))
    for (const row of rows) all.set(row.id, row)
    return [...all.values()]
  }
  return {
    departments: merged(stored.departments, diff.departments),
    people: merged(stored.people, diff.people),
  }
}

export const synced = (stored: Stored, directory: Directory) =>
  applied(stored, diffOf(stored, directory))
