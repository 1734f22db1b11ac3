import type { RuleGroup } from '../../contract/ruleSets.ts'
import { upward, type Member, type RuleBook } from '../resolve.ts'

/** Before every date. */
export const EVER = '0001-01-01'

/**
 * Since when other rules may be somebody's than before: from the first day of what came to or went from the groups
 * that name him, or only stands elsewhere in the list.
 * @returns null when they are as they were
 */
export function affectedFrom(
  member: Member,
  parents: RuleBook['parents'],
  { before, after }: { before: readonly RuleGroup[]; after: readonly RuleGroup[] },
): string | null {
  const names = namesOf(member, parents)
  const [was, is] = [before, after].map((groups) =>
    groups.filter((group) => names(group)).map((group) => ({ from: group.from ?? EVER, key: JSON.stringify(group) })),
  ) // prettier-ignore
  if (!was || !is || String(was.map(({ key }) => key)) === String(is.map(({ key }) => key))) return null // prettier-ignore
  const keysOf = (groups: typeof was) => new Set(groups.map(({ key }) => key))
  const [gone, come] = [keysOf(was), keysOf(is)]
  const changed = [...was.filter(({ key }) => !come.has(key)), ...is.filter(({ key }) => !gone.has(key))] // prettier-ignore
  const dates = (changed.length > 0 ? changed : is).map(({ from }) => from)
  return dates.sort()[0] ?? null
}

function namesOf({ id, departmentId, tags }: Member, parents: RuleBook['parents']) {
  const departments = new Set(upward(departmentId, parents))
  const tagged = new Set(tags.map(({ tag }) => tag))
  return ({ kind, ref }: RuleGroup) => {
    if (kind === 'org') return true
    if (kind === 'person') return ref === id
    return kind === 'tag' ? tagged.has(ref) : departments.has(ref)
  }
}
