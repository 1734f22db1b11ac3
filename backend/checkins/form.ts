import type { Form } from '../contract/checkins.ts'
import { formFaults, formFor, openQuestions } from '../contract/forms.ts'
import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import type { Given } from './content.ts'
import type { Site } from './place.ts'
import { findForm, listForms } from './settings.ts'

interface Filled {
  given: Given
  site: Site | null
  canAsk: boolean // somebody is there to be asked for more
}

/**
 * Holds a check-in against the form of its place. Whoever is there to be asked answers every required
 * question of the version he saw; what was captured without a network is taken as it is, and a form
 * that changed meanwhile costs nobody his check-in.
 * @returns the required questions of today's form that stay open
 * @throws Fault bad_input naming the question
 */
export async function questionsLeft(
  db: Db,
  orgId: string,
  { given, site, canAsk }: Filled,
): Promise<string[]> {
  const { tags = [], tier = null } = site ?? {}
  const wanted = formFor(await listForms(db, orgId), { kind: given.kind, tags, tier })
  const seen = given.form ? await findForm(db, orgId, given.form.id) : null
  if (canAsk) refuseUnfilled(given, seen, wanted)
  return wanted ? openQuestions(wanted, given.form?.answers ?? {}, given.photoIds) : []
}

function refuseUnfilled({ form, photoIds }: Given, seen: Form | null, wanted: Form | null): void {
  if (form && !seen) throw badInput('form.id', 'there is no such form')
  if (wanted && isInstead(seen, wanted))
    throw badInput('form.id', `the form of this place is “${wanted.name}”`)
  const asked = seen ?? wanted
  if (!asked) return
  const [fault] = formFaults(asked, form?.answers ?? {}, photoIds)
  if (fault) throw badInput(fault.field, `“${fault.label}” ${fault.rule}`)
}

/** Whether another form was filled in than the one that asks something here. */
const isInstead = (seen: Form | null, wanted: Form) =>
  seen !== null && seen.key !== wanted.key && openQuestions(wanted, {}, []).length > 0

const badInput = (field: string, rule: string) =>
  new Fault('bad_input', `body.${field}: ${rule}`, [{ field, rule }])
