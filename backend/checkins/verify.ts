import type { Db } from '../core/db.ts'
import { sql } from '../core/sql.ts'
import { GENESIS, verifyDay, type Break, type ChainDay, type StoredLink } from './chain.ts'
import { LINK, type Link } from './queries.ts'

export interface DateRange {
  from: string // YYYY-MM-DD, of the arrival
  to: string // included
}

export interface VerifiedChain {
  days: number
  links: number
  erased: number // of the links, whose person was erased: they hold the chain, their content is gone
  broken: Break | null // the first
  head: ChainDay | null // the newest day
}

/** The newest link of the newest day of a range, for exports: who has it can tell later whether anything was changed. */
export const chainHead = (db: Db, orgId: string, range?: DateRange) =>
  db.first<ChainDay>(sql`
    select ${DAY}
    from checkin_chains k
    where k.org_id = ${orgId} and ${within(range)}
    order by k.chain_date desc
    limit 1`)

const DAY = sql`k.chain_date as date, k.seq, k.head, k.origin`

const within = (range: DateRange | undefined) =>
  range ? sql`k.chain_date >= ${range.from}::date and k.chain_date <= ${range.to}::date` : sql`true`

/**
 * Follows the chain of a company day by day, and stops at the first link that is gone, changed or out
 * of order. Reads one day at a time.
 */
export async function verifyChain(
  db: Db,
  orgId: string,
  range?: DateRange,
): Promise<VerifiedChain> {
  const days = await listDays(db, orgId)
  let before: ReadonlySet<string> = new Set([GENESIS])
  const result: VerifiedChain = { days: 0, links: 0, erased: 0, broken: null, head: null }
  for (const day of days) {
    const isAsked = !range || (day.date >= range.from && day.date <= range.to)
    const links = await listLinks(db, orgId, day.date)
    if (isAsked) {
      result.broken = verifyDay(day, links, before)
      if (result.broken) return result
      result.days++
      result.links += links.length
      result.erased += links.filter(({ erased }) => erased).length
      result.head = day
    }
    before = new Set([day.origin, ...links.map(({ hash }) => hash)])
  }
  return result
}

/** Every day that has links or a head: one of the two alone is a break. */
async function listDays(db: Db, orgId: string): Promise<ChainDay[]> {
  return db.many<ChainDay>(sql`
    select d.date, coalesce(k.seq, 0) as seq, coalesce(k.head, '') as head, coalesce(k.origin, '') as origin
    from (
      select k.chain_date as date from checkin_chains k where k.org_id = ${orgId}
      union
      select c.chain_date as date from checkins c where c.org_id = ${orgId}
    ) d
      left join checkin_chains k on k.org_id = ${orgId} and k.chain_date = d.date
    order by d.date`)
}

async function listLinks(db: Db, orgId: string, date: string): Promise<StoredLink[]> {
  const rows = await db.many<Link & { erased: boolean }>(sql`
    select ${LINK}, c.erased_at is not null and exists (
      select from erasures e
      where e.org_id = ${orgId} and e.person_id = c.person_id) as erased
    from checkins c
    where c.org_id = ${orgId} and c.chain_date = ${date}::date
    order by c.seq`)
  return rows.map(({ prev, hash, erased, ...content }) => ({
    ...{ chainDate: content.chainDate, seq: content.seq, prev, hash, content, erased },
  }))
}
