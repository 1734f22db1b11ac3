import type { WebhookEventType } from '../contract/webhooks.ts'
import type { Kit } from '../core/kit.ts'
import type { Db } from '../core/db.ts'
import { episodesOf, nextLook, type Episode } from './episodes.ts'
import type { PersonDate } from './queries.ts'
import { reconcile, type Changes, type KnownAlert } from './reconcile.ts'
import { gather, keyOf, type Look } from './scene.ts'
import { applyChanges, holdPerson, listKnown, type Raised } from './store.ts'
import { closeAlert, isNews, tellAlert } from './tell.ts'
import { enqueueEvent } from './webhooks/enqueue.ts'

export type Means = Pick<Kit, 'db' | 'clock' | 'notify' | 'facts'>

const NEW_MS = 2 * 86_400_000 // of older days nothing is raised any more; what was told of them still follows the facts

/**
 * Looks at person-days: raises, changes and withdraws alerts so that they say what the facts say.
 * @returns for each day when time alone changes something next; null: only facts can
 */
export async function lookAt(
  means: Means,
  orgId: string,
  days: readonly PersonDate[],
): Promise<Map<string, number | null>> {
  const now = means.clock.now()
  const looks = await gather(means.db, orgId, { days, now })
  const known = groupOf(await listKnown(means.db, orgId, days))
  const next = new Map<string, number | null>()
  for (const look of looks) {
    const key = keyOf(look.row)
    const episodes = episodesOf(look.rules, look.scene)
    if (isWork(changesOf(known.get(key) ?? [], episodes, { date: look.row.date, now })))
      await settle(means, orgId, { look, episodes, now })
    next.set(key, nextLook(look.rules, look.scene))
  }
  return next
}

function changesOf(
  known: readonly KnownAlert[],
  episodes: readonly Episode[],
  { date, now }: { date: string; now: number },
): Changes {
  const changes = reconcile(known, episodes, now)
  return Date.parse(date) > now - NEW_MS ? changes : { ...changes, raise: [] }
}

const isWork = ({ raise, change, withdraw }: Changes) =>
  raise.length + change.length + withdraw.length > 0

interface Settling {
  look: Look
  episodes: readonly Episode[]
  now: number
}

/** In one transaction with the messages; what another process did meanwhile is seen under the person's lock. */
async function settle(means: Means, orgId: string, { look, episodes, now }: Settling) {
  const { row, rules } = look
  const key = { orgId, personId: row.personId, date: row.date, now }
  const touched = await means.db.transact(async (tx) => {
    await holdPerson(tx, orgId, row.personId)
    const known = await listKnown(tx, orgId, [row])
    const changes = changesOf(known, episodes, key)
    const raised = await applyChanges(tx, key, changes, rules)
    for (const each of raised)
      if (isNews(each, now))
        await tellAlert(means.notify, tx, { ...key, id: each.id, said: saidOf(look, each) })
    await closeCards(means, tx, key, { changes, known })
    for (const { id, type } of eventsOf(raised, changes, known))
      await enqueueEvent(tx, { ...key, id }, type)
    return [...raised, ...changes.change, ...changes.withdraw.map((id) => ({ id }))]
  })
  for (const { id } of touched)
    means.facts.publish('alertChanged', { orgId, personId: row.personId, id })
}

const saidOf = ({ row }: Look, { kind, since, until, urgent, digest, detail }: Raised) => ({
  ...{ kind, since, until, urgent, digest },
  name: row.name,
  zone: row.zone,
  minutes: typeof detail.minutes === 'number' ? detail.minutes : null,
  note: String(detail.note ?? ''),
}) // prettier-ignore

async function closeCards(
  { notify }: Means,
  tx: Db,
  key: { orgId: string; personId: string; now: number },
  { changes, known }: { changes: Changes; known: readonly KnownAlert[] },
) {
  const open = new Set(known.filter(({ until }) => until === null).map(({ id }) => id))
  for (const { id, episode } of changes.change)
    if (episode.until !== null && open.has(id))
      await closeAlert(notify, tx, { ...key, id }, '已结束 Over')
  for (const id of changes.withdraw)
    await closeAlert(
      notify,
      tx,
      { ...key, id },
      '后来的记录表明并非如此 Later records say otherwise',
    )
}

/** What other systems hear of: that it came up, and each time it ended or did not after all. */
function eventsOf(
  raised: readonly Raised[],
  { change, withdraw }: Changes,
  known: readonly KnownAlert[],
): { id: string; type: WebhookEventType }[] {
  const lasted = new Map(known.map(({ id, until }) => [id, until === null]))
  const resolved = (id: string) => ({ id, type: 'alert.resolved' as const })
  return [
    ...raised.map(({ id }) => ({ id, type: 'alert.raised' as const })),
    ...raised.filter(({ until }) => until !== null).map(({ id }) => resolved(id)),
    ...change
      .filter(({ id, episode }) => (episode.until === null) !== lasted.get(id))
      .map(({ id, episode }) =>
        episode.until === null ? { id, type: 'alert.reopened' as const } : resolved(id),
      ),
    ...withdraw.map(resolved),
  ]
}

function groupOf(rows: readonly (KnownAlert & PersonDate)[]): Map<string, KnownAlert[]> {
  const found = new Map<string, KnownAlert[]>()
  for (const row of rows) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), row])
  return found
}
