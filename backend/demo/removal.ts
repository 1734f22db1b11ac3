import { demoCompany } from '../../fixtures/company.ts'
import type { WecomSim } from '../../fixtures/wecom-sim/index.ts'
import { DemoRemoval, type DemoLeft } from '../contract/demo.ts'
import { JobStarted } from '../contract/jobs.ts'
import type { Db } from '../core/db.ts'
import type { Feature, Kit } from '../core/kit.ts'
import { sql } from '../core/sql.ts'
import { isAdmin, route, type Viewer } from '../core/http/route.ts'
import type { Done, JobsDoor, Running } from '../jobs/index.ts'
import { demoRemovedAt, noteDemoRemoved } from '../people/index.ts'
import {
  demoCustomersIn,
  demoIn,
  dismiss,
  ofDemo,
  removeChain,
  removeRest,
  removeRowsOf,
} from './remove.ts'

const KIND = 'demo.remove'

/**
 * Takes the demo out of the database: where its admin asks for it, and where the company that went live in the same
 * database does, whose admins see no more of it. What is left is found anew each time, so killed midway it goes on, and
 * asked again it finds nothing.
 * @param endDemo resolves when nobody of the demo moves any more, in this process
 */
export function createDemoRemoval(
  kit: Kit,
  jobs: JobsDoor,
  orgId: string,
  endDemo: () => Promise<void> = async () => undefined,
): Feature {
  jobs.define(KIND, (job) => remove(kit, job, endDemo))
  // who was an admin of the demo is none of the company that went live in the same database
  const allow = (viewer: Viewer) => isAdmin(viewer) && viewer.orgId === orgId
  return {
    routes: [
      route({
        method: 'POST',
        path: '/api/v1/demo/removal',
        summary: 'Removes the demo, with progress; a word must be typed',
        input: DemoRemoval,
        reply: JobStarted,
        allow,
        run: async ({ viewer }) => ({
          jobId: await jobs.start(kit.db, { orgId, personId: viewer.id, kind: KIND, input: {} }),
        }),
      }),
    ],
  }
}

type Who = Pick<Viewer, 'orgId' | 'id'>

/** The companies that may hold something of the demo, each with who stays there. */
const placesFor = ({ orgId, id }: Who) =>
  [
    { orgId, stays: id },
    { orgId: demoCompany().org.id, stays: '' },
  ].filter((place, index, all) => all.findIndex((each) => each.orgId === place.orgId) === index)

/** What is left of the demo where an admin may take it away. */
export async function leftFor({ db }: Kit, viewer: Who): Promise<DemoLeft> {
  const left: DemoLeft = { people: 0, customers: 0, askedAt: null }
  for (const { orgId, stays } of placesFor(viewer)) {
    const part = await demoIn(db, orgId, stays)
    left.people += part.people.length
    left.customers += await demoCustomersIn(db, part)
    left.askedAt ??= await demoRemovedAt(db, orgId)
  }
  return left
}

async function remove(kit: Kit, job: Running, endDemo: () => Promise<void>): Promise<Done> {
  const { db } = kit
  const now = kit.clock.now()
  const places = placesFor({ orgId: job.orgId, id: job.personId })
  for (const { orgId } of places) await noteDemoRemoved(db, orgId, now)
  const parts = []
  for (const { orgId, stays } of places) parts.push(await demoIn(db, orgId, stays))
  for (const part of parts) await dismiss(db, part, now)
  await endDemo()
  const total = parts.reduce((sum, { people }) => sum + people.length + 1, 0)
  let done = 0
  for (const part of parts) {
    await removeChain(db, part, { personId: job.personId, now })
    for (const personId of part.people) {
      await removeRowsOf(kit, { orgId: part.orgId, personId })
      kit.facts.publish('personChanged', { orgId: part.orgId, personId })
      await job.step({ done: ++done, total })
    }
    await removeRest(db, part)
    kit.facts.publish('customersChanged', { orgId: part.orgId })
    await job.step({ done: ++done, total })
  }
  return { result: { people: parts.reduce((sum, { people }) => sum + people.length, 0) } }
}

/** The simulated WeCom forgets who of the demo is gone, or its next synchronisation would bring all of them back. */
export async function leaveAlone({ directory }: WecomSim, db: Db, orgId: string): Promise<void> {
  const here = await db.many<{ id: string }>(sql`
    select p.id from people p where p.org_id = ${orgId} and p.active and ${ofDemo()}`)
  const gone = new Set(demoCompany().people.map(({ id }) => id))
  for (const { id } of here) gone.delete(id)
  const members = directory.members.filter(({ id }) => !gone.has(id))
  const used = new Set(members.map(({ departmentId }) => departmentId))
  directory.replace(members, directory.departments.filter(({ id, parentId }) => parentId === null || used.has(id))) // prettier-ignore
}
