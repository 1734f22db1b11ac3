import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate, pendingMigrations } from '../../backend/core/migrate.ts'
import { sql } from '../../backend/core/sql.ts'
import { borrowDatabase, type Borrowed } from '../support/database.ts'

let borrowed: Borrowed
beforeAll(async () => {
  borrowed = await borrowDatabase()
})
afterAll(() => borrowed.close())

test('a migrated database waits for nothing, and migrating again does no harm', async () => {
  expect(await pendingMigrations(borrowed.db)).toEqual([])
  await migrate(borrowed.db)
  expect(await pendingMigrations(borrowed.db)).toEqual([])
})

test('a program refuses a database that is newer than itself', async () => {
  const { db } = borrowed
  await db.run(
    sql`insert into schema_migrations (name, run_on) values ('9999_from_the_future', now())`,
  )
  await expect(migrate(db)).rejects.toThrow('newer than this program, it has 9999_from_the_future')
  await db.run(sql`delete from schema_migrations where name = '9999_from_the_future'`)
  await migrate(db)
})
