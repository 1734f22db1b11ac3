/** A punch that is expected, as far as reminders care. Times are epoch ms. */
export interface ExpectedPunch {
  readonly personId: string
  readonly date: string // the work date
  readonly due: string // in1, out1 …
  readonly at: number
  readonly clock: string // as the person reads it: 09:00
  readonly shift: string
  readonly remindInMin: number | null // before an in; null: none
  readonly remindOutMin: number | null // after an out; null: none
  readonly result: 'normal' | 'late' | 'serious_late' | 'early' | 'missing' | 'absent' | 'excused' | 'pending' // prettier-ignore
  readonly punched: boolean
  readonly remindMissing: boolean // the rules want it told
}

export interface Reminder {
  readonly personId: string
  readonly kind: 'before' | 'after' | 'missing'
  readonly date: string
  readonly due: string
  readonly clock: string
  readonly shift: string
}

const MINUTE = 60_000
const LATE_MS = 30 * MINUTE // an "after" reminder that could not go out by then helps nobody any more

/**
 * What people are to be told at `now`. Of one due each kind comes up again until it is told: the key it is told
 * under makes it once. A punch that is there, or excused, is never asked for.
 */
export const remindersAt = (expected: readonly ExpectedPunch[], now: number): Reminder[] =>
  expected.flatMap((punch) => {
    const kind = kindAt(punch, now)
    if (kind === null) return []
    const { personId, date, due, clock, shift } = punch
    return [{ personId, kind, date, due, clock, shift }]
  })

function kindAt(punch: ExpectedPunch, now: number): Reminder['kind'] | null {
  if (punch.punched) return null
  if (punch.result === 'missing' || punch.result === 'absent')
    return punch.remindMissing ? 'missing' : null
  if (punch.result !== 'pending') return null
  return punch.due.startsWith('in') ? beforeIn(punch, now) : afterOut(punch, now)
}

const beforeIn = ({ at, remindInMin }: ExpectedPunch, now: number) =>
  remindInMin !== null && now >= at - remindInMin * MINUTE && now < at ? 'before' : null

function afterOut({ at, remindOutMin }: ExpectedPunch, now: number) {
  if (remindOutMin === null) return null
  const from = at + remindOutMin * MINUTE
  return now >= from && now < from + LATE_MS ? 'after' : null
}

/** What makes a reminder be told once. */
export const keyOf = ({ kind, date, due }: Pick<Reminder, 'kind' | 'date' | 'due'>) =>
  `punch:${kind}:${date}:${due}`
