import { z } from 'zod'
import { TagInput, TagName, Tags, type TagMember } from '../../contract/tags.ts'
import type { Db } from '../../core/db.ts'
import { Fault } from '../../core/errors.ts'
import { route, type Route } from '../../core/http/route.ts'
import type { Kit } from '../../core/kit.ts'
import { markFrom } from '../days/changes.ts'
import { listMembers } from '../days/members.ts'
import { isHr } from '../policy.ts'
import { EVER } from '../rules/affected.ts'
import { listTagged, replaceTagged } from './queries.ts'

/** Tags that rules are given by, across departments. @param changed after people of a tag changed */
export const tagRoutes = (kit: Kit, changed: (orgId: string) => void): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/attendance/tags',
    summary: 'Every tag with the people it is for and since when',
    reply: Tags,
    allow: isHr,
    run: ({ viewer }) => tagsOf(kit.db, viewer.orgId),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/attendance/tags/:tag',
    summary: 'The people of a tag, as a whole; without any the tag is gone',
    params: z.object({ tag: TagName }),
    input: TagInput,
    reply: Tags,
    allow: isHr,
    run: async ({ viewer: { orgId }, params: { tag }, input: { members } }) => {
      await refuseStrange(kit.db, orgId, members)
      const at = kit.clock.now()
      await kit.db.transact(async (tx) => {
        const before = (await listTagged(tx, orgId)).filter((each) => each.tag === tag)
        await replaceTagged(tx, orgId, tag, members)
        await markFrom(tx, orgId, changedOf(before, members), { cause: 'rules', at })
      })
      changed(orgId)
      return tagsOf(kit.db, orgId)
    },
  }),
]

/** Whose membership differs, and from which date on. */
function changedOf(before: readonly TagMember[], after: readonly TagMember[]) {
  const keyOf = ({ personId, from, to }: TagMember) => JSON.stringify([personId, from, to])
  const [was, is] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))]
  const differing = [...before.filter((each) => !is.has(keyOf(each))), ...after.filter((each) => !was.has(keyOf(each)))] // prettier-ignore
  const first = new Map<string, string>()
  for (const { personId, from } of differing) {
    const known = first.get(personId)
    const date = from ?? EVER
    if (known === undefined || date < known) first.set(personId, date)
  }
  return [...first].map(([personId, from]) => ({ personId, from }))
}

async function refuseStrange(db: Db, orgId: string, members: readonly TagMember[]): Promise<void> {
  const personIds = members.map(({ personId }) => personId)
  const asked = { orgId, departments: 'all', personIds, limit: personIds.length } as const
  const known = new Set((await listMembers(db, asked, null)).map(({ id }) => id))
  const refuse = (index: number, rule: string) => {
    const field = `members.${index}.personId`
    throw new Fault('bad_input', `body.${field}: ${rule}`, [{ field, rule }])
  }
  personIds.forEach((id, index) => {
    if (!known.has(id)) refuse(index, 'must be somebody of the company')
    if (personIds.indexOf(id) < index) refuse(index, 'must come once')
  })
}

async function tagsOf(db: Db, orgId: string): Promise<z.infer<typeof Tags>> {
  const tags = new Map<string, Tags['tags'][number]['members']>()
  for (const { tag, ...member } of await listTagged(db, orgId)) {
    const members = tags.get(tag)
    if (members) members.push(member)
    else tags.set(tag, [member])
  }
  return { tags: [...tags].map(([tag, members]) => ({ tag, members })) }
}
