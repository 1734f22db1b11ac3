import type { z } from 'zod'
import type { ColleaguesQuery } from '../contract/colleagues.ts'
import { found } from '../core/errors.ts'
import type { Viewer } from '../core/http/route.ts'
import type { Kit } from '../core/kit.ts'
import { dateAt, findPerson } from '../people/index.ts'
import { comingDays } from './birthdays.ts'
import { countColleagues, findBirthday, listBirthdays, listColleagues } from './colleagueQueries.ts'

const PAGE = 100

/** A page of the directory; with the first of everybody, the birthdays of the next 30 days by the viewer's calendar. */
export async function colleaguesFor(
  { db, clock }: Pick<Kit, 'db' | 'clock'>,
  { orgId, id }: Viewer,
  query: z.output<typeof ColleaguesQuery>,
) {
  const q = query.q || null
  const after = query.after ?? null
  const colleagues = await listColleagues(db, orgId, { q, after, limit: PAGE })
  const { zone } = found(await findPerson(db, orgId, id), 'your account')
  const coming = comingDays(dateAt(clock.now(), zone))
  const isFirst = q === null && after === null
  const birthdays = isFirst ? await listBirthdays(db, orgId, [...coming.keys()]) : []
  return {
    total: await countColleagues(db, orgId, q),
    colleagues,
    birthdays: birthdays
      .map((each) => ({ ...each, inDays: coming.get(each.birthday) ?? 0 }))
      .sort((a, b) => a.inDays - b.inDays),
    mine: (await findBirthday(db, orgId, id))?.birthday ?? null,
    next: colleagues.length < PAGE ? null : (colleagues.at(-1)?.id ?? null),
  }
}
