import { afterAll, beforeAll, expect, it } from 'vitest'
import { appoint } from '../../backend/people/index.ts'
import { sql } from '../../backend/core/sql.ts'
import { openCompany, ORG, type Company } from './company.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany(() => [])
})
afterAll(() => company.close())

const roleOf = async (id: string) =>
  (
    await company.db.first<{ role: string }>(sql`
      select p.role from people p where p.org_id = ${ORG} and p.id = ${id}`)
  )?.role

it('makes somebody admin and takes it back while another one is left', async () => {
  const appointed = await appoint(company.db, { orgId: ORG, personId: 'rep2', role: 'admin' })
  expect(appointed.id).toBe('rep2')
  expect(await roleOf('rep2')).toBe('admin')
  await appoint(company.db, { orgId: ORG, personId: 'rep2', role: 'rep' })
  expect(await roleOf('rep2')).toBe('rep')
})

it('names whom it does not know', async () => {
  const asked = appoint(company.db, { orgId: ORG, personId: 'nobody', role: 'hr' })
  await expect(asked).rejects.toMatchObject({ code: 'not_found' })
  const elsewhere = appoint(company.db, { orgId: 'another', personId: 'rep2', role: 'admin' })
  await expect(elsewhere).rejects.toMatchObject({ code: 'not_found' })
  expect(await roleOf('rep2')).toBe('rep')
})

it('never leaves a company without an admin', async () => {
  const admins = await company.db.many<{ id: string }>(sql`
    select p.id from people p where p.org_id = ${ORG} and p.role = 'admin' and p.active order by p.id`)
  const [last, ...others] = admins.map(({ id }) => id)
  for (const id of others) await appoint(company.db, { orgId: ORG, personId: id, role: 'rep' })
  const asked = appoint(company.db, { orgId: ORG, personId: last ?? '', role: 'hr' })
  await expect(asked).rejects.toMatchObject({ code: 'conflict' })
  expect(await roleOf(last ?? '')).toBe('admin')
})
