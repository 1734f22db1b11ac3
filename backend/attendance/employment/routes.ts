import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import {
  Employee,
  Employees,
  EmploymentInput,
  EmploymentOutcome,
} from '../../contract/employment.ts'
import { PersonId } from '../../contract/terms.ts'
import { found } from '../../core/errors.ts'
import { route, Upload, type Route } from '../../core/http/route.ts'
import type { Kit } from '../../core/kit.ts'
import { subtreeOf } from '../../people/index.ts'
import { isHr } from '../policy.ts'
import { readTable, TABLE_TYPES } from '../../core/sheets/readTable.ts'
import { listEmployees } from './queries.ts'
import { changeEmployments } from './save.ts'
import { employmentsOf } from './table.ts'

const LISTED = 100
const EVERYBODY = 100_000
const MOST_BYTES = 5_000_000
const MOST_ERRORS = 500

/** Who is employed from when to when: outside of it nothing is due. @param changed after dates were kept */
export const employmentRoutes = (kit: Kit, changed: (orgId: string) => void): Route[] => [
  listRoute(kit),
  saveRoute(kit, changed),
  importRoute(kit, changed),
]

const listRoute = (kit: Kit) =>
  route({
    method: 'GET',
    path: '/api/v1/attendance/employments',
    summary: 'When everybody is employed, by account',
    query: z.object({
      department: z.string().max(64).optional(),
      q: z.string().max(60).optional(),
      after: z.string().max(64).optional(),
    }),
    reply: Employees,
    allow: isHr,
    run: async ({ viewer: { orgId }, query: { department, q, after } }) => {
      const below = department ? await subtreeOf(kit.db, orgId, [department]) : undefined
      const people = await listEmployees(kit.db, { orgId, below, q, after, limit: LISTED })
      return { people, next: people.length === LISTED ? (people.at(-1)?.personId ?? null) : null }
    },
  })

const saveRoute = (kit: Kit, changed: (orgId: string) => void) =>
  route({
    method: 'PUT',
    path: '/api/v1/attendance/employments/:id',
    summary: 'When one person is employed; his days are computed anew, those of locked months stay',
    params: z.object({ id: PersonId }),
    input: EmploymentInput,
    reply: Employee,
    allow: isHr,
    run: async ({ viewer: { orgId, id: by }, params, input: { id, periods } }) => {
      const asked = { orgId, personIds: [params.id], limit: 1 }
      found((await listEmployees(kit.db, asked))[0], 'this person')
      await changeEmployments(kit, { orgId, by }, [{ id, personId: params.id, periods }])
      changed(orgId)
      return found((await listEmployees(kit.db, asked))[0], 'this person')
    },
  })

const importRoute = (kit: Kit, changed: (orgId: string) => void) =>
  route({
    method: 'POST',
    path: '/api/v1/attendance/employments/import',
    summary: 'Take days of joining and leaving from an XLSX or CSV file, or only say what that would do', // prettier-ignore
    query: z.object({ dryRun: z.enum(['0', '1']).optional(), name: z.string().max(200).optional() }), // prettier-ignore
    input: Upload,
    bytes: { types: TABLE_TYPES, most: MOST_BYTES },
    reply: EmploymentOutcome,
    allow: isHr,
    run: async ({ viewer: { orgId, id: by }, query, input }) => {
      const people = await listEmployees(kit.db, { orgId, limit: EVERYBODY })
      const { changes, errors } = employmentsOf(await readTable(input.content), people)
      const outcome = { people: changes.length, errors: errors.slice(0, MOST_ERRORS) }
      if (errors.length > 0 || query.dryRun === '1') return { ...outcome, saved: false }
      await changeEmployments(kit, { orgId, by }, changes.map((each) => ({ ...each, id: uuid() }))) // prettier-ignore
      changed(orgId)
      return { ...outcome, saved: true }
    },
  })
