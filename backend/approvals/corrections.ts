import type { Db } from '../core/db.ts'
import { Fault } from '../core/errors.ts'
import type { Examined } from './prepare.ts'
import { listCorrections } from './queries.ts'
import type { CorrectionLimits, RequestRules } from './rules.ts'
import { dateAfter, datesBetween, localOn } from './spans.ts'

/** Throws Fault `bad_input`, `in_future`, `overlaps`, `over_quota`. */
export async function refuseCorrection(
  tx: Db,
  rules: RequestRules,
  { who, asking, today }: Examined,
): Promise<void> {
  const { details } = asking
  if (details.kind !== 'correction') return
  const { date, due, at } = details
  if (date > today.slice(0, 10)) throw new Fault('in_future', 'date: this day has not come')
  if (at > today) throw new Fault('in_future', 'at: lies in the future')
  if (at < localOn(date, -720) || at > localOn(date, 2880))
    throw new Fault('bad_input', 'at: too far from the work date')
  await refuseStrangeDue(tx, rules, { ...who, date, due })
  const limits = await rules.correctionLimits(tx, { ...who, date, due })
  if (limits.shut) throw new Fault('bad_input', 'due: the rules allow no correction of this kind')
  refuseTooLate(limits, date, today.slice(0, 10))
  const known = await listCorrections(tx, who, monthOf(date))
  const other = known.find(
    (each) => each.date === date && each.due === due && each.state === 'pending',
  )
  if (other)
    throw new Fault('overlaps', `due: correction ${other.id} waits for this punch`, { ...other })
  if (limits.perMonth !== null && known.length >= limits.perMonth)
    throw new Fault('over_quota', `date: ${limits.perMonth} corrections a month`, { perMonth: limits.perMonth }) // prettier-ignore
}

/** First and last date of a date's month. */
export function monthOf(date: string): { from: string; to: string } {
  const from = `${date.slice(0, 7)}-01`
  const last = datesBetween(from, dateAfter(from, 30)).filter((each) =>
    each.startsWith(date.slice(0, 7)),
  )
  return { from, to: last[last.length - 1] ?? from }
}

async function refuseStrangeDue(
  tx: Db,
  rules: RequestRules,
  { orgId, personId, date, due }: { orgId: string; personId: string; date: string; due: string },
) {
  const [work] = await rules.workOf(tx, { orgId, personId, from: date, to: date })
  const sections = work?.sections.length ?? 0
  if (Number(due.replace(/\D+/, '')) > sections)
    throw new Fault('bad_input', 'due: no such punch is due on this date')
}

function refuseTooLate(
  { windowDays, deadlineDay, openUntil = null }: CorrectionLimits,
  date: string,
  today: string,
) {
  if (openUntil !== null && today <= openUntil) return
  if (windowDays !== null && dateAfter(date, windowDays) < today)
    throw new Fault('bad_input', `date: corrections are for the last ${windowDays} days`)
  if (deadlineDay === null) return
  const next = dateAfter(monthOf(date).to, 1).slice(0, 7)
  if (today > `${next}-${String(deadlineDay).padStart(2, '0')}`)
    throw new Fault(
      'bad_input',
      `date: corrections of this month ended on day ${deadlineDay} of the next`,
    )
}
