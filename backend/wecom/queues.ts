import type { Db } from '../core/db.ts'
import type { Kit } from '../core/kit.ts'
import { countedBy, type Queue } from '../core/queues.ts'
import { sql } from '../core/sql.ts'

/** What waits between us and WeCom: messages of their quiet hours, cards, cards to be closed, callbacks, punches. */
export function wecomQueues({ db, clock }: Pick<Kit, 'db' | 'clock'>, orgId: string): Queue[] {
  return [
    { name: 'messages', read: () => countMessages(db, orgId, clock.now()) },
    { name: 'cards', read: () => countCards(db, orgId) },
    { name: 'card_closings', read: () => countClosings(db, orgId, clock.now()) },
    { name: 'callbacks', read: () => countEvents(db, orgId) },
    { name: 'punches', read: () => countPunches(db, orgId) },
  ]
}

/** Those that keep quiet hours wait, and are not late. */
const countMessages = (db: Db, orgId: string, now: number) =>
  countedBy(
    db,
    sql`
    select count(*)::int as waiting,
      min(m.due_at) filter (where m.due_at <= to_timestamp(${now}::float8 / 1000)) as since
    from wecom_messages m
    where m.org_id = ${orgId} and m.card_id is null and m.closed is null`,
  )

const countCards = (db: Db, orgId: string) =>
  countedBy(
    db,
    sql`
    select w.waiting, w.since, f.dead
    from
      (select count(*)::int as waiting, min(c.created_at) as since from wecom_cards c
        where c.org_id = ${orgId} and c.state = 'waiting') w,
      (select count(*)::int as dead from wecom_cards g
        where g.org_id = ${orgId} and g.state = 'failed') f`,
  )

const countClosings = (db: Db, orgId: string, now: number) =>
  countedBy(
    db,
    sql`
    select count(*)::int as waiting,
      min(c.close_next_at) filter (where c.close_next_at <= to_timestamp(${now}::float8 / 1000)) as since
    from wecom_cards c
    where c.org_id = ${orgId} and c.close_state = 'waiting'`,
  )

const countEvents = (db: Db, orgId: string) =>
  countedBy(
    db,
    sql`
    select w.waiting, w.since, f.dead
    from
      (select count(*)::int as waiting, min(e.received_at) as since from wecom_events e
        where e.org_id = ${orgId} and e.due_at is not null) w,
      (select count(*)::int as dead from wecom_events g
        where g.org_id = ${orgId} and g.outcome = 'failed') f`,
  )

const countPunches = (db: Db, orgId: string) =>
  countedBy(
    db,
    sql`
    select w.waiting, w.since, f.dead
    from
      (select count(*)::int as waiting, min(p.created_at) as since from wecom_punches p
        where p.org_id = ${orgId} and p.state in ('waiting', 'sending', 'doubtful')) w,
      (select count(*)::int as dead from wecom_punches g
        where g.org_id = ${orgId} and g.state = 'given_up') f`,
  )
