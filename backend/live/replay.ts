import type { z } from 'zod'
import { listAlertsOn } from '../alerts/index.ts'
import { MOST_PLAYED, type Replay, type ReplayQuery } from '../contract/replay.ts'
import { Fault } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import type { Viewer } from '../core/http/route.ts'
import { loadPeople } from '../people/index.ts'
import { recordLook } from '../privacy/index.ts'
import { playedDays, type DayReader } from '../tracks/index.ts'

/**
 * The days of people by the clock, for those who may see them; each look is on record before anything is shown.
 * @throws Fault bad_input when there are more people than can be played at once
 */
export async function replayOf(
  { db, clock }: Pick<Kit, 'db' | 'clock'>,
  days: DayReader,
  viewer: Viewer,
  { date, departmentId, personId }: z.output<typeof ReplayQuery>,
): Promise<Replay> {
  const now = clock.now()
  const people = await loadPeople(db, viewer, now, { departmentId, personId })
  if (people.length > MOST_PLAYED) throw tooMany(people.length)
  const personIds = people.map(({ id }) => id)
  const played = await playedDays(db, days, { orgId: viewer.orgId, personIds, date })
  for (const day of played)
    await recordLook(db, { orgId: viewer.orgId, personId: day.personId, viewerId: viewer.id, what: 'replay', date, at: now }) // prettier-ignore
  const known = new Map(people.map((person) => [person.id, person]))
  const tracks = played.flatMap((day) => {
    const person = known.get(day.personId)
    if (!person) return []
    const { name, department } = person
    return [{ ...day, name, department, departmentId: person.departmentId }]
  })
  const edges = tracks.flatMap(({ pieces }) => pieces.flatMap(({ from, to }) => [from, to]))
  const midnight = Date.parse(date)
  return {
    ...{ date, tracks },
    from: edges.length === 0 ? midnight : Math.min(...edges),
    to: edges.length === 0 ? midnight : Math.max(...edges),
    alerts: await listAlertsOn(db, viewer.orgId, { personIds, date }),
  }
}

function tooMany(n: number): Fault {
  const rule = `${n} people are too many: choose a department of at most ${MOST_PLAYED}`
  return new Fault('bad_input', `query.departmentId: ${rule}`, [{ field: 'departmentId', rule }])
}
