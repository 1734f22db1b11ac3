import { v7 as uuid } from 'uuid'
import type { z } from 'zod'
import {
  Alert,
  AlertPath,
  AlertRules,
  Alerts,
  AlertsQuery,
  HeardInput,
  MySos,
  SosEnd,
  SosInput,
} from '../contract/alerts.ts'
import { Territories, TerritoryInput, TerritoryPath } from '../contract/territories.ts'
import { Fault } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import { route, signedIn, type Route, type Viewer } from '../core/http/route.ts'
import { beforeOf, pageEnd } from '../core/pages.ts'
import { subtreeOf } from '../people/index.ts'
import { takeOn } from './hear.ts'
import { canSeeAlerts, keepsRules } from './policy.ts'
import { lineagesOf } from './queries.ts'
import { insertRules, loadRules } from './settings.ts'
import { callForHelp, endHelp, ownCall } from './sos.ts'
import { countOpen, listAlerts } from './store.ts'
import { listTerritories, upsertTerritory } from './territories.ts'

const PAGE = 50
const SHOWN_MS = 90 * 86_400_000

export interface Means {
  kit: Kit
  again: (orgId: string) => void // all that is watched is looked at anew
}

export const alertRoutes = (means: Means): Route[] => [
  ...listRoutes(means),
  ...sosRoutes(means),
  ...ruleRoutes(means),
  ...territoryRoutes(means),
]

async function pageOf(
  { db, clock }: Kit,
  viewer: Viewer,
  { departmentId, before, ...query }: z.output<typeof AlertsQuery>,
) {
  const now = clock.now()
  const departmentIds = departmentId ? await subtreeOf(db, viewer.orgId, [departmentId]) : null
  const alerts = await listAlerts(db, viewer, {
    ...{ ...query, departmentIds, limit: PAGE },
    before: beforeOf(before, now + 1000),
    since: now - SHOWN_MS,
  })
  return {
    now,
    open: await countOpen(db, viewer, now - SHOWN_MS),
    alerts,
    next: pageEnd(alerts, PAGE, ({ raisedAt, id }) => ({ at: raisedAt, key: id })),
  }
}

const listRoutes = ({ kit }: Means): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/alerts',
    summary: 'Alerts of my people, newest first: open, taken on, or past',
    query: AlertsQuery,
    reply: Alerts,
    allow: canSeeAlerts,
    run: ({ viewer, query }) => pageOf(kit, viewer, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/people/:personId/alerts/:id/heard',
    summary: 'Take an alert on; the first one stays, everybody else sees who',
    params: AlertPath,
    input: HeardInput,
    reply: Alert,
    allow: canSeeAlerts,
    run: ({ viewer, params, input }) => takeOn(kit, viewer, params, input.note),
  }),
]

const sosRoutes = ({ kit }: Means): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/sos/me',
    summary: 'My call for help that lasts, and who has heard it',
    reply: MySos,
    allow: signedIn,
    run: ({ viewer }) => ownCall(kit, viewer.orgId, viewer.id),
  }),
  route({
    method: 'POST',
    path: '/api/v1/sos',
    summary: 'Call for help: those who lead me are told before this is answered',
    input: SosInput,
    reply: MySos,
    allow: signedIn,
    run: ({ viewer, input }) => callForHelp(kit, viewer, input),
  }),
  route({
    method: 'POST',
    path: '/api/v1/sos/end',
    summary: 'Say that my call for help is over',
    input: SosEnd,
    reply: MySos,
    allow: signedIn,
    run: ({ viewer, input }) => endHelp(kit, viewer, input),
  }),
]

const ruleRoutes = ({ kit, again }: Means): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/alerts/rules',
    summary: 'What supervisors are told of, for the company and for departments',
    reply: AlertRules,
    allow: keepsRules,
    run: async ({ viewer }) => ({ rules: [...(await loadRules(kit.db, viewer.orgId))] }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/alerts/rules',
    summary: 'Set all rules at once; people on duty are looked at anew',
    input: AlertRules,
    reply: AlertRules,
    allow: keepsRules,
    run: async ({ viewer, input }) => {
      const { orgId, id: by } = viewer
      const departments = await lineagesOf(kit.db, orgId)
      for (const [index, { departmentId }] of input.rules.entries())
        if (departmentId !== '') knownOr(departments, departmentId, `rules.${index}.departmentId`)
      await insertRules(kit.db, { orgId, id: uuid(), rules: input.rules, by, at: kit.clock.now() })
      again(orgId)
      return input
    },
  }),
]

const territoryRoutes = ({ kit, again }: Means): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/territories',
    summary: 'Where departments work',
    reply: Territories,
    allow: (viewer) => canSeeAlerts(viewer) || keepsRules(viewer),
    run: async ({ viewer }) => ({ territories: await listTerritories(kit.db, viewer.orgId) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/territories/:departmentId',
    summary: 'Set where a department works, or take it back',
    params: TerritoryPath,
    input: TerritoryInput,
    reply: Territories,
    allow: keepsRules,
    run: async ({ viewer, params, input }) => {
      const { orgId, id: by } = viewer
      knownOr(await lineagesOf(kit.db, orgId), params.departmentId, 'departmentId')
      await upsertTerritory(kit.db, { orgId, ...params, area: input.area, by, at: kit.clock.now() })
      again(orgId)
      return { territories: await listTerritories(kit.db, orgId) }
    },
  }),
]

function knownOr(departments: ReadonlyMap<string, unknown>, id: string, field: string) {
  const rule = 'there is no such department'
  if (!departments.has(id)) throw new Fault('bad_input', `${field}: ${rule}`, [{ field, rule }])
}
