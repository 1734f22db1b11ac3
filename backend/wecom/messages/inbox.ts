import { z } from 'zod'
import { Messages, type Message } from '../../contract/messages.ts'
import type { Db } from '../../core/db.ts'
import type { Kit } from '../../core/kit.ts'
import { route, signedIn, type Route, type Viewer } from '../../core/http/route.ts'
import { sql } from '../../core/sql.ts'

const PAGE = 100

/** What WeCom told me, or could not: every message, also those that shared a card. */
export function inboxRoute(kit: Pick<Kit, 'db'>): Route {
  return route({
    method: 'GET',
    path: '/api/v1/messages',
    summary: 'My messages, newest first; `card` those of one card, `before` the next page',
    query: z.object({ card: z.uuid().optional(), before: z.uuid().optional() }),
    reply: Messages,
    allow: signedIn,
    run: async ({ viewer, query }) => {
      const found = await listMessages(kit.db, viewer, query)
      const messages = found.slice(0, PAGE)
      return { messages, next: found.length > PAGE ? (messages.at(-1)?.id ?? null) : null }
    },
  })
}

/** Ids are made in the order of time, so a page begins below the last one of the page before. */
const listMessages = (
  db: Db,
  viewer: Viewer,
  { card, before }: { card?: string | undefined; before?: string | undefined },
) =>
  db.many<Message>(sql`
    select m.id, m.topic, m.title, m.text, m.path, m.created_at as at, m.closed,
      coalesce(c.state, 'waiting') as delivery
    from wecom_messages m
      left join wecom_cards c on c.org_id = ${viewer.orgId} and c.person_id = ${viewer.id}
        and c.id = m.card_id
    where m.org_id = ${viewer.orgId} and m.person_id = ${viewer.id}
      and (${card ?? null}::uuid is null or m.card_id = ${card ?? null}::uuid)
      and (${before ?? null}::uuid is null or m.id < ${before ?? null}::uuid)
    order by m.id desc
    limit ${PAGE + 1}`)
