import type { EmploymentPeriod } from '../../contract/employment.ts'
import type { Kit } from '../../core/kit.ts'
import { loadEmployments, saveEmployments, type EmploymentChange } from '../../people/index.ts'
import { markFrom } from '../days/changes.ts'
import { EVER } from '../rules/affected.ts'

/** Keeps when people are employed; their days from the first differing date on wait to be computed anew. */
export async function changeEmployments(
  { db, clock }: Pick<Kit, 'db' | 'clock'>,
  { orgId, by }: { orgId: string; by: string },
  changes: readonly EmploymentChange[],
): Promise<void> {
  const at = clock.now()
  await db.transact(async (tx) => {
    const before = await loadEmployments(tx, orgId, changes.map(({ personId }) => personId)) // prettier-ignore
    await saveEmployments(tx, orgId, changes, { by, at })
    const affected = changes.map(({ personId, periods }) => ({
      personId,
      from: firstDiffering(before.get(personId) ?? [], periods),
    }))
    await markFrom(tx, orgId, affected, { cause: 'employment', at })
  })
}

const EVER_SINCE = [{ from: null, to: null }]

/** The earliest edge that only one of two has. */
export function firstDiffering(
  before: readonly EmploymentPeriod[],
  after: readonly EmploymentPeriod[],
): string {
  const edgesOf = (periods: readonly EmploymentPeriod[]) =>
    (periods.length > 0 ? periods : EVER_SINCE).flatMap(({ from, to }) => [
      `from ${from ?? EVER}`,
      `to ${to ?? '9999-12-31'}`,
    ])
  const [was, is] = [edgesOf(before), edgesOf(after)]
  const single = [...was.filter((edge) => !is.includes(edge)), ...is.filter((edge) => !was.includes(edge))] // prettier-ignore
  return single.map((edge) => edge.split(' ')[1] ?? EVER).sort()[0] ?? EVER
}
