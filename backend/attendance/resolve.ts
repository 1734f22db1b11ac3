import type { DayFacts } from '../contract/months.ts'
import type { NamedShift, RuleGroup, Rules, RuleSet } from '../contract/ruleSets.ts'
import { weekdayOf, type CalendarBook } from './calendars/index.ts'
import { DEFAULT_RULE_SET, DEFAULT_SET } from './defaults.ts'

/** What decides which rules somebody is under. */
export interface Member {
  readonly id: string
  readonly departmentId: string
  readonly tags: readonly {
    readonly tag: string
    readonly from: string | null
    readonly to: string | null
  }[]
}

/** All of a company's rules. */
export interface RuleBook {
  readonly sets: readonly RuleSet[] // every version
  readonly groups: readonly RuleGroup[]
  readonly parents: ReadonlyMap<string, string | null> // of departments
}

/**
 * The version of the rule set somebody is under on a date. The nearest group wins: person, tag, the innermost
 * department, company; of equally near ones the later in the list. Without any it is the default set.
 */
export function ruleSetOn(book: RuleBook, member: Member, date: string): RuleSet {
  const holds = book.groups.filter((group) => holdsOn(group, date))
  const tags = member.tags.filter((each) => holdsOn(each, date)).map(({ tag }) => tag)
  for (const group of nearest(holds, book.parents, { ...member, tags })) {
    const version = versionOn(book.sets, group.ruleSetId, date)
    if (version) return version
  }
  return versionOn(book.sets, DEFAULT_SET, date) ?? DEFAULT_RULE_SET
}

const holdsOn = ({ from, to }: { from: string | null; to: string | null }, date: string) => (from === null || from <= date) && (to === null || to >= date) // prettier-ignore

function nearest(
  groups: readonly RuleGroup[],
  parents: RuleBook['parents'],
  { id, departmentId, tags }: Omit<Member, 'tags'> & { tags: readonly string[] },
): RuleGroup[] {
  const of = (kind: RuleGroup['kind'], refs: readonly string[]) =>
    refs.flatMap((ref) => groups.filter((each) => each.kind === kind && each.ref === ref).reverse())
  const own = groups.filter(({ kind }) => kind === 'org').reverse()
  const tagged = groups.filter(({ kind, ref }) => kind === 'tag' && tags.includes(ref)).reverse()
  return [...of('person', [id]), ...tagged, ...of('department', upward(departmentId, parents)), ...own] // prettier-ignore
}

/** A department, the one above it and so on; a circle in the tree ends it. */
export function upward(departmentId: string, parents: RuleBook['parents']): string[] {
  const line: string[] = []
  for (let id: string | null = departmentId; id !== null && !line.includes(id); id = parents.get(id) ?? null) line.push(id) // prettier-ignore
  return line
}

function versionOn(sets: readonly RuleSet[], id: string, date: string): RuleSet | null {
  let best: RuleSet | null = null
  for (const set of sets) {
    if (set.id !== id || set.validFrom > date) continue
    if (!best || set.validFrom > best.validFrom || (set.validFrom === best.validFrom && set.version > best.version)) best = set // prettier-ignore
  }
  return best
}

/** What a date asks of somebody: the roster's word, then the rule set's own dates, then rotation or week with the calendar. */
export function factsOn(
  date: string,
  set: RuleSet,
  calendar: CalendarBook,
  roster: string | null | undefined, // shift of the date; null rests; undefined: the rules say
): DayFacts {
  const day = calendar.dayOf(date)
  const { shiftId, from } = shiftOn(date, set.rules, day, roster)
  const shift = set.rules.shifts.find(({ id }) => id === shiftId) ?? null
  const idle = day.type === 'workday' ? 'restday' : day.type
  return {
    dayType: shift ? 'workday' : idle,
    dayName: day.name,
    makeUp: day.makeUp && shift !== null,
    ruleSet: { id: set.id, name: set.name, version: set.version, validFrom: set.validFrom },
    shift,
    shiftFrom: from,
  }
}

type Chosen = { shiftId: string | null; from: DayFacts['shiftFrom'] }

function shiftOn(
  date: string,
  rules: Rules,
  day: ReturnType<CalendarBook['dayOf']>,
  roster: string | null | undefined,
): Chosen {
  if (roster !== undefined && isKnown(rules.shifts, roster)) return { shiftId: roster, from: 'roster' } // prettier-ignore
  const special = rules.specials.findLast((each) => each.date === date)
  if (special) return { shiftId: special.shiftId, from: 'special' }
  const dayOff = day.from !== 'weekday' && day.type !== 'workday'
  if (rules.cycle && date >= rules.cycle.from) return cycleOn(date, rules.cycle, day, dayOff && rules.restOnHolidays) // prettier-ignore
  if (dayOff) return { shiftId: null, from: 'none' }
  return { shiftId: weekShift(rules.week, date, day.from !== 'weekday'), from: 'week' }
}

const cycleOn = (
  date: string,
  cycle: NonNullable<Rules['cycle']>,
  day: ReturnType<CalendarBook['dayOf']>,
  rests: boolean,
): Chosen => {
  const called = cycle.makeUp && day.from !== 'weekday' && day.type === 'workday'
  return { shiftId: rests ? null : turnOf(cycle, date, called), from: 'cycle' }
}

/** A shift that left the rules is nobody's: then the rules say. */
const isKnown = (shifts: readonly NamedShift[], roster: string | null) =>
  roster === null || shifts.some(({ id }) => id === roster)

/** On a day that is made a workday a weekday's rest gives way to the first shift of the week. */
const weekShift = (week: Rules['week'], date: string, called: boolean) =>
  week[weekdayOf(date)] ?? (called ? (week.find((each) => each !== null) ?? null) : null)

/** The turn of a rotation that a date is; on a day that is called to work its rest gives way, too. */
function turnOf(
  { from, shifts }: NonNullable<Rules['cycle']>,
  date: string,
  called: boolean,
): string | null {
  const days = Math.round((Date.parse(date) - Date.parse(from)) / 86_400_000)
  return shifts[days % shifts.length] ?? (called ? (shifts.find((each) => each !== null) ?? null) : null) // prettier-ignore
}
