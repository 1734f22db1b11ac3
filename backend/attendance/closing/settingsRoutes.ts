import { MonthSettings, QuietHours } from '../../contract/closing.ts'
import { Fault } from '../../core/errors.ts'
import type { Kit } from '../../core/kit.ts'
import { route, type Route } from '../../core/http/route.ts'
import { findPerson, findQuietHours, saveQuietHours } from '../../people/index.ts'
import { isHr } from '../policy.ts'
import { loadSettings, saveSettings } from './queries.ts'

/** How a company closes its months, and when it lets its people sleep. */
export const settingsRoutes = (kit: Kit): Route[] => [...closingSettings(kit), ...quietHours(kit)]

const closingSettings = (kit: Kit): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/attendance/closing/settings',
    summary: 'How the company closes its months',
    reply: MonthSettings,
    allow: isHr,
    run: async ({ viewer }) => (await loadSettings(kit.db, viewer.orgId)).settings,
  }),
  route({
    method: 'PUT',
    path: '/api/v1/attendance/closing/settings',
    summary: 'Change how the company closes its months',
    input: MonthSettings,
    reply: MonthSettings,
    allow: isHr,
    run: async ({ viewer: { orgId }, input }) => {
      await checkReader(kit, orgId, input.export?.personId)
      await saveSettings(kit.db, orgId, input)
      return input
    },
  }),
]

const quietHours = (kit: Kit): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/quiet-hours',
    summary: 'When no message that can wait goes out',
    reply: QuietHours,
    allow: isHr,
    run: ({ viewer }) => findQuietHours(kit.db, viewer.orgId),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/quiet-hours',
    summary: 'Say when no message that can wait goes out',
    input: QuietHours,
    reply: QuietHours,
    allow: isHr,
    run: async ({ viewer, input }) => {
      await saveQuietHours(kit.db, viewer.orgId, input)
      return input
    },
  }),
]

const RULE = 'must be somebody of HR or an admin: the file holds everybody'

/** The monthly file holds the whole company, so only who may see that gets it. */
async function checkReader({ db }: Kit, orgId: string, personId: string | undefined) {
  if (personId === undefined) return
  const person = await findPerson(db, orgId, personId)
  if (person?.role !== 'hr' && person?.role !== 'admin')
    throw new Fault('bad_input', `export.personId: ${RULE}`, [{ field: 'export.personId', rule: RULE }]) // prettier-ignore
}
