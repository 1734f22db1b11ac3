import type { WecomGroup, WecomTimes } from '../../contract/wecomCheckin.ts'
import { restInfosOf, restWithin } from './clauses.ts'
import { note, type Note, type NoteCode } from './notes.ts'
import { isCut } from './shifts.ts'

/** What of a rule an admin should look at after the import. */
export function notesOf(
  group: WecomGroup,
  personOf: (userId: string) => string | undefined,
): Note[] {
  const told = CASES.filter(([, holds]) => holds(group)).map(([code]) => note(code))
  const named = [...(group.range?.userid ?? []), ...group.white_users]
  const strangers = named.filter((id) => !personOf(id))
  const values = { count: strangers.length, ids: strangers.slice(0, 5).join(', ') }
  return strangers.length > 0 ? [...told, note('unknown_member', values)] : told
}

const hoursOf = (group: WecomGroup): WecomTimes[][] => [
  ...group.checkindate.map(({ checkintime }) => checkintime),
  ...group.schedulelist.map(({ time_section }) => time_section),
]

const CASES: readonly (readonly [NoteCode, (group: WecomGroup) => boolean])[] = [
  [
    'no_times',
    ({ grouptype, checkindate }) =>
      grouptype === 1 && !checkindate.some(({ checkintime }) => checkintime.length > 0),
  ],
  ['seconds_dropped', (group) => hoursOf(group).flat().some(isUneven)],
  [
    'flex_sections',
    ({ schedulelist, checkindate }) =>
      schedulelist.some((each) => isCut(each, each.time_section)) ||
      checkindate.some((each) => isCut(each, each.checkintime)),
  ],
  ['out_range', ({ option_out_range }) => option_out_range === 2],
  [
    'overtime_rest',
    ({ ot_info }) =>
      Object.values(restInfosOf(ot_info)).some((each) => each && each.type > 0 && !restWithin(each)), // prettier-ignore
  ],
]

const isUneven = ({ work_sec, off_work_sec }: WecomTimes) =>
  work_sec % 60 !== 0 || off_work_sec % 60 !== 0
