import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { directoryOf } from '../../backend/people/directory/directory.ts'
import { diffOf } from '../../backend/people/directory/diff.ts'
import { applyDiff, loadStored, lockContacts } from '../../backend/people/directory/store.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'
import { anyDirectory, synced } from './contactsDirectories.ts'

let borrowed: Borrowed
beforeAll(async () => {
  borrowed = await borrowDatabase()
})
afterAll(() => borrowed.close())

let orgs = 0

test('any sequence of directories leaves in the database what it leaves in thought', async () => {
  const { db } = borrowed
  const states = fc.array(anyDirectory, { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(states, async (sequence) => {
      const orgId = `o${orgs++}`
      let thought: Awaited<ReturnType<typeof loadStored>> = { departments: [], people: [] }
      for (const [departments, members] of sequence) {
        const directory = directoryOf(departments, members)
        await db.transact(async (tx) => {
          await lockContacts(tx, orgId)
          const before = await loadStored(tx, orgId)
          await applyDiff(tx, orgId, { diff: diffOf(before, directory), before }, 1_000)
        })
        thought = synced(thought, directory)
        const stored = await loadStored(db, orgId)
        expect(sorted(stored.people)).toEqual(sorted(thought.people))
        expect(sorted(stored.departments)).toEqual(sorted(thought.departments))
        expect(diffOf(stored, directory).changes).toEqual([])
      }
    }),
    { numRuns: 25 },
  )
})

const sorted = <T extends { id: string }>(rows: readonly T[]) =>
  [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))
