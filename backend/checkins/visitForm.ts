import type { FormAnswers } from '../contract/checkins.ts'
import { formFaults, formFor, openQuestions } from '../contract/forms.ts'
import type { VisitForm } from '../contract/visits.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { findForm, listForms } from './settings.ts'
import { customerSite } from './sites.ts'

interface About {
  orgId: string
  personId: string
  customerId: string
  checkinIds: readonly string[]
}

/**
 * The form of a visit as it is filled in: what was told of the visit since, else with its check-ins.
 * A form that asks more by now is shown with its new questions.
 * @param told on the visit's page; null: nothing
 * @returns null where no form is for this place
 */
export async function formOfVisit(
  db: Db,
  about: About,
  told: FormAnswers | null,
): Promise<VisitForm | null> {
  const said = told ?? (await findFilled(db, about))
  const version = said && (await findForm(db, about.orgId, said.id))
  const wanted = await formWanted(db, about)
  const isNewer = wanted !== null && (version === null || version.key === wanted.key)
  const form = isNewer ? wanted : version
  if (!form) return null
  const answers = said?.answers ?? {}
  return { form, answers, questions: openQuestions(form, answers, photosIn(answers)) }
}

async function formWanted(db: Db, { orgId, customerId }: About) {
  const site = await customerSite(db, orgId, customerId)
  const { tags = [], tier = null } = site ?? {}
  return formFor(await listForms(db, orgId), { kind: 'in', tags, tier })
}

const photosIn = (answers: FormAnswers['answers']) =>
  Object.values(answers).flatMap((answer) => (Array.isArray(answer) ? answer : []))

async function findFilled(db: Db, { orgId, personId, checkinIds }: About) {
  const row = await db.first<{ form: FormAnswers }>(sql`
    select c.form
    from checkins c
    where c.org_id = ${orgId}
      and c.person_id = ${personId}
      and c.id = any (${checkinIds}::uuid[])
      and c.form is not null
    order by c.at desc, c.id
    limit 1`)
  return row?.form ?? null
}

/** The first thing that is wrong with a form that is filled in for a visit; null when all is well. */
export async function faultOfForm(
  db: Db,
  { orgId, personId }: Pick<About, 'orgId' | 'personId'>,
  { id, answers }: FormAnswers,
): Promise<{ field: string; rule: string } | null> {
  const form = await findForm(db, orgId, id)
  if (!form) return { field: 'form.id', rule: 'there is no such form' }
  const own = await listOwnPhotos(db, { orgId, personId }, photosIn(answers))
  const [fault] = formFaults(form, answers, own)
  return fault ? { field: fault.field, rule: `“${fault.label}” ${fault.rule}` } : null
}

/** Which of these photos are this person's and have come. */
export async function listOwnPhotos(
  db: Db,
  { orgId, personId }: Pick<About, 'orgId' | 'personId'>,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db.many<{ id: string }>(sql`
    select p.id
    from photos p
    where p.org_id = ${orgId} and p.person_id = ${personId} and p.id = any (${ids}::uuid[])
    order by p.received_at, p.id`)
  return rows.map(({ id }) => id)
}
