/** Tags of attendance: rule groups may name them, so that rules follow a kind of work across departments. */
import { z } from 'zod'
import { IsoDate, PersonId } from './terms.ts'

export const TagName = z.string().trim().min(1, 'must not be empty').max(64)

/** Somebody under a tag; both ends included, null open. */
export const TagMember = z
  .object({
    personId: PersonId,
    from: IsoDate.nullable().default(null),
    to: IsoDate.nullable().default(null),
  })
  .refine(({ from, to }) => !from || !to || to >= from, { path: ['to'], message: 'must not be before from' }) // prettier-ignore
export type TagMember = z.infer<typeof TagMember>

export const TagInput = z.object({ members: z.array(TagMember).max(5000) })
export const Tags = z.object({
  tags: z.array(
    z.object({
      tag: z.string(),
      members: z.array(
        z.object({ personId: PersonId, name: z.string(), from: IsoDate.nullable(), to: IsoDate.nullable() }), // prettier-ignore
      ),
    }),
  ),
})
export type Tags = z.infer<typeof Tags>
