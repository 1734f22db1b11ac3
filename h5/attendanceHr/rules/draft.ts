import { z } from 'zod'

const List = z.array(z.unknown())
const DraftShift = z.looseObject({
  id: z.string(),
  name: z.string(),
  lateAfterOvertime: List.optional(),
  asks: z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('free'), rest: List }),
    z.looseObject({
      kind: z.enum(['fixed', 'flexible']),
      sections: z.array(z.looseObject({ rest: List, remind: z.unknown().optional() })),
    }),
  ]),
})
export type DraftShift = z.infer<typeof DraftShift>

/** Rules while they are written: of the right shape, with values that may be wrong still. */
export const DraftRules = z.looseObject({
  shifts: z.array(DraftShift),
  counters: List,
  lateAfterOvertime: List,
  specials: List,
  cycle: z.unknown().optional(),
  overtime: z.unknown(),
  wecom: z.unknown().optional(),
})
export type DraftRules = z.infer<typeof DraftRules>

/** What stands at a path such as `shifts.0.asks.graceLateMin`; undefined when nothing does. */
export function valueAt(root: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
      root,
    )
}

/** The same tree with another value at a path; what is not on the way is shared. */
export function withAt(root: unknown, path: string, value: unknown): unknown {
  const [key = '', ...rest] = path.split('.')
  const next = rest.length === 0 ? value : withAt(valueAt(root, key), rest.join('.'), value)
  if (Array.isArray(root)) {
    const copy: unknown[] = [...root]
    copy[Number(key)] = next
    return copy
  }
  return { ...(typeof root === 'object' ? root : {}), [key]: next }
}

/** The same tree without an item of a list, or without a word that may be left out, named by its path. */
export function withoutItem(root: unknown, path: string): unknown {
  const cut = path.lastIndexOf('.')
  const [above, key] = [path.slice(0, cut), path.slice(cut + 1)]
  const parent = valueAt(root, above)
  if (!Array.isArray(parent)) return withAt(root, path, undefined)
  return withAt(root, above, parent.filter((_, each) => each !== Number(key))) // prettier-ignore
}

/** The same tree with one more item at the end of a list. */
export function withItem(root: unknown, path: string, item: unknown): unknown {
  const list = valueAt(root, path)
  return withAt(root, path, [...(Array.isArray(list) ? list : []), item])
}

/** What is wrong where: the first rule that each place breaks. */
export function faultsOf(schema: z.ZodType, value: unknown): Map<string, string> {
  const result = schema.safeParse(value)
  const faults = new Map<string, string>()
  for (const issue of result.error?.issues ?? []) {
    const path = issue.path.join('.')
    if (!faults.has(path)) faults.set(path, issue.message)
  }
  return faults
}
