import type { DayDiff, RulePreview } from '../../contract/months.ts'
import { MARKS } from '../../contract/months.ts'
import type { RuleSet, RuleSetInput } from '../../contract/ruleSets.ts'
import { Fault } from '../../core/errors.ts'
import { dateAfter } from '../clock.ts'
import { daysOf, type ComputedDay } from '../days/compute.ts'
import { gather } from '../days/gather.ts'
import { digestOf, type Means } from '../days/keep.ts'
import { todayIn } from '../days/month.ts'
import { listMembers, type Member } from '../days/members.ts'
import { ruleSetOn } from '../resolve.ts'
import { loadCompanyRules, type CompanyRules } from './book.ts'

const MOST_DAYS = 62 // looked at: two months say enough
const MOST_DIFFS = 200
const CHUNK = 100
const EVERYBODY = 20_000

/**
 * What a version of a rule set would do: every day from its first to today, at most the last 62, of everybody it
 * would be for, computed with it and without. Of one that begins in the future the last 62 days, as if it held.
 */
export async function previewOf(
  means: Means,
  orgId: string,
  setId: string,
  { id: _, ...input }: RuleSetInput,
): Promise<RulePreview> {
  const now = means.now()
  const today = todayIn('Asia/Shanghai', now)
  const earliest = dateAfter(today, -MOST_DAYS + 1)
  const from = input.validFrom > today || input.validFrom < earliest ? earliest : input.validFrom
  const rules = await loadCompanyRules(means.db, orgId)
  const version: RuleSet = { ...input, id: setId, validFrom: from, version: Number.MAX_SAFE_INTEGER, madeBy: '', madeAt: now } // prettier-ignore
  const wanted: CompanyRules = { ...rules, sets: [...rules.sets.filter((set) => set.id !== setId || set.validFrom < from), version] } // prettier-ignore
  const all = await listMembers(
    means.db,
    { orgId, departments: 'all', limit: EVERYBODY },
    { from, to: today },
  )
  const members = all.filter((member) => ruleSetOn(wanted, member, today).id === setId)
  if (members.length === 0 && all.length === 0) throw new Fault('not_found', 'nobody is there')
  const found: DayDiff[] = []
  let days = 0
  for (let begin = 0; begin < members.length; begin += CHUNK) {
    const some = members.slice(begin, begin + CHUNK)
    const { evidence } = await gather(means.db, { orgId, members: some, from, to: today }, { rulesOf: () => Promise.resolve(wanted), visits: means.visits }) // prettier-ignore
    for (const each of evidence) {
      const before = daysOf(each, rules, { from, to: today }, now)
      const after = daysOf(each, wanted, { from, to: today }, now)
      days += before.length
      found.push(...diffsOf(each.member, before, after))
    }
  }
  const diffs = found.sort(byGravity).slice(0, MOST_DIFFS)
  return { people: members.length, days, changed: found.length, diffs }
}

function diffsOf(
  member: Member,
  before: readonly ComputedDay[],
  after: readonly ComputedDay[],
): DayDiff[] {
  return before.flatMap((day, index) => {
    const other = after[index]
    if (!other || digestOf(day) === digestOf(other)) return []
    return [{ personId: member.id, name: member.name, date: day.date, before: told(day), after: told(other) }] // prettier-ignore
  })
}

const told = ({ marks, ledger, facts }: ComputedDay) => ({
  marks,
  minutes: ledger.minutes,
  shift: facts.shift?.name ?? null,
})

const gravity = ({ after }: DayDiff) => MARKS.indexOf(after.marks.charAt(0))
const byGravity = (a: DayDiff, b: DayDiff) =>
  gravity(a) - gravity(b) || (a.date < b.date ? 1 : a.date > b.date ? -1 : 0)
