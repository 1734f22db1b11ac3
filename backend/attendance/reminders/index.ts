import type { Chore, Kit } from '../../core/kit.ts'
import { isQuiet } from '../../core/quiet.ts'
import { findQuietHours, listOrgs } from '../../people/index.ts'
import { dateAfter, momentOf } from '../clock.ts'
import { DEFAULT_RULE_SET } from '../defaults.ts'
import { loadCompanyRules, type CompanyRules } from '../rules/book.ts'
import { remindersAt, type ExpectedPunch } from './due.ts'
import { listOpenDays, type OpenDay } from './queries.ts'
import { messageOf } from './tell.ts'

const EVERY_MS = 60_000
const MOST_TOLD = 100_000 // keys remembered; the outbox knows them all

/**
 * Tells people what is due before it is, what they forgot, and what is missing, each once. A punch that is due
 * in the company's quiet hours is not announced: the outbox would hold the message until they are over.
 */
export function punchReminders(kit: Kit): Chore {
  const told = new Set<string>()
  return {
    name: 'remind of punches',
    everyMs: EVERY_MS,
    run: async () => {
      for (const { id } of await listOrgs(kit.db)) await remindOrg(kit, id, told)
    },
  }
}

async function remindOrg(kit: Kit, orgId: string, told: Set<string>): Promise<void> {
  const now = kit.clock.now()
  const today = new Date(now).toISOString().slice(0, 10)
  const span = { from: dateAfter(today, -1), to: dateAfter(today, 1) }
  const open = await listOpenDays(kit.db, orgId, span)
  if (open.length === 0) return
  const rules = await loadCompanyRules(kit.db, orgId)
  const quiet = await findQuietHours(kit.db, orgId)
  const expected = open.flatMap((day) => expectedOf(day, rules))
  const zones = new Map(open.map(({ personId, zone }) => [personId, zone]))
  if (told.size > MOST_TOLD) told.clear()
  for (const reminder of remindersAt(expected, now)) {
    const message = messageOf(reminder, orgId, now)
    const once = `${orgId} ${reminder.personId} ${message.key}`
    const stale =
      reminder.kind !== 'missing' && isQuiet(now, zones.get(reminder.personId) ?? 'UTC', quiet)
    if (told.has(once) || stale) continue
    await kit.notify.tell(kit.db, message)
    told.add(once)
  }
}

function expectedOf(day: OpenDay, { sets }: CompanyRules): ExpectedPunch[] {
  const set = sets.find((each) => each.id === day.ruleSetId && each.version === day.ruleVersion)
  const remindMissing = (set ?? DEFAULT_RULE_SET).rules.corrections.remind
  return day.due.map(({ due, at, result, punch }) => ({
    ...{ personId: day.personId, date: day.date, due, result, remindMissing },
    at: momentOf(at, day.zone, day.date),
    clock: clockOf(at),
    shift: day.shift ?? '',
    ...remindersOf(day, due),
    punched: punch !== null,
  }))
}

/** Of the due's section, else of the shift. */
function remindersOf({ sections, ...shift }: OpenDay, due: string) {
  const own = sections?.[Number(due.replace(/^\D+/, '')) - 1]?.remind
  return {
    remindInMin: own ? own.inMin : shift.remindInMin,
    remindOutMin: own ? own.outMin : shift.remindOutMin,
  }
}

const clockOf = (minute: number) =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
