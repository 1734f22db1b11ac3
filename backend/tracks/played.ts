import { clean, thinByTime } from '../../geo/index.ts'
import { encodePath, type ReplayPiece } from '../contract/replay.ts'
import type { Segment } from '../contract/days.ts'
import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { listFixes, type DayKey } from './queries.ts'
import type { DayReader } from './readDay.ts'

const TOLERANCE_METRES = 8 // less than a marker's width on the closest map

/** A day as it is played. */
export interface PlayedDay {
  readonly personId: string
  readonly pieces: ReplayPiece[]
  readonly path: number[]
}

/**
 * The days of a date, with the moves by the clock of their fixes: what cleaning left of them, thinned so that
 * nobody is drawn more than 8 m from where he was. Who has nothing that day is left out.
 */
export async function playedDays(
  db: Db,
  days: DayReader,
  { orgId, personIds, date }: { orgId: string; personIds: readonly string[]; date: string },
): Promise<PlayedDay[]> {
  const zones = await db.many<{ personId: string; zone: string }>(sql`
    select p.id as "personId", coalesce(p.zone, o.zone) as zone
    from people p
      join orgs o on o.id = ${orgId}
    where p.org_id = ${orgId} and p.id = any (${personIds}::text[])
    order by p.id`)
  const played: PlayedDay[] = []
  for (const { personId, zone } of zones) {
    const key = { orgId, personId, date }
    const { segments } = await days.read(key, zone)
    if (segments.length > 0)
      played.push({
        personId,
        pieces: segments.map(pieceOf),
        path: await pathOf(db, key, segments),
      })
  }
  return played
}

const pieceOf = ({ kind, from, to, place, customerId, reason }: Segment): ReplayPiece => ({
  ...{ kind, from, to },
  ...(place && { at: [place.lng, place.lat] }),
  ...(place?.name && { name: place.name }),
  ...(customerId !== undefined && { customerId }),
  ...(reason && { reason }),
})

async function pathOf(db: Db, key: DayKey, segments: readonly Segment[]): Promise<number[]> {
  const moves = segments.filter(({ kind }) => kind === 'move')
  const [first, last] = [moves[0], moves.at(-1)]
  if (!first || !last) return []
  const fixes = await listFixes(db, key, { from: first.from, to: last.to + 1 })
  const used = clean(fixes).flatMap((each) => (each.used ? [each.fix] : []))
  const within = moves.flatMap(
    ({ from, to }) =>
    thinByTime(used.filter(({ at }) => at >= from && at <= to), TOLERANCE_METRES), // prettier-ignore
  )
  return encodePath(within)
}
