import { z } from 'zod'
import { Departments, Me, People, Person } from '../contract/people.ts'
import { IsoDate, PersonId } from '../contract/terms.ts'
import { found } from '../core/errors.ts'
import type { Feature, Kit } from '../core/kit.ts'
import { route, signedIn, type Viewer } from '../core/http/route.ts'
import { loadDuty } from './duty.ts'
import { loadPeople } from './presence.ts'
import { findPerson, listDepartments } from './queries.ts'
import { createIdentify } from './sessions.ts'
import { signInRoutes, type WecomDoor } from './signIn.ts'

export { appoint, Appointment } from './appoint.ts'
export { createContacts } from './directory/index.ts'
export {
  employedOn,
  loadEmployments,
  saveEmployments,
  type EmploymentChange,
} from './employment.ts'
export {
  insertDuty,
  loadDuty,
  loadDutyOn,
  endDutyOfLeavers,
  loadRostered,
  replaceDuty,
  type DutyWindow,
} from './duty.ts'
export { loadPeople } from './presence.ts'
export {
  demoRemovedAt,
  findPerson,
  findPersonId,
  findQuietHours,
  noteDemoRemoved,
  saveQuietHours,
  saveSetupSkip,
  subtreeOf,
  userIdsOf,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
  type SeedPerson,
} from './queries.ts'
export { dateAt, ROUND_THE_CLOCK, STANDARD, windowsOf, type Shift } from './roster.ts'
export { acrossOrgs, inScope, listOrgs, type Scope } from './scope.ts'
export { listSupervisors, openSession, viewerOf } from './sessions.ts'
export type { DirectoryChange } from './directory/events.ts'

/** What `me` shows of other rooms, so that this door knows none of them. */
export interface MeParts {
  consent: (viewer: Viewer) => Promise<Me['consent']>
  map: Me['map']
  wecom: Me['wecom']
}

export function createPeople(kit: Kit, wecom: WecomDoor, parts: MeParts, orgId: string) {
  const identity = createIdentify(kit.db, kit.clock.now)
  kit.facts.onEverywhere('personChanged', ({ orgId: org, personId }) =>
    identity.forgetPerson(org, personId),
  )
  const feature: Feature = {
    routes: [
      meRoute(kit, parts),
      route({
        method: 'GET',
        path: '/api/v1/people',
        summary: 'The people in my scope with state and newest position',
        query: z.object({ departmentId: z.string().max(64).optional() }),
        reply: People,
        allow: signedIn,
        run: async ({ viewer, query }) => {
          const now = kit.clock.now()
          return { now, people: await loadPeople(kit.db, viewer, now, query) }
        },
      }),
      personRoute(kit),
      route({
        method: 'GET',
        path: '/api/v1/departments',
        summary: 'The tree of departments, those of my scope',
        reply: Departments,
        allow: signedIn,
        run: async ({ viewer }) => {
          const all = await listDepartments(kit.db, viewer.orgId)
          const mine = viewer.departments
          return {
            departments: mine === 'all' ? all : all.filter((each) => mine.includes(each.id)),
          }
        },
      }),
      ...signInRoutes(kit, wecom, orgId),
    ],
  }
  return { ...feature, identify: identity.identify }
}

function personRoute(kit: Kit) {
  return route({
    method: 'GET',
    path: '/api/v1/people/:id',
    summary: 'One person: myself or somebody in my scope',
    params: z.object({ id: PersonId }),
    reply: Person,
    allow: signedIn,
    run: async ({ viewer, params }) => {
      const self = params.id === viewer.id
      const watcher = self ? { ...viewer, departments: 'all' as const } : viewer
      const people = await loadPeople(kit.db, watcher, kit.clock.now(), { personId: params.id })
      return found(people[0], 'this person')
    },
  })
}

const DAY_MS = 86_400_000

function meRoute(kit: Kit, parts: MeParts) {
  return route({
    method: 'GET',
    path: '/api/v1/me',
    summary: 'Who is signed in, his duty windows and consent',
    reply: Me,
    allow: signedIn,
    run: async ({ viewer }) => {
      const now = kit.clock.now()
      const person = found(await findPerson(kit.db, viewer.orgId, viewer.id), 'your account')
      const span = { from: now - DAY_MS, to: now + DAY_MS }
      const duty = await loadDuty(kit.db, viewer.orgId, [viewer.id], span)
      return {
        id: viewer.id,
        name: person.name,
        role: viewer.role,
        department: person.department,
        orgName: person.orgName,
        zone: person.zone,
        consent: await parts.consent(viewer),
        duty: (duty.get(viewer.id) ?? []).map(({ date, from, to }) => ({ date, from, to })),
        now,
        map: parts.map,
        wecom: parts.wecom,
      }
    },
  })
}

/** A date of the path, as other rooms parse it too. */
export const DateParam = z.object({ id: PersonId, date: IsoDate })
