import { v7 as uuid } from 'uuid'
import type { z } from 'zod'
import type { CheckinSettings, Desk, FormInput, PolicyInput } from '../contract/reviews.ts'
import { Fault, found } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import type { Viewer } from '../core/http/route.ts'
import { findPerson } from '../people/index.ts'
import { departmentExists, findOpen } from './queries.ts'
import { insertSetting, listForms, listPolicies, policyIn, policyOf } from './settings.ts'
import { workplaceSites } from './sites.ts'
import { listRejudged } from './reviewQueries.ts'
import { movedBetween, thresholdsOf, type Threshold } from './thresholds.ts'

/** Everything that a person's page needs to check in, also without a network later on. */
export async function deskOf(kit: Kit, { orgId, id: personId }: Viewer): Promise<Desk> {
  const { db } = kit
  const person = found(await findPerson(db, orgId, personId), 'your account')
  const sites = await workplaceSites(db, orgId, person.departmentId)
  return {
    now: kit.clock.now(),
    policy: await policyOf(db, orgId, person.departmentId),
    forms: (await listForms(db, orgId)).filter(({ active }) => active),
    open: await findOpen(db, { orgId, personId }),
    workplaces: sites.flatMap(({ id, name, at, radius }) =>
      at ? [{ id, name, ...at, radius }] : [],
    ),
  }
}

export async function settingsOf({ db }: Kit, orgId: string): Promise<CheckinSettings> {
  const policies = await listPolicies(db, orgId)
  return {
    policies: policies.map((each) => ({ ...each, policy: policyIn(each.policy) })),
    forms: await listForms(db, orgId),
  }
}

/** Adds the policy as a new fact; the newest of a department holds. */
export async function changePolicy(
  kit: Kit,
  { orgId, id: by }: Viewer,
  { departmentId, policy }: z.output<typeof PolicyInput>,
): Promise<CheckinSettings> {
  if (departmentId !== '' && !(await departmentExists(kit.db, orgId, departmentId)))
    throw unknown('departmentId', 'there is no such department')
  const setting = { kind: 'policy', key: departmentId, value: policy } as const
  const before = await thresholdsOf(kit.db, orgId)
  await insertSetting(kit.db, { orgId, id: uuid(), ...setting, at: kit.clock.now(), by })
  await tellRejudged(kit, orgId, before)
  return settingsOf(kit, orgId)
}

const REACHES_BACK_MS = 62 * 86_400_000 // this month and the one before: older ones are closed

/** Whoever counts check-ins hears of those that another threshold lets count, or no more. */
async function tellRejudged(kit: Kit, orgId: string, before: readonly Threshold[]): Promise<void> {
  const moved = movedBetween(before, await thresholdsOf(kit.db, orgId))
  if (moved.length === 0) return
  const since = kit.clock.now() - REACHES_BACK_MS
  for (const each of await listRejudged(kit.db, orgId, { moved, since }))
    kit.facts.publish('checkinJudged', { orgId, ...each })
}

/** Adds a version of a form. @throws Fault bad_input when the form that it follows is not there */
export async function saveForm(
  kit: Kit,
  { orgId, id: by }: Viewer,
  { key, ...input }: z.output<typeof FormInput>,
): Promise<CheckinSettings> {
  const forms = await listForms(kit.db, orgId)
  if (key && !forms.some((form) => form.key === key)) throw unknown('key', 'there is no such form')
  const form = { ...input, id: uuid(), key: key ?? uuid() }
  const setting = { kind: 'form', key: form.key, value: form } as const
  await insertSetting(kit.db, { orgId, id: form.id, ...setting, at: kit.clock.now(), by })
  return settingsOf(kit, orgId)
}

const unknown = (field: string, rule: string) =>
  new Fault('bad_input', `body.${field}: ${rule}`, [{ field, rule }])
